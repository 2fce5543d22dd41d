"""What the buttons of a form do: saving keeps a draft, publishing is an act of its own, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.media.models import Image
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision, State
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic
from pages.models import Announcement, Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Milestone, Organisation, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import fields_of, in_form, send

pytestmark = pytest.mark.django_db

CONTENT = (Announcement, Conference, Goal, LearningCity, NewsItem, Organisation, Page, Partnership, ResearchQuestion)


def address(item, view: str = "change", language: str = "en") -> str:
    meta = item._meta
    return f"/{language}/admin/{meta.app_label}/{meta.model_name}/{item.pk}/{view}/"


def said(response) -> list[str]:
    """The messages that the next page will show."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def draft(item) -> dict:
    return working_copies.working_copy(item)["fields"]


def test_saving_keeps_a_draft_and_says_that_the_public_page_is_as_it_was(desk, client):
    goal = make(Goal, title_en="Live")
    response = send(desk, address(goal), title_en="Edited")
    assert (response.status_code, response["Location"]) == (302, address(goal))
    assert said(response) == ["Draft saved. What the public sees has not changed; it changes when the draft is published."]
    assert (reread(goal).title_en, draft(goal)["title_en"]) == ("Live", "Edited")
    assert b"Edited" not in client.get("/en/goals/").content
    assert in_form(desk.get(address(goal)), "goal_form", "title_en") == ["Edited"]


def test_what_was_never_public_is_said_to_be_so(desk):
    response = send(desk, "/en/admin/pages/goal/add/", title_ar="هدف")
    goal = Goal.objects.get()
    assert (response["Location"], said(response)) == (address(goal), ["Draft saved. Nothing of it is public yet."])
    assert reread(goal).state("ar") == State.UNPUBLISHED


def test_save_and_close_leads_back_to_the_list(desk):
    response = send(desk, address(make(Goal)), "_save", title_en="Edited")
    assert response["Location"] == "/en/admin/pages/goal/"


def test_save_and_publish_leads_to_the_question_what_to_publish(desk):
    goal = make(Goal, title_en="Live")
    response = send(desk, address(goal), "_publish", title_en="Edited")
    assert (response["Location"], reread(goal).title_en) == (address(goal, "publish"), "Live")


@pytest.mark.parametrize("model", CONTENT)
def test_saving_without_a_change_leaves_no_revision_and_no_entry_in_the_log(desk, model):
    item = make(model, public=[])
    working_copies.publish(item, ["ar", "en"])
    before = (Revision.objects.count(), LogEntry.objects.count())
    response = send(desk, address(item))
    assert (response.status_code, said(response)) == (302, ["Nothing has changed since the last save."])
    assert (Revision.objects.count(), LogEntry.objects.count()) == before


def test_saving_twice_leaves_two_revisions_of_which_the_newest_counts(desk):
    goal = make(Goal)
    send(desk, address(goal), title_en="First")
    send(desk, address(goal), title_en="Second", summary_ar="خلاصة")
    assert [revision.data["fields"]["title_en"] for revision in working_copies.revisions_of(goal)] == ["Second", "First"]
    assert Revision.objects.first().author == desk.get(address(goal)).context["user"]


def test_an_error_keeps_everything_typed_in_both_languages_and_in_the_parts(desk):
    partnership, goal = make(Partnership), make(Goal)
    milestone = Milestone.objects.create(partnership=partnership, text_ar="محطة", date="2024")
    typed = {
        "title_ar": "عنوان جديد",
        "title_en": "",
        "agreed_en": "<p>New <strong>text</strong></p>",
        "slug": "not a slug!",
        "milestones-0-text_en": "A step",
        "milestones-0-date": "2024-13",
        "goal_links-TOTAL_FORMS": "1",
        "goal_links-0-goal": str(goal.pk),
        "goal_links-0-note_ar": "ملاحظة",
    }
    before = (Revision.objects.count(), reread(milestone).date)
    response = send(desk, address(partnership), **typed)
    shown = fields_of(response, "partnership_form")
    assert (response.status_code, {name: shown[name][0] for name in typed}) == (200, typed)
    assert b"Write a date as 2024-08-18" in response.content
    assert (Revision.objects.count(), reread(milestone).date) == before


def test_an_error_on_adding_keeps_everything_too(desk):
    typed = {"summary_ar": "خلاصة", "body_en": "<p>Text</p>", "event_on": "٢٠٢٤-٠٨-١٨", "source_url": "no address"}
    response = send(desk, "/ar/admin/news/newsitem/add/", **typed)
    shown = fields_of(response, "newsitem_form")
    assert (response.status_code, NewsItem.objects.count()) == (200, 0)
    assert {name: shown[name][0] for name in typed} == typed | {"event_on": "2024-08-18"}


def test_links_and_references_are_part_of_the_working_copy(desk):
    item, city = make(NewsItem), make(LearningCity)
    organisation, partnership, topic = make(Organisation), make(Partnership), Topic.objects.create(slug="t", name_en="T")
    image = Image.objects.create(alternative_text_en="A picture")
    chosen = {"organisations": [organisation.pk], "partnerships": [partnership.pk], "topics": [topic.pk], "image": image.pk}
    send(desk, address(item), **chosen)
    send(desk, address(city), partnership=partnership.pk)
    live = reread(item)
    assert (list(live.organisations.all()), list(live.topics.all()), live.image, reread(city).partnership) == ([], [], None, None)
    form = desk.get(address(item))
    assert in_form(form, "newsitem_form", "organisations") == [str(organisation.pk)]
    assert in_form(form, "newsitem_form", "image") == [str(image.pk)]
    working_copies.publish(item, ["ar"])
    working_copies.publish(city, ["en"])
    live = reread(item)
    assert (list(live.organisations.all()), list(live.partnerships.all()), list(live.topics.all())) == (
        [organisation],
        [partnership],
        [topic],
    )
    assert (live.image, reread(city).partnership) == (image, partnership)


def test_a_part_lives_in_the_working_copy_until_it_is_published(desk):
    """A new milestone is saved, edited, published and deleted, always under the primary key that it was given first."""
    partnership = make(Partnership)
    new = {"milestones-TOTAL_FORMS": "1", "milestones-0-text_ar": "محطة", "milestones-0-order": "0", "milestones-0-date": ""}
    send(desk, address(partnership), **new)
    assert Milestone.objects.count() == 0
    [pk] = in_form(desk.get(address(partnership)), "partnership_form", "milestones-0-id")

    send(desk, address(partnership), **{"milestones-0-text_ar": "محطة محرَّرة", "milestones-0-date": "2024-08"})
    assert Milestone.objects.count() == 0
    assert in_form(desk.get(address(partnership)), "partnership_form", "milestones-0-id") == [pk]

    working_copies.publish(partnership, ["ar"])
    milestone = Milestone.objects.get()
    assert (str(milestone.pk), milestone.text_ar, milestone.date) == (pk, "محطة محرَّرة", "2024-08")

    send(desk, address(partnership), **{"milestones-0-DELETE": "on"})
    assert Milestone.objects.get() == milestone
    working_copies.publish(partnership, ["en"])
    assert Milestone.objects.count() == 0


def test_an_announcement_is_published_by_its_one_form(desk, client):
    response = send(desk, "/en/admin/pages/announcement/add/", "_publish", message_ar="إعلان", link_ar="/ar/goals/")
    assert (response.status_code, said(response)) == (302, ["Published: Arabic."])
    announcement = reread(Announcement.objects.get())
    assert (announcement.state("ar"), announcement.state("en")) == (State.PUBLIC, State.UNPUBLISHED)
    assert "إعلان" in client.get("/ar/").content.decode()


def test_an_announcement_that_cannot_be_published_stays_saved_and_says_why(desk):
    yesterday = timezone.localdate() - timedelta(days=1)
    ends = {"expires_at_ar_0": str(yesterday), "expires_at_ar_1": "10:00"}
    response = send(desk, "/en/admin/pages/announcement/add/", "_publish", message_ar="إعلان", **ends)
    announcement = reread(Announcement.objects.get())
    assert response["Location"] == address(announcement)
    assert said(response) == ["The draft is saved, but not published. The end of publication is already past: Arabic."]
    assert announcement.state("ar") == State.UNPUBLISHED


def test_the_form_warns_that_what_languages_share_is_published_with_any(desk):
    assert b"belongs to all languages" in desk.get(address(make(Conference))).content


def test_view_on_site_is_offered_where_there_is_a_public_page(desk):
    public, hidden = make(Goal, public=["ar"]), make(Goal, public=[])
    assert f'href="/en/goals/{public.slug}/" class="viewsitelink"' in desk.get(address(public)).content.decode()
    assert b"viewsitelink" not in desk.get(address(hidden)).content


def test_view_on_site_leads_to_the_live_address(desk):
    goal = make(Goal, slug="live")
    send(desk, address(goal), slug="draft")
    assert 'href="/en/goals/live/" class="viewsitelink"' in desk.get(address(goal)).content.decode()
    assert desk.post(address(goal), {}).status_code == 200


@pytest.mark.parametrize("texts", [{}, {"milestones-0-text_ar": "  "}])
def test_a_milestone_needs_a_text_in_one_language(desk, texts):
    partnership = make(Partnership)
    new = {"milestones-TOTAL_FORMS": "1", "milestones-0-order": "0", "milestones-0-date": "2024"}
    response = send(desk, address(partnership), **new, **texts)
    errors = response.context["inline_admin_formsets"][0].formset.errors
    said = ["At least one language needs a text here."]
    assert (response.status_code, errors) == (200, [{"text_ar": said}])


def test_a_draft_of_an_announcement_with_dates_is_not_published(client):
    """Whoever may not publish types dates and saves: nothing becomes public, neither on adding nor later."""
    author = make_user(None)
    rights = Permission.objects.filter(codename__in=["add_announcement", "change_announcement", "view_announcement"])
    author.user_permissions.set(rights)
    client.force_login(author)
    yesterday = timezone.localdate() - timedelta(days=1)
    dates = {"publish_at_ar_0": str(yesterday), "publish_at_ar_1": "10:00"}
    send(client, "/en/admin/pages/announcement/add/", message_ar="إعلان", **dates)
    announcement = reread(Announcement.objects.get())
    assert (announcement.state("ar"), announcement.publish_at_ar) == (State.UNPUBLISHED, None)
    response = send(client, address(announcement), message_ar="إعلان محرَّر")
    assert said(response)[-1] == "Draft saved. Nothing of it is public yet."
    announcement = reread(announcement)
    assert (announcement.state("ar"), announcement.message_ar) == (State.UNPUBLISHED, "إعلان محرَّر")
    form = client.get(address(announcement))
    assert {name: in_form(form, "announcement_form", name)[0] for name in dates} == dates | {"publish_at_ar_1": "10:00:00"}
    assert list(Announcement.objects.visible()) == []


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ("/ar/news/", 302),
        ("/en/", 302),
        ("https://example.org/", 302),
        ("/news/", 200),
        ("/fr/news/", 200),
        ("//example.org/", 200),
    ],
)
def test_a_link_to_this_site_names_its_language(desk, link, status):
    response = send(desk, "/en/admin/pages/announcement/add/", message_ar="إعلان", link_ar=link)
    assert response.status_code == status
    if status == 200:
        words = "Write an address that begins with https://, or a path of this site with its language, such as /en/news/."
        assert response.context["adminform"].form.errors == {"link_ar": [words]}


def test_23_a_link_reads_from_left_to_right_in_every_language(desk):
    widgets = desk.get("/en/admin/pages/announcement/add/").context["adminform"].form.fields
    assert [widgets[name].widget.attrs.get("dir") for name in ("link_ar", "link_en", "message_ar")] == ["ltr", "ltr", "rtl"]


def test_an_announcement_leads_to_the_page_in_its_own_language(client):
    make(Announcement, link_ar="/ar/news/", link_en="/en/news/")
    pages = {code: client.get(f"/{code}/goals/").content.decode() for code in ("ar", "en")}
    shown = {code: page.split('<aside class="announcement')[1].split("</aside>")[0] for code, page in pages.items()}
    assert [re.findall('href="(.*?)"', shown[code]) for code in ("ar", "en")] == [["/ar/news/"], ["/en/news/"]]


def test_what_is_deleted_is_not_offered_but_may_stay_where_it_is(desk):
    stays, deleted = make(Goal), make(Goal)
    item, other = make(NewsItem), make(NewsItem)
    NewsGoalLink.objects.create(item=item, goal=deleted)
    organisation, city = make(Organisation), make(LearningCity, partnership=make(Partnership))
    item.organisations.add(organisation)
    for kept in (item, city):
        working_copies.record(kept, "saved")
    for gone in (deleted, organisation, city.partnership):
        working_copies.delete(gone)

    def offered(page):
        form = desk.get(page).context["inline_admin_formsets"][0].formset.empty_form
        return list(form.fields["goal"].queryset)

    assert (offered(address(other)), offered(address(item))) == ([stays], [stays, deleted])
    assert list(desk.get("/en/admin/partners/learningcity/add/").context["adminform"].form.fields["partnership"].queryset) == []
    assert said(send(desk, address(item))) == ["Nothing has changed since the last save."]
    assert said(send(desk, address(city)))[-1] == "Nothing has changed since the last save."
    fields = working_copies.working_copy(item)
    assert (fields["links"]["organisations"], [part["goal_id"] for part in fields["parts"]["goal_links"]]) == (
        [organisation.pk],
        [deleted.pk],
    )


def test_view_on_site_leads_from_the_conference_to_its_page(desk):
    page = desk.get(address(make(Conference))).content.decode()
    assert 'href="/en/conference/" class="viewsitelink"' in page


def test_a_second_conference_is_refused_in_words(desk, monkeypatch):
    """Two people open the form of the first one; the second to save it is told."""
    monkeypatch.setattr("pages.admin.ConferenceAdmin.has_add_permission", lambda *arguments: True)
    make(Conference)
    response = send(desk, "/en/admin/pages/conference/add/", title_en="Second", short_title_en="Second")
    assert response.context["adminform"].form.non_field_errors() == ["There is a conference already."]


@pytest.mark.parametrize(("rows", "queries"), [(0, 23), (1, 24), (5, 24)])
def test_opening_a_form_costs_as_many_queries_with_many_parts_as_with_one(desk, rows, queries):
    item, image = make(NewsItem), Image.objects.create(alternative_text_en="A picture")
    for _number in range(rows):
        NewsGoalLink.objects.create(item=item, goal=make(Goal), note_ar="ملاحظة")
        NewsPicture.objects.create(item=item, image=image)
    working_copies.record(item, "saved")
    desk.get(address(item))
    with CaptureQueriesContext(connection) as context:
        desk.get(address(item))
    assert len(context) == queries


def test_the_form_says_what_is_not_public_yet_and_which_translation_is_older(desk):
    goal = make(Goal, title_ar="هدف", title_en="A goal")
    working_copies.record(goal, "saved")
    marks = ("Changes not published", "1 text outdated")
    assert [mark in desk.get(address(goal)).content.decode() for mark in marks] == [False, False]
    send(desk, address(goal), title_ar="هدف آخر")
    states = desk.get(address(goal)).content.decode().partition('<dl class="states">')[2].partition("</dl>")[0]
    assert [mark in states for mark in marks] == [True, True]
    assert "1 text outdated" in states.partition("English")[2]


@pytest.mark.parametrize("key", ["null", "1e999", "9" * 40, "٣", "//evil.example"])
def test_a_key_that_is_none_is_refused_in_words_and_the_rest_stays(client, key):
    """As something else than a browser sends it: the widgets that are drawn again are asked for it, too."""
    client.force_login(make_user("administrator"))
    item = make(NewsItem)
    answer = send(client, address(item), title_en="Not lost", image=key, topics=[key])
    errors = answer.context["adminform"].form.errors
    assert (answer.status_code, sorted(errors), "Not lost" in answer.content.decode()) == (200, ["image", "topics"], True)
