"""The visits on the desk: by day and month, by item, as a table."""

import csv
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.visits import reading
from conference_site.visits.middleware import page_of
from conference_site.visits.models import FruitlessSearch, Visits
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user
from tests.crowd import PAGES, make_crowd

pytestmark = pytest.mark.django_db

VISITS = "/en/admin/visits/"


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_user("editor"))
    return client


def visit(kind: str, key: int, number: int, days: int = 0, language: str = "en") -> None:
    Visits.objects.create(
        day=timezone.localdate() - timedelta(days=days), kind=kind, object_id=key, language=language, number=number
    )


def test_who_edits_sees_them_and_nobody_else(client, desk):
    assert (desk.get(VISITS).status_code, client.get(VISITS).status_code) == (200, 302)


def test_days_and_languages_have_their_numbers(desk):
    visit("home", 0, 3)
    visit("goals", 0, 4)
    visit("home", 0, 7, days=29, language="ar")
    visit("home", 0, 100, days=30)
    arabic, english = desk.get(VISITS).context["plots"]
    assert [bar.number for bar in english.bars] == [*[0] * 29, 7]
    assert [bar.number for bar in arabic.bars] == [7, *[0] * 29]
    assert (english.total, arabic.total, english.most, arabic.most) == (7, 7, 10, 10)
    assert (english.bars[29].height, english.bars[29].y, english.bars[0].height) == ("70.00", "30.00", "0.00")
    rows = desk.get(VISITS).context["rows"]
    assert (rows[0][1], rows[29][1]) == ([7, 0], [0, 7])
    assert [plot.total for plot in desk.get(VISITS, {"kind": "home"}).context["plots"]] == [7, 3]


def test_months_are_twelve_and_this_one_is_the_last(desk):
    today = timezone.localdate()
    visit("home", 0, 2)
    Visits.objects.create(day=date(today.year - 1, today.month, 1), kind="home", language="en", number=50)
    first = date(today.year, today.month, 1) - timedelta(days=1)
    Visits.objects.create(day=first, kind="home", language="en", number=5)
    bars = desk.get(VISITS, {"period": "months"}).context["plots"][1].bars
    assert [bar.number for bar in bars] == [*[0] * 10, 5, 2]


def test_what_was_read_most_comes_first_by_its_name(desk):
    goal, item = make(Goal, title_en="A goal", title_ar="هدف"), make(NewsItem, title_en="News")
    visit("pages.goal", goal.pk, 3)
    visit("pages.goal", goal.pk, 4, days=1, language="ar")
    visit("news.newsitem", item.pk, 5)
    visit("news.newsitem", 10_000_000, 1)
    visit("home", 0, 6)
    top = desk.get(VISITS).context["top"]
    assert [(row.called, [number for _language, number in row.by_language], row.total) for row in top] == [
        ("A goal", [4, 3], 7),
        ("Home", [0, 6], 6),
        ("News", [0, 5], 5),
        ("(no longer there)", [0, 1], 1),
    ]
    page = desk.get(VISITS, {"item": f"pages.goal:{goal.pk}"})
    assert [plot.total for plot in page.context["plots"]] == [4, 3]
    assert "A goal" in page.content.decode()
    assert desk.get(VISITS, {"item": "x'y", "period": "z", "kind": "?"}).status_code == 200
    assert desk.get(VISITS, {"item": "a.b:123456789012345678"}).status_code == 200


def test_the_form_of_an_item_leads_to_its_visits(desk):
    """The number itself would cost a query of a form that has many."""
    item = make(NewsItem)
    visit("news.newsitem", item.pk, 34, language="ar")
    visit("news.newsitem", item.pk + 1, 9)
    page = desk.get(f"/en/admin/news/newsitem/{item.pk}/change/").content.decode()
    address = re.search(r'href="(/en/admin/visits/[^"]+)"', page)[1]
    assert [plot.total for plot in desk.get(address).context["plots"]] == [34, 0]


def test_words_that_found_nothing_are_listed(desk):
    today = timezone.localdate()
    for words, number, days in (("dragons", 2, 0), ("dragons", 3, 5), ("=1+1", 1, 0), ("old", 9, 31)):
        FruitlessSearch.objects.create(day=today - timedelta(days=days), language="en", words=words, number=number)
    assert [(row["words"], row["sum"]) for row in desk.get(VISITS).context["fruitless"]] == [("dragons", 5), ("=1+1", 1)]
    rows = list(csv.reader(StringIO(desk.get(VISITS, {"csv": "searches"}).getvalue().decode()[1:])))
    assert rows[1:] == [["dragons", "English", "5"], ["'=1+1", "English", "1"]]


def test_the_table_names_day_item_and_language(desk):
    goal = make(Goal, title_en="=A goal")
    visit("pages.goal", goal.pk, 3, days=1, language="ar")
    visit("home", 0, 6)
    response = desk.get(VISITS, {"csv": "visits"})
    text = response.getvalue().decode()
    today = timezone.localdate()
    assert (text[0], response["Content-Type"]) == ("\ufeff", "text/csv; charset=utf-8")
    assert list(csv.reader(StringIO(text[1:])))[1:] == [
        [str(today - timedelta(days=1)), "Goals", "'=A goal", str(goal.pk), "Arabic", "3"],
        [str(today), "Home", "Home", "", "English", "6"],
    ]


def test_every_page_that_is_counted_has_a_name():
    """Those of the site's URL patterns that lead to a page of HTML, and to no item."""
    make_crowd(1)
    found = set()
    for path in PAGES.values():
        response = Client().get(path.format("en"))
        found.add(page_of(response.wsgi_request, response).kind)
    assert found - reading.kinds().keys() == set()
    assert {"home", "search", "news", "news_year", "pages.goal", "news.topic"} <= found


def test_it_costs_as_many_queries_for_few_visits_as_for_many(desk):
    counted = []
    for number in (1, 30):
        for place in range(number):
            visit("pages.goal", make(Goal).pk, 100 - place)
            visit("news.newsitem", make(NewsItem).pk, 100 - place)
        desk.get(VISITS)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(VISITS).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 30


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_plot_has_a_text_and_a_table_beside_it(desk, language):
    visit("home", 0, 3, language=language)
    page = desk.get(f"/{language}/admin/visits/").content.decode()
    assert page.count('<svg viewBox="0 0 100 100"') == 2
    assert len(re.findall(r'<svg[^>]* role="img" aria-label="[^"]{20,}"', page)) == 2
    assert page.count("<rect") == 60
    assert page.count('<th scope="row">') >= 31
