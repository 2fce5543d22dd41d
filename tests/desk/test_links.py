"""Lists of the start page that look beyond the work on texts: what ends, broken links, silent pictures; the page of links."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from conference_site.desk import links as page
from conference_site.links import checking, reading
from conference_site.links.models import Address, Outcome, Reason, State
from conference_site.media.models import Image
from conference_site.publishing import working_copies
from news.models import NewsItem, NewsPicture
from pages.models import Goal
from partners.models import Organisation, Partnership
from tests.builders import make, make_user
from tests.desk.test_work import count_queries, recorded, signed_in

pytestmark = pytest.mark.django_db

LINKS = "/en/admin/links/"


def lists(user) -> dict[str, list]:
    found = signed_in(user).get("/en/admin/").context["lists"]
    return {str(each.heading): each.rows for each in found}


def link_to(*urls: str, model=Goal, **fields):
    anchors = " ".join(f'<a href="{url}">أ</a>' for url in urls)
    return recorded(model, body_ar=f"<p>{anchors}</p>", **fields)


def external(url: str, outcome: Outcome, days: int = 3) -> Address:
    """An address of another site, which was checked on two days."""
    recorded(Organisation, website=url)
    reading.refresh()
    address = Address.objects.get(url=url)
    for moment in (timezone.now() - timedelta(days=days), timezone.now() - timedelta(hours=1)):
        address.note(outcome, moment)
    address.save()
    return address


def test_partnerships_that_end_soon_or_ended_lately():
    today = timezone.localdate()
    organiser = make_user("organiser")
    for name, day in (
        ("soon", today + timedelta(days=80)),
        ("later", today + timedelta(days=100)),
        ("lately", today - timedelta(days=80)),
        ("long ago", today - timedelta(days=100)),
        ("today", today),
    ):
        make(Partnership, title_en=name, title_ar="ش", ends_on=str(day))
    make(Partnership, title_en="this month", title_ar="ش", ends_on=f"{today:%Y-%m}")
    make(Partnership, title_en="concluded", title_ar="ش", ends_on=str(today), standing="concluded")
    make(Partnership, title_en="for ever", title_ar="ش")
    working_copies.delete(make(Partnership, title_en="deleted", ends_on=str(today)))
    rows = lists(organiser)["Partnerships: ending soon, or ended lately"]
    assert [(row.title_en, row.has_ended) for row in rows] == [
        ("lately", True),
        ("today", False),
        ("this month", False),
        ("soon", False),
    ]
    assert lists(make_user()) == {}


def test_pictures_without_alternative_text_those_in_use_first():
    unused, both, used, withdrawn, deleted = (
        Image.objects.create(
            alternative_text_ar="صورة", alternative_text_en=text, file=f"images/{name}.webp", width=30, height=20
        )
        for name, text in (("unused", ""), ("both", "P"), ("used", ""), ("withdrawn", ""), ("deleted", ""))
    )
    Image.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    make(NewsItem, image=both)
    NewsPicture.objects.create(item=make(NewsItem), image=used)
    gone = make(NewsItem, image=deleted)
    working_copies.delete(gone)
    rows = lists(make_user("editor"))["Pictures without alternative text"]
    assert [(row, row.is_used, row.lacking) for row in rows] == [
        (used, True, "English"),
        (deleted, False, "English"),
        (unused, False, "English"),
    ]
    changelist = signed_in(make_user("editor")).get("/en/admin/media/image/?alternative_text=missing").context["cl"]
    assert set(changelist.queryset) == {used, deleted, unused}


def test_broken_links_are_shown_to_those_who_may_mend_them():
    news = link_to("/ar/goals/never/", model=NewsItem, title_ar="خبر", title_en="News")
    goal = link_to("/ar/goals/never/", "/ar/goals/", title_ar="هدف", title_en="", public=["ar"])
    checking.refresh()
    external("https://gone.example/", Outcome(State.BROKEN, Reason.NOT_FOUND, "404"))
    external("https://no.example/", Outcome(State.UNCLEAR, Reason.DECLINED, "403"))
    editor, organiser = make_user("editor"), make_user("organiser")
    assert [(row.url, [str(place) for place in row.shown_places]) for row in lists(editor)["Broken links"]] == [
        ("/ar/goals/never/", ["خبر"])
    ]
    found = [(row.url, row.why, [place.form for place in row.shown_places]) for row in lists(organiser)["Broken links"]]
    assert [(url, why) for url, why, _forms in found] == [
        ("https://gone.example/", "The site says that it has no such page (\u2068404\u2069)."),
        ("/ar/goals/never/", "This site has no such page."),
    ]
    assert found[1][2] == [f"/en/admin/pages/goal/{goal.pk}/change/"]
    assert f"/en/admin/news/newsitem/{news.pk}/change/" not in signed_in(organiser).get("/en/admin/").content.decode()


def shown(client: Client, **asked) -> list[str]:
    return [row.url for row in client.get(LINKS, asked).context["page"].object_list]


def test_the_page_shows_links_and_filters_them():
    client = signed_in(make_user("administrator"))
    assert "There are no links" in client.get(LINKS).content.decode()
    link_to("/ar/goals/never/", "/ar/goals/", model=NewsItem)
    checking.refresh()
    external("https://no.example/", Outcome(State.UNCLEAR, Reason.DECLINED, "403"))
    recorded(Organisation, website="https://new.example/")
    reading.refresh()
    assert shown(client) == ["/ar/goals/never/", "https://no.example/", "/ar/goals/", "https://new.example/"]
    assert shown(client, place="external") == ["https://no.example/", "https://new.example/"]
    assert shown(client, state="broken") == ["/ar/goals/never/"]
    assert shown(client, state="unknown") == ["https://new.example/"]
    assert shown(client, q="NO.ex") == ["https://no.example/"]
    kinds = {str(name): pk for pk, name in client.get(LINKS).context["form"].fields["kind"].choices}
    assert shown(client, kind=kinds["News"]) == ["/ar/goals/never/", "/ar/goals/"]
    assert shown(client, state="nonsense", kind="y", page="z") == shown(client)
    assert "No link is like this" in client.get(LINKS, {"q": "nothing"}).content.decode()
    assert shown(signed_in(make_user("editor"))) == ["/ar/goals/never/", "/ar/goals/"]
    assert shown(signed_in(make_user())) == []
    assert Client().get(LINKS).status_code == 302


def test_one_address_is_checked_again(monkeypatch):
    target = recorded(Goal, slug="target", public=[])
    link_to("/ar/goals/target/", model=NewsItem)
    checking.refresh()
    address = Address.objects.get()
    editor = signed_in(make_user("editor"))
    working_copies.publish(target, ["ar", "en"])
    press = f"{LINKS}{address.pk}/check/"
    assert editor.get(press).status_code == 405
    response = editor.post(press, {"back": "state=broken&page=2&next=//evil.example"}, follow=True)
    assert response.redirect_chain == [(f"{LINKS}?state=broken&page=2&next=%2F%2Fevil.example", 302)]
    assert [str(message) for message in response.context["messages"]] == ["Works."]
    address.refresh_from_db()
    assert address.state == State.WORKS

    Address.objects.update(state=State.BROKEN)
    assert signed_in(make_user("organiser")).post(press).status_code == 403
    assert signed_in(make_user()).post(press).status_code == 403
    assert Client().post(press).status_code == 302
    assert Address.objects.get().state == State.BROKEN


def test_other_sites_are_asked_by_one_editor_at_a_time_and_not_twice_at_once(monkeypatch, administrator):
    asked = []
    monkeypatch.setattr(checking.Asker, "ask", lambda asker, url: asked.append(url) or Outcome(State.WORKS))
    address = external("https://a.example/", Outcome(State.BROKEN, Reason.NOT_FOUND, "404"))
    client, press = signed_in(administrator), f"{LINKS}{address.pk}/check/"

    def said() -> list[str]:
        return [str(message) for message in client.post(press, follow=True).context["messages"]]

    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{checking.__name__}.check_now"])
            assert said() == ["Another address is being checked just now. Please try again in a moment."]
    finally:
        other.close()
    assert said() == ["Works."]
    assert said() == ["This address was checked a moment ago. Please wait half a minute."]
    assert asked == ["https://a.example/"]


def test_both_pages_cost_as_many_queries_for_few_as_for_many():
    client = signed_in(make_user("administrator"))

    def fill(number: int) -> None:
        for place in range(number):
            link_to(f"/ar/goals/never-{number}-{place}/", "/ar/goals/never/")
            make(Partnership, ends_on=str(timezone.localdate()))
            Image.objects.create(alternative_text_ar="صورة", file=f"images/{place}.webp")
        checking.refresh()

    fill(2)
    few = count_queries(client, "/en/admin/"), count_queries(client, LINKS)
    fill(6)
    assert (count_queries(client, "/en/admin/"), count_queries(client, LINKS)) == few
    assert max(few) <= 30
    assert Permission.objects.filter(content_type__app_label="links").count() == 0
    assert page.PER_PAGE < 100
