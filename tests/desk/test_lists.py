"""Lists: the state of each language, search in both, filters, order, and a cost that does not grow with the rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference_site.media.models import Image
from conference_site.publishing import working_copies
from conference_site.search import indexing
from news.models import NewsItem, Topic
from pages.models import Announcement, Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests.builders import make, reread, unsaved
from tests.desk.forms import fields_of, send
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db

QUERIES = {Goal: 7, Page: 7, ResearchQuestion: 7, Organisation: 7, Partnership: 7, LearningCity: 7, Announcement: 7, NewsItem: 10}


def changelist(model) -> str:
    return f"/en/admin/{model._meta.app_label}/{model._meta.model_name}/"


def count_queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def make_rows(model, number: int) -> None:
    for item in [make(model) for _ in range(number)]:
        working_copies.record(item, "saved")


@pytest.mark.parametrize("model", QUERIES, ids=lambda model: model.__name__)
def test_a_list_costs_as_many_queries_with_2_rows_as_with_8(desk, model):
    """`make proof-desk-size` asks the same of 10,000."""
    make_rows(model, 2)
    few = count_queries(desk, changelist(model))
    make_rows(model, 6)
    assert (few, count_queries(desk, f"{changelist(model)}?all=")) == (QUERIES[model], QUERIES[model])


def test_a_list_shows_the_state_of_each_language_and_changes_not_published(desk):
    goal = make(Goal, public=["ar"])
    send(desk, address(goal), title_en="New")
    page = desk.get(changelist(Goal)).content.decode()
    states = ('state-public">Published', 'state-unpublished">Draft', 'state-changed">Changes not published')
    assert [state in page for state in states] == [True, True, True]
    working_copies.publish(goal, ["ar", "en"])
    assert [state in desk.get(changelist(Goal)).content.decode() for state in states] == [True, False, False]


@pytest.mark.parametrize("words", ["الشراكة", "partnership"])
def test_search_finds_in_both_languages(desk, words):
    found = make(NewsItem, title_ar="خبر عن الشراكة", title_en="News of a partnership")
    for item in (found, make(NewsItem)):
        indexing.refresh(item)
    assert list(desk.get(f"/ar/admin/news/newsitem/?q={words}").context["cl"].result_list) == [found]


def test_the_icon_of_the_search_is_called_so_in_the_language_of_the_desk(desk):
    html = desk.get("/ar/admin/news/newsitem/").content.decode()
    assert ('alt="بحث"' in html, 'alt="Search"' in html) == (True, False)


def test_autocompletion_finds_in_both_languages_and_leaves_out_what_is_deleted(desk):
    organisation, deleted = make(Organisation, name_ar="الألكسو", name_en="ALECSO"), make(Organisation, name_en="ALECSO of old")
    indexing.refresh(organisation)
    working_copies.delete(deleted)
    where = {"app_label": "news", "model_name": "newsitem", "field_name": "organisations"}
    for language, term in (("en", "alecso"), ("en", "الألكسو"), ("ar", "ALECSO")):
        answer = desk.get(f"/{language}/admin/autocomplete/", where | {"term": term}).json()
        assert [result["id"] for result in answer["results"]] == [str(organisation.pk)]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (NewsItem, "?topics__id__exact={topic}"),
        (Organisation, "?kind__exact=academic"),
        (Organisation, "?is_partner__exact=1"),
        (Partnership, "?standing__exact=active"),
    ],
)
def test_filters(desk, model, query):
    topic = Topic.objects.create(slug="topic")
    fields = {
        Organisation: {"kind": "academic", "is_partner": True},
        Partnership: {"standing": "active"},
    }
    wanted, _other = make(model, **fields.get(model, {})), make(model)
    if model is NewsItem:
        wanted.topics.add(topic)
    found = desk.get(changelist(model) + query.format(topic=topic.pk)).context["cl"].result_list
    assert list(found) == [wanted]


def test_the_order_of_a_list_is_live_at_once_and_changes_nothing_else(desk):
    first, second = make(Goal, order=10, title_en="Live"), make(Goal, order=20)
    send(desk, address(first), title_en="Draft")
    response = send(desk, changelist(Goal), "_save", "changelist-form", **{"form-0-order": "20", "form-1-order": "10"})
    assert response.status_code == 302
    assert list(Goal.objects.visible()) == [second, first]
    assert (reread(first).title_en, working_copies.working_copy(first)["fields"]["title_en"]) == ("Live", "Draft")


def test_the_order_of_a_list_writes_no_other_column(desk):
    """What somebody publishes while the list is open stays."""
    make(Goal, order=10), make(Goal, order=20)
    with CaptureQueriesContext(connection) as queries:
        send(desk, changelist(Goal), "_save", "changelist-form", **{"form-0-order": "20", "form-1-order": "10"})
    updates = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "pages_goal"')]
    columns = [re.findall(r'"(\w+)" = ', sql.partition(" WHERE ")[0]) for sql in updates]
    assert columns == [["order"], ["order"]]


@pytest.mark.proof
def test_a_list_of_500_can_be_put_in_order(desk):
    Goal.objects.bulk_create(unsaved(Goal, order=10 * number) for number in range(1, 501))
    response = send(desk, changelist(Goal), "_save", "changelist-form", **{"form-499-order": "1"})
    assert (response.status_code, Goal.objects.first().title_en) == (302, Goal.objects.order_by("-pk").first().title_en)


def test_news_without_a_topic_is_filtered_by_words(desk):
    make(NewsItem).topics.add(Topic.objects.create(name_en="Cities", slug="cities"))
    bare = make(NewsItem)
    response = desk.get(f"{changelist(NewsItem)}?topics__isnull=True")
    assert (list(response.context["cl"].result_list), "Without a topic" in response.content.decode()) == ([bare], True)


@pytest.mark.parametrize("query", ["?q=goal", "?deleted=1"])
def test_a_part_of_a_list_cannot_be_put_in_order(desk, query):
    make(Goal)
    assert "form-0-order" in fields_of(desk.get(changelist(Goal)), "changelist-form")
    assert b"form-0-order" not in desk.get(changelist(Goal) + query).content


def test_a_row_whose_picture_is_missing_breaks_no_list_and_no_form(desk):
    image = Image.objects.create(alternative_text_en="Lost")
    Image.objects.filter(pk=image.pk).update(file="images/lost.webp", width=10, height=10)
    item = make(NewsItem, image=image)
    for page in (changelist(Image), address(image), changelist(NewsItem), address(item), f"/en/news/{item.slug}/"):
        assert desk.get(page).status_code == 200, page


def test_the_list_of_the_conference_leads_to_it(desk):
    assert desk.get(changelist(Conference)).status_code == 200
    conference = make(Conference)
    assert desk.get(changelist(Conference))["Location"] == address(conference)


def test_an_address_that_no_list_understands_is_answered_in_words(desk):
    assert desk.get(f"{changelist(Goal)}?bogus=1")["Location"] == f"{changelist(Goal)}?e=1"
    assert desk.get(f"{changelist(Goal)}?bogus=1&e=1").status_code == 200
