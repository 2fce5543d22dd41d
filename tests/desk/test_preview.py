"""The preview is the page that will be public, to the letter; and nothing of it stays, or is there for whoever has no link."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.publishing import working_copies
from conference_site.publishing.models import FormerSlug, PreviewLink, Revision
from conference_site.search.models import SearchEntry
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Announcement, Conference, Goal, Page, QuestionPageLink, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import send
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db

TEXTS = {  # of each kind, what an editor changes; its headline is changed in any case
    Announcement: {"level": "urgent", "link": "/ar/goals/", "link_text_ar": "المزيد"},
    Conference: {"starts_on": "2027-05-01", "ends_on": "2027-05-03", "venue_ar": "الرياض", "introduction_ar": "<p>مقدمة</p>"},
    Document: {"description_ar": "وصف"},
    Goal: {"summary_ar": "خلاصة", "body_ar": "<p>نص</p>", "slug": "new-address"},
    LearningCity: {"latitude": 24.7, "longitude": 46.7, "body_en": "<p>Text</p>"},
    NewsItem: {"summary_en": "In short", "body_ar": "<h2>عنوان</h2><p>نص</p>", "event_on": "2026-02-03"},
    Organisation: {"acronym_en": "ORG", "is_partner": True, "description_en": "<p>Text</p>"},
    Page: {"body_ar": "<p>نص</p>", "slug": "new-address"},
    Partnership: {"standing": "active", "agreed_ar": "<p>ما اتفق عليه</p>"},
    ResearchQuestion: {"question_en": "What?", "body_ar": "<p>نص</p>"},
}
BOTH = ["ar", "en"]


def change(item, **fields) -> None:
    """Save a draft of the item, as its form would."""
    data = working_copies.working_copy(item)
    working_copies.save(item, data | {"fields": data["fields"] | fields})


def edit(item) -> None:
    change(item, **{f"{item.headline}_{code}": f"Edited {code}" for code in BOTH} | TEXTS[type(item)])


def framed(client, item, language: str, **query) -> str:
    response = client.get(address(item, "preview/framed"), {"language": language} | query)
    assert response.status_code == 200
    return page_of(response)


def public(item, language: str, page: str = "") -> str:
    response = Client().get(page or (item.url_in(language) if hasattr(item, "url_in") else f"/{language}/"))
    assert response.status_code == 200
    return page_of(response)


def page_of(response) -> str:
    """The page without what a frame adds, and without the moments at which it was published and changed."""
    html = response.content.decode().replace('<base target="_blank">', "")
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "", html)


def make_link(desk, item, days: int = 7) -> str:
    """The path of a new link, in English."""
    html = desk.post(address(item, "preview"), {"days": days}).content.decode()
    return re.search(r'id="new-link" value="http://localhost:8000(/en/preview/[\w-]{32}/)"', html)[1]


@pytest.mark.parametrize(("model", "was"), [*((model, BOTH) for model in TEXTS), (NewsItem, []), (NewsItem, ["ar"])])
def test_the_preview_is_the_page_that_publishing_makes_public(desk, model, was):
    make(Goal)
    make(NewsItem)
    if model is not Conference:
        make(Conference, starts_on="2027-01-01")
    item = make(model, public=was, **({"file_ar": "documents/a.pdf"} if model is Document else {}))
    edit(item)
    pages = dict.fromkeys(BOTH, "")
    if model is Conference:
        pages = {code: f"/{code}/conference/" for code in BOTH}
    shown = {code: framed(desk, item, code) for code in BOTH}
    listed = framed(desk, item, "ar", place=1)
    working_copies.publish(reread(item), BOTH)
    item = reread(item)
    assert shown == {code: public(item, code, page) for code, page in pages.items()}
    assert "Edited" in shown["ar"]
    if model is not Announcement:
        lists = {Organisation: "organisations/", Document: "documents/"}
        assert listed == public(item, "ar", f"/ar/{lists.get(model, '')}")


def test_a_changed_date_is_shown_as_changed(desk):
    """What publishing does by itself is done for the preview too."""
    conference = make(Conference, starts_on="2027-01-01", ends_on="2027-01-02", phase="postponed")
    change(conference, starts_on="2027-05-01", ends_on="2027-05-02")
    shown = framed(desk, conference, "en")
    working_copies.publish(conference, BOTH)
    assert (shown, "2027-01-01" in shown or "January" in shown) == (public(conference, "en", "/en/conference/"), True)


def test_a_preview_changes_nothing(desk, client):
    question, page = make(ResearchQuestion), make(Page)
    QuestionPageLink.objects.create(question=question, page=page)
    data = working_copies.working_copy(question)
    new = {"pk": 1000, "page_id": page.pk, "note_ar": "صلة", "note_en": ""}
    working_copies.save(
        question, {"fields": data["fields"] | {"title_en": "Edited"}, "links": {}, "parts": {"page_links": [new]}}
    )

    def everything():
        rows = [model.objects.order_by("pk").values() for model in (ResearchQuestion, QuestionPageLink, Revision, SearchEntry)]
        return [list(values) for values in rows], FormerSlug.objects.count(), LogEntry.objects.count()

    before = everything()
    assert "صلة" in framed(desk, question, "ar")
    assert "Edited" in framed(desk, question, "en")
    assert everything() == before
    for path in (question.url_in("en"), "/en/", "/en/questions/", "/en/search/?q=edited", "/sitemap-lists.xml"):
        assert "Edited" not in client.get(path).content.decode()


def test_nothing_stays_when_rendering_fails(desk, monkeypatch):
    goal = make(Goal)
    edit(goal)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("pages.views.render", fail)
    with pytest.raises(RuntimeError):
        desk.get(address(goal, "preview/framed"))
    assert reread(goal).title_en == goal.title_en


@pytest.mark.parametrize(
    "dates",
    [
        {"publish_at": timedelta(days=3)},
        {"publish_at": timedelta(days=-3), "expires_at": timedelta(days=-1)},
        {"publish_at": timedelta(days=-3), "expires_at": timedelta(days=3)},
    ],
    ids=["scheduled", "expired", "expiring"],
)
def test_whatever_its_dates_are(desk, dates):
    columns = {f"{name}_{code}": timezone.now() + away for name, away in dates.items() for code in BOTH}
    goal = make(Goal, public=[], **columns)
    assert goal.title_ar in framed(desk, goal, "ar")


def test_a_language_without_a_text_shows_what_the_public_would_see(desk):
    goal = make(Goal, public=[], title_en="", body_ar="<p>نص</p>")
    shown = framed(desk, goal, "en")
    assert "shown in Arabic" in shown
    working_copies.publish(goal, ["ar"])
    assert shown == public(goal, "en")


def test_an_item_whose_relations_are_deleted(desk):
    news, goal, topic = make(NewsItem), make(Goal), make(Topic, name_ar="موضوع")
    news.goal_links.create(goal=goal)
    news.topics.add(topic)
    change(news, title_en="Edited")
    working_copies.delete(goal)
    topic.delete()
    shown = framed(desk, news, "en")
    assert ("Edited" in shown, goal.title_en in shown) == (True, False)


def test_an_address_that_another_item_has_taken_since(desk):
    goal = make(Goal, slug="mine")
    change(goal, slug="wanted", title_en="Edited")
    make(Goal, slug="wanted")
    assert "Edited" in framed(desk, goal, "en")


def test_a_draft_that_contradicts_itself_is_refused_in_words(desk):
    conference = make(Conference)
    change(conference, starts_on="2027-05-02", ends_on="2027-05-01")
    response = desk.get(address(conference, "preview/framed"), {"language": "en"})
    assert (response.status_code, "This draft cannot be shown yet" in response.content.decode()) == (409, True)
    assert reread(conference).ends_on is None


def test_nobody_keeps_or_finds_a_preview_and_only_the_desk_frames_it(desk, client):
    goal = make(Goal)
    link = client.get(make_link(desk, goal))
    frame = desk.get(address(goal, "preview/framed"), {"language": "ar"})
    for response in (link, frame, client.get("/en/preview/no-such-token/")):
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    assert (frame["X-Frame-Options"], "frame-ancestors 'self'" in frame["Content-Security-Policy"]) == ("SAMEORIGIN", True)
    assert (link["X-Frame-Options"], "frame-ancestors 'none'" in link["Content-Security-Policy"]) == ("DENY", True)
    assert (frame["Content-Language"], link.cookies, link.headers.get("Vary")) == ("ar", {}, "Accept-Encoding")
    page = desk.get(address(goal, "preview"))
    assert (page["X-Frame-Options"], "frame-src 'self'" in page["Content-Security-Policy"]) == ("DENY", True)


def test_the_page_knows_nothing_of_who_asks(desk):
    goal = make(Goal)
    edit(goal)
    assert framed(desk, goal, "ar") == page_of(desk.get(address(goal, "preview/framed", "ar"), headers={"accept-language": "en"}))


def test_who_may_look_and_who_may_hand_out_links():
    goal = make(Goal)
    seen = {}
    viewer, nobody = make_user(), make_user()
    viewer.user_permissions.add(Permission.objects.get(codename="view_goal"))
    for name, user in {"organiser": make_user("organiser"), "viewer": viewer, "nobody": nobody, "stranger": None}.items():
        client = Client()
        if user:
            client.force_login(user)
        page = address(goal, "preview")
        answers = [
            client.get(page),
            client.get(f"{page}framed/"),
            client.post(page, {"days": "1"}),
            client.post(page, {"_end": "1"}),
        ]
        seen[name] = [response.status_code for response in answers]
    assert seen == {
        "organiser": [200, 200, 200, 302],
        "viewer": [200, 200, 403, 403],
        "nobody": [403, 403, 403, 403],
        "stranger": [302, 302, 302, 302],
    }


def test_what_is_not_there_leads_back_in_words(desk):
    goal = make(Goal)
    link = make_link(desk, goal)
    working_copies.delete(goal)
    answers = [desk.get(address(goal, view)) for view in ("preview", "preview/framed")]
    assert [(response.status_code, response["Location"]) for response in answers] == [(302, "/en/admin/")] * 2
    assert Client().get(link).status_code == 404
    working_copies.restore(goal)
    assert Client().get(link).status_code == 200
    working_copies.purge(goal)
    assert PreviewLink.objects.count() == 0


def test_the_button_saves_and_leads_to_the_preview(desk):
    goal = make(Goal)
    assert f'href="{address(goal, "preview")}"' in desk.get(address(goal)).content.decode()
    response = send(desk, address(goal), "_preview", title_en="Edited")
    assert (response["Location"], reread(goal).title_en) == (address(goal, "preview"), goal.title_en)
    assert said(response) == ["Draft saved. What the public sees has not changed; it changes when the draft is published."]
    assert "Edited" in framed(desk, goal, "en")
    new = send(desk, "/en/admin/pages/goal/add/", "_preview", title_ar="هدف")
    assert new["Location"] == address(Goal.objects.latest("pk"), "preview")


def test_what_is_shown_is_chosen_by_the_address(desk):
    goal = make(Goal)

    def frames(**query) -> list[str]:
        return re.findall(r'<iframe src="[^"]*\?([^"]*)"', desk.get(address(goal, "preview"), query).content.decode())

    both = ["language=ar&amp;place=0", "language=en&amp;place=0"]
    assert frames() == frames(language="xx", width="y", place="7") == both
    assert frames(language="en", place="1") == ["language=en&amp;place=1"]
    assert "frames-desktop" in desk.get(address(goal, "preview"), {"width": "desktop"}).content.decode()


def test_a_link_shows_the_newest_draft_in_every_language_with_a_notice(desk, client):
    goal = make(Goal, public=[])
    link = make_link(desk, goal)
    change(goal, title_en="Newest", title_ar="الأحدث")
    english, arabic = client.get(link), client.get(link.replace("/en/", "/ar/"))
    assert (english.status_code, arabic.status_code) == (200, 200)
    assert ("Newest" in english.content.decode(), "الأحدث" in arabic.content.decode()) == (True, True)
    assert "This link ends on" in english.content.decode()
    assert f'href="{link.replace("/en/", "/ar/")}"' in english.content.decode()
    assert client.get(goal.url_in("en")).status_code == 404


def test_a_new_link_stands_above_all_else_with_ways_to_hand_it_on(desk):
    html = page_of(desk.post(address(make(Goal), "preview"), {"days": "7"}))
    order = [
        html.index(part) for part in ('id="new-link"', 'data-copies="new-link"', "Send by WhatsApp", "<iframe", 'id="make-link"')
    ]
    assert order == sorted(order)
    assert "autofocus" in re.search(r'<input id="new-link"[^>]*>', html)[0]


def test_a_link_leads_nowhere_once_it_has_ended(desk, client, administrator):
    goal, other = make(Goal), make(Goal)
    first, second, kept = make_link(desk, goal, 1), make_link(desk, goal, 30), make_link(desk, other)

    def answers() -> list[int]:
        return [client.get(link).status_code for link in (first, second, kept)]

    assert answers() == [200, 200, 200]
    PreviewLink.objects.filter(expires_at__lt=timezone.now() + timedelta(days=2)).update(expires_at=timezone.now())
    assert answers() == [404, 200, 200]
    assert said(desk.post(address(goal, "preview"), {"_end": "1"})) == ["All preview links of this item have ended."]
    assert answers() == [404, 404, 200]
    administrator.is_active = False
    administrator.save()
    assert answers() == [404, 404, 404]
    wrong = [client.get(path).content for path in (first, kept, "/en/preview/no-such-token/", f"{kept[:-2]}/")]
    assert [b"This link shows nothing any more" in page for page in wrong] == [True] * 4


def test_a_link_lasts_as_long_as_was_chosen_and_its_token_is_kept_nowhere(desk):
    goal = make(Goal)
    links = {days: make_link(desk, goal, days) for days in (1, 7, 30)}
    rows = list(PreviewLink.objects.order_by("pk").values())
    assert [round((row["expires_at"] - timezone.now()) / timedelta(days=1)) for row in rows] == [1, 7, 30]
    assert not [link for link in links.values() if link.split("/")[3] in str(rows)]
    assert desk.post(address(goal, "preview"), {"days": "365"}).status_code == 302
    assert PreviewLink.objects.count() == 3
    assert LogEntry.objects.filter(change_message__startswith="Made a preview link").count() == 3


def test_what_a_preview_costs(desk):
    goal = make(Goal)
    edit(goal)
    desk.get(address(goal, "preview"))
    counted = {}
    for view in ("preview", "preview/framed"):
        with CaptureQueriesContext(connection) as context:
            desk.get(address(goal, view))
        counted[view] = len(context)
    assert max(counted.values()) <= 30, counted
