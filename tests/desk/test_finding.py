"""The search of the whole desk: all that its user may see and nothing else, drafts included, in every spelling."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.media.models import Image
from conference_site.proofreading.models import OfficialName
from conference_site.publishing import aggregate, versions, working_copies
from conference_site.publishing.models import LanguageVersion
from conference_site.search.models import NameGroup
from news.models import NewsItem, Topic
from pages.models import Conference, Goal
from tests.builders import make, make_user, unsaved
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db


def draft(model, **fields):
    item = unsaved(model, [], **fields)
    item.save()
    working_copies.add(item, aggregate.snapshot(item))
    return item


def found(client: Client, words: str, language: str = "en") -> dict[str, list[str]]:
    """Kind → titles."""
    answer = client.get(f"/{language}/admin/find/", {"q": words})
    assert answer.status_code == 200
    return {group.kind: [row.called for row in group.rows] for group in answer.context["groups"]}


@pytest.mark.parametrize("words", ["المكتبات", "مكتبه", "المكتب", "Libraries", "librar"])
def test_a_draft_is_found_in_every_language_and_spelling_and_leads_to_its_form(desk, words):
    item = draft(NewsItem, title_ar="زيارة المكتبات الجامعية", title_en="Libraries visited")
    draft(NewsItem)
    assert found(desk, words) == {"News": ["Libraries visited"]}
    [group] = desk.get("/ar/admin/find/", {"q": words}).context["groups"]
    [row] = group.rows
    assert (row.called, row.address) == ("زيارة المكتبات الجامعية", address(item, language="ar"))
    assert [(version.language, version.state) for version in row.versions] == [("ar", "unpublished"), ("en", "unpublished")]


def test_a_title_that_only_the_working_copy_has_is_found_and_so_is_the_public_one(desk):
    goal = draft(Goal, title_en="Olive")
    working_copies.publish(goal, ["ar", "en"])
    data = working_copies.working_copy(goal)
    working_copies.save(goal, data | {"fields": data["fields"] | {"title_en": "Orange"}})
    assert [found(desk, words) for words in ("orange", "olive")] == [{"Goals": ["Orange"]}] * 2
    working_copies.delete(goal)
    assert [found(desk, words) for words in ("orange", "olive")] == [{}, {}]


def test_everything_that_the_desk_lists(client):
    client.force_login(make_user(is_superuser=True, last_name="Zeitoun"))
    Topic.objects.create(slug="t", name_en="Zeitoun topics")
    Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_en="A picture of Zeitoun")
    NameGroup.objects.create(forms=["Zeitoun Institute", "ZI"])
    OfficialName.objects.create(name="Zeitoun University", replaces=["University of Zeitoun"])
    Group.objects.create(name="zeitoun")
    assert list(found(client, "zeitoun")) == ["Groups", "Names and synonyms", "Official names", "Pictures", "Topics", "Users"]


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("editor", ["Goals", "News", "Topics"]),
        ("organiser", ["Goals", "News"]),
        (None, []),
        ("administrator", ["Goals", "News", "Topics", "Users"]),
    ],
)
def test_nobody_finds_what_they_may_not_see(client, role, kinds):
    draft(Goal, title_en="Zeitoun"), draft(NewsItem, title_en="Zeitoun")
    Topic.objects.create(slug="t", name_en="Zeitoun")
    make_user(last_name="Zeitoun")
    client.force_login(make_user(role))
    assert list(found(client, "Zeitoun")) == kinds


def test_each_kind_shows_its_first_and_leads_to_the_rest(desk):
    for number in range(8):
        draft(Goal, title_en=f"Zeitoun {number}")
    [group] = desk.get("/en/admin/find/?q=zeitoun").context["groups"]
    assert (len(group.rows), group.address) == (6, "/en/admin/pages/goal/?q=zeitoun")
    assert desk.get(group.address).context["cl"].result_count == 8


@pytest.mark.parametrize("words", ["", "  ", "?!", "%", "x" * 300, "' OR 1=1 --", "و"])
def test_whatever_is_typed_is_answered(desk, words):
    draft(Goal)
    assert found(desk, words) == {}


def test_it_costs_as_many_queries_for_many_as_for_one(desk):
    counted = []
    for number in (1, 15):
        for _ in range(number):
            draft(Goal, title_en="Zeitoun"), draft(NewsItem, title_en="Zeitoun")
            Topic.objects.create(name_en="Zeitoun")
            make_user(last_name="Zeitoun")
        with CaptureQueriesContext(connection) as queries:
            found(desk, "Zeitoun")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 30


def test_rows_that_are_older_than_the_search_are_completed(desk):
    goal = draft(Goal, title_en="Olive")
    LanguageVersion.objects.update(words=None, moved_at=timezone.now() - timedelta(days=1))
    moved_at = versions.of(goal).values_list("moved_at", flat=True).first()
    assert (versions.rebuild(missing=True), versions.rebuild(missing=True)) == (1, 0)
    assert set(versions.of(goal).values_list("moved_at", flat=True)) == {moved_at}
    assert LanguageVersion.objects.filter(words=None).count() == 0


def test_every_page_of_the_desk_has_its_box_once(desk):
    goal = make(Goal)
    make(Conference)
    for page in (
        "/en/admin/",
        "/en/admin/find/",
        "/en/admin/work/",
        "/en/admin/pages/goal/",
        address(goal),
        address(goal, "publish"),
    ):
        html = desk.get(page).content.decode()
        assert html.count('action="/en/admin/find/"') == 1, page
    assert 'action="/en/admin/find/"' not in Client().get("/en/admin/login/").content.decode()
