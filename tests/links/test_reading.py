"""Which addresses stand where, in what is public and in what editors have saved since."""

import pytest
from django.core.management import CommandError, call_command

from conference_site.links import checking, reading
from conference_site.links.models import Address, Place, State
from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.models import Announcement, Conference, Goal, SocialAccount
from partners.models import Organisation
from tests.builders import make
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

A = "https://a.example"


def recorded(model, **fields):
    item = make(model, **fields)
    working_copies.record(item, "saved")
    return item


def places() -> set[tuple[str, str, bool]]:
    return {(place.address.url, place.language, place.is_live) for place in Place.objects.select_related("address")}


def test_links_are_found_in_texts_columns_and_parts_whatever_the_model():
    recorded(Organisation, website=f"{A}/home")
    recorded(Announcement, link_ar="/ar/news/", link_en=f"{A}/en#part")
    conference = make(Conference)
    SocialAccount.objects.create(conference=conference, name="X", url="https://x.example/us")
    working_copies.record(conference, "saved")
    text = f'<p><a href="{A}/1">1</a> <a href="mailto:a@a.example">m</a> <a href="tel:+966">t</a> <a href="{A}/1#two">2</a></p>'
    picture = '<figure><img src="/media/images/none.webp" alt="P"></figure>'
    recorded(NewsItem, body_en=text + picture, video_url=f"{A}/video", source_url="")
    reading.refresh()
    assert places() == {
        (f"{A}/home", "", True),
        ("/ar/news/", "ar", True),
        (f"{A}/en", "en", True),
        ("https://x.example/us", "", True),
        (f"{A}/1", "en", True),
        ("/media/images/none.webp", "en", True),
        (f"{A}/video", "", True),
    }
    assert set(Address.objects.filter(is_internal=True).values_list("url", flat=True)) == {"/ar/news/", "/media/images/none.webp"}


def test_what_changes_is_read_again_and_nothing_else():
    goal = recorded(Goal, body_ar=f'<p><a href="{A}/old">أ</a></p>')
    recorded(Goal)
    assert (reading.refresh(), reading.refresh()) == (2, 0)
    edit(goal, body_ar=f'<p><a href="{A}/new">أ</a></p>')
    assert (reading.refresh(), places()) == (1, {(f"{A}/old", "ar", True), (f"{A}/new", "ar", False)})
    working_copies.publish(goal, ["ar"])
    assert (reading.refresh(), places()) == (1, {(f"{A}/new", "ar", True)})
    assert list(Address.objects.values_list("url", flat=True)) == [f"{A}/new"]
    working_copies.delete(goal)
    assert (reading.refresh(), places()) == (1, set())
    working_copies.restore(goal)
    assert (reading.refresh(most=1), places()) == (1, {(f"{A}/new", "ar", True)})
    working_copies.purge(goal)
    assert (reading.refresh(), places(), Address.objects.count()) == (0, set(), 0)


def test_a_draft_that_was_never_public_has_its_links_in_the_draft_only():
    recorded(Goal, public=[], body_ar=f'<p><a href="{A}/x">أ</a></p>')
    reading.refresh()
    assert places() == {(f"{A}/x", "ar", False)}


def test_the_watcher_finds_what_is_broken_and_what_is_mended():
    target = recorded(Goal, slug="target")
    recorded(Goal, body_ar='<p><a href="/ar/goals/target/">أ</a> <a href="/ar/goals/">ب</a></p>')
    checking.refresh()
    address = Address.objects.get(url="/ar/goals/target/")
    assert (address.state, address.failing_since) == (State.WORKS, None)
    working_copies.withdraw(target, ["ar", "en"])
    checking.refresh()
    address.refresh_from_db()
    assert (address.state, address.reason, address.failing_since is not None) == (State.BROKEN, "expired", True)
    since = address.failing_since
    checking.refresh()
    address.refresh_from_db()
    assert address.failing_since == since
    working_copies.publish(target, ["ar", "en"], None, {"expires_at_ar": None, "expires_at_en": None})
    checking.refresh()
    address.refresh_from_db()
    assert (address.state, address.why, address.failing_since) == (State.WORKS, "", None)


def test_the_watcher_comes_to_all_of_many(monkeypatch):
    monkeypatch.setattr(checking, "CHECKED_AT_ONCE", 2)
    goals = [recorded(Goal) for _number in range(5)]
    links = "".join(f'<a href="/ar/goals/{goal.slug}/">أ</a> ' for goal in goals)
    recorded(Goal, body_ar=f"<p>{links}</p>")
    for _look in range(3):
        checking.refresh()
    assert set(Address.objects.values_list("state", flat=True)) == {"works"}
    for goal in goals:
        working_copies.delete(goal)
    for _look in range(6):
        checking.refresh()
    assert set(Address.objects.values_list("reason", flat=True)) == {"deleted"}


def test_the_command_says_what_is_broken_and_where(capsys, settings):
    goal = recorded(Goal, body_ar='<p><a href="/ar/news/">أ</a></p>')
    call_command("check_links", "--internal")
    assert capsys.readouterr().out == "This site: 1 works.\nOther sites: no addresses.\n"
    edit(goal, body_ar='<p><a href="/ar/never/">أ</a></p>')
    with pytest.raises(CommandError) as error:
        call_command("check_links", "--internal")
    assert str(error.value).replace("\u2068", "") == (
        f"Broken:\n/ar/never/\n    This site has no such page.\n    Goal {goal.pk}, ar"
    )
    with pytest.raises(CommandError):
        call_command("check_links", "--seconds", "0")


def test_a_site_that_gets_another_name_knows_its_own_links(settings):
    recorded(Organisation, website="https://new.example/ar/")
    reading.refresh()
    assert Address.objects.get().is_internal is False
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://new.example", ["new.example"]
    checking.check_all_internal()
    assert Address.objects.get().state == "works"
