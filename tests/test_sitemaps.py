"""The sitemaps tell the truth: which pages there are, in which languages (28), and since when they are as they are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site import sitemaps as site_sitemaps
from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.models import Conference, Goal, Page
from partners.models import LearningCity
from tests import sitemaps
from tests.builders import make
from tests.crowd import make_crowd

pytestmark = pytest.mark.django_db

GOALS = "/sitemap-goal-1.xml"
FIRST, SECOND, THIRD, FOURTH = (datetime(2020, 1, day, 12, tzinfo=UTC) for day in range(1, 5))


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def test_28_each_page_is_named_with_its_real_translations(client):
    make(Goal, slug="both")
    make(Goal, public=["en"], slug="english")
    make(Page, public=[], slug="draft")
    both = {"ar": "/ar/goals/both/", "en": "/en/goals/both/", "x-default": "/ar/goals/both/"}
    found = {path: page.alternates for path, page in sitemaps.pages(client, GOALS).items()}
    assert found == {
        "/ar/goals/both/": both,
        "/en/goals/both/": both,
        "/en/goals/english/": {"en": "/en/goals/english/"},
    }
    assert list(sitemaps.index(client)) == ["/sitemap-lists.xml", GOALS]


def test_28_every_kind_of_page_is_named(client):
    make_crowd(1)
    found = {path.removeprefix("/en") for path in sitemaps.pages(client) if path.startswith("/en/")}
    lists = {"/", "/conference/", "/goals/", "/questions/", "/news/", "/organisations/", "/partnerships/", "/learning-cities/"}
    lists |= {"/documents/"}
    kinds = ("goals/", "questions/", "", "news/", "organisations/", "partnerships/", "learning-cities/", "documents/")
    assert found == lists | {f"/{kind}first/" for kind in kinds}


@pytest.mark.parametrize("public", [[], ["ar"], ["ar", "en"]])
def test_28_the_conference_is_named_where_its_record_is_public(client, public):
    make(Conference, public=public)
    assert [path for path in sitemaps.pages(client) if path.endswith("/conference/")] == [
        f"/{code}/conference/" for code in public
    ]


def test_items_stand_in_ranges_of_their_ids(client, monkeypatch):
    """Where an item stands depends on no other, and a range in which nothing is shown isn't there."""
    monkeypatch.setattr(site_sitemaps, "RANGE", 10)
    for number in (1, 10, 11, 25, 41):
        make(Goal, pk=number, slug=f"goal-{number}", public=[] if number == 25 else ["ar"])
    found = {path: list(sitemaps.pages(client, path)) for path in sitemaps.index(client) if "goal" in path}
    assert found == {
        "/sitemap-goal-1.xml": ["/ar/goals/goal-1/", "/ar/goals/goal-10/"],
        "/sitemap-goal-2.xml": ["/ar/goals/goal-11/"],
        "/sitemap-goal-5.xml": ["/ar/goals/goal-41/"],
    }
    for missing in ("goal-3", "goal-0", "goal-6", f"goal-{10**30}", "topic-1", "goal--1"):
        assert client.get(f"/sitemap-{missing}.xml").status_code == 404, missing


def test_28_a_page_says_since_when_it_is_as_it_is(client):
    """A text that its moment made public is newer than the editor's last act."""
    make(Goal, slug="one")
    Goal.objects.update(publish_at_ar=FIRST, modified_at=SECOND, publish_at_en=THIRD)
    found = {path: page.lastmod for path, page in sitemaps.pages(client, GOALS).items()}
    assert found == {"/ar/goals/one/": iso(SECOND), "/en/goals/one/": iso(THIRD)}
    assert sitemaps.index(client)[GOALS] == iso(THIRD)


def test_a_sitemap_is_as_new_as_the_newest_of_what_changed_appeared_or_left(client):
    """Neither a draft nor a moment that is still to come makes it newer."""
    make(Goal)
    other = make(Goal)
    make(Goal, public=[])
    soon = timezone.now() + timedelta(days=1)
    public = {"publish_at_ar": FIRST, "publish_at_en": FIRST, "modified_at": FIRST}

    def lastmod(**changes: datetime) -> str:
        Goal.objects.exclude(publish_at_ar=None).update(**public)
        Goal.objects.filter(pk=other.pk).update(**changes)
        return sitemaps.index(client)[GOALS]

    Goal.objects.filter(publish_at_ar=None).update(modified_at=FOURTH)
    assert lastmod() == iso(FIRST)
    assert lastmod(modified_at=SECOND) == iso(SECOND)
    assert lastmod(publish_at_en=soon, expires_at_ar=soon) == iso(FIRST)
    assert lastmod(publish_at_en=THIRD) == iso(THIRD)
    assert lastmod(expires_at_ar=FOURTH) == iso(FOURTH)
    assert lastmod(deleted_at=FOURTH) == iso(FOURTH)


@pytest.mark.parametrize("act", [working_copies.delete, lambda item: working_copies.withdraw(item, ["ar", "en"])])
def test_what_leaves_the_site_leaves_the_sitemap_and_makes_it_newer(client, act):
    make(Goal, slug="stays")
    leaves = make(Goal, slug="leaves")
    Goal.objects.update(modified_at=FIRST, publish_at_ar=FIRST, publish_at_en=FIRST)
    act(leaves)
    assert list(sitemaps.pages(client, GOALS)) == ["/ar/goals/stays/", "/en/goals/stays/"]
    assert sitemaps.index(client)[GOALS] > iso(FIRST)


def test_what_is_restored_makes_it_newer_again(client):
    goal = make(Goal)
    working_copies.delete(goal)
    Goal.objects.update(modified_at=FIRST, deleted_at=FIRST, publish_at_ar=FIRST, publish_at_en=FIRST)
    working_copies.restore(goal)
    assert sitemaps.index(client)[GOALS] > iso(FIRST)


def test_a_list_is_as_new_as_what_it_lists(client):
    rows = {Conference: FIRST, Goal: SECOND, NewsItem: THIRD, LearningCity: FOURTH}
    for model, moment in rows.items():
        make(model)
        model.objects.update(publish_at_ar=FIRST, publish_at_en=FIRST, modified_at=moment)
    found = {path: page.lastmod for path, page in sitemaps.pages(client, "/sitemap-lists.xml").items() if path.startswith("/ar/")}
    assert found == {
        "/ar/": iso(FOURTH),
        "/ar/conference/": iso(FIRST),
        "/ar/goals/": iso(SECOND),
        "/ar/questions/": "",
        "/ar/news/": iso(THIRD),
        "/ar/organisations/": iso(FOURTH),
        "/ar/partnerships/": "",
        "/ar/learning-cities/": iso(FOURTH),
        "/ar/documents/": "",
    }
    assert sitemaps.index(client)["/sitemap-lists.xml"] == iso(FOURTH)


def test_each_range_is_one_query(client):
    make_crowd(30)
    queries = {"/sitemap.xml": 9, "/sitemap-lists.xml": 10} | dict.fromkeys(list(sitemaps.index(client))[1:], 1)
    counted = {}
    for path in queries:
        with CaptureQueriesContext(connection) as context:
            client.get(path)
        counted[path] = sum("DECLARE" in query["sql"] or "SELECT" in query["sql"] for query in context.captured_queries)
    assert counted == queries


def test_robots_are_told_where_it_is(client):
    assert f"Sitemap: {sitemaps.SITE}/sitemap.xml" in client.get("/robots.txt").content.decode().splitlines()
