"""What is counted of visits, and what is not: nothing of a visitor, no machine, no page twice."""

from datetime import timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from conference_site.delivery.store import PageStore
from conference_site.operations import gunicorn
from conference_site.operations.watcher import Watcher
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision
from conference_site.visits import counting
from conference_site.visits.counting import Page
from conference_site.visits.models import FruitlessSearch, Visits
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _nothing_counted():
    counting._read.clear()
    counting._fruitless.clear()


@pytest.fixture
def reader() -> Client:
    return Client(headers={"User-Agent": BROWSER})


def counted() -> dict[Page, int]:
    counting.write()
    rows = Visits.objects.filter(day=TODAY()).values_list("kind", "object_id", "language", "number")
    return {Page(kind, key, language): number for kind, key, language, number in rows}


def searched() -> dict[str, int]:
    counting.write()
    return dict(FruitlessSearch.objects.values_list("words", "number"))


def test_a_page_is_counted_by_item_and_language_whatever_the_address_says_besides(reader):
    goal = make(Goal)
    reader.get(f"/ar/goals/{goal.slug}/")
    reader.get(f"/ar/goals/{goal.slug}/?utm_source=x")
    reader.get(f"/ar/goals/{goal.slug}/parallel/")
    reader.get(f"/en/goals/{goal.slug}/")
    reader.get("/en/goals/")
    reader.get("/en/")
    assert counted() == {
        Page("pages.goal", goal.pk, "ar"): 3,
        Page("pages.goal", goal.pk, "en"): 1,
        Page("goals", 0, "en"): 1,
        Page("home", 0, "en"): 1,
    }


def test_sums_are_added_to_those_that_are_there():
    page, other = Page("home", 0, "en"), Page("goals", 0, "ar")
    counting.count(page)
    assert counted() == {page: 1}
    counting.count(page)
    counting.count(page)
    counting.count(other)
    assert counted() == {page: 3, other: 1}
    assert counted() == {page: 3, other: 1}


def test_what_is_no_visit_is_not_counted(reader, client):
    goal = make(Goal)
    address = f"/ar/goals/{goal.slug}/"
    reader.head(address)
    reader.get("/ar/nothing-here/")
    reader.get("/")
    reader.get("/robots.txt")
    reader.get("/sitemap.xml")
    reader.get("/ar/news.atom")
    reader.get("/ar/search/suggestions/?q=x")
    reader.get("/ar/admin/login/")
    reader.post(address)
    reader.get(f"/ar/goals/{goal.slug}")  # leads to the address with its slash
    for name, value in {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch"}.items():
        reader.get(address, headers={name: value})
    for machine in (
        "",
        "Googlebot/2.1",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "facebookexternalhit/1.1",
        "curl/8.5",
        "WhatsApp/2.23",
    ):
        client.get(address, headers={"User-Agent": machine})
    assert counted() == {}
    reader.get(address)
    assert counted() == {Page("pages.goal", goal.pk, "ar"): 1}


def test_previews_are_not_counted(reader):
    goal = make(Goal)
    working_copies.record(goal, Revision.Action.SAVED)
    reader.force_login(make_user("administrator"))
    assert reader.get(f"/en/admin/pages/goal/{goal.pk}/preview/").status_code == 200
    assert counted() == {}


def test_a_former_address_counts_once_as_the_item(reader):
    item = make(NewsItem)
    item.keep_former_slug("earlier")
    reader.get("/en/news/earlier/", follow=True)
    assert counted() == {Page("news.newsitem", item.pk, "en"): 1}


def test_nothing_of_a_visitor_is_kept(reader):
    reader.get("/ar/?secret=1", headers={"Referer": "https://example.org/from"}, REMOTE_ADDR="203.0.113.9")
    counting.write()
    [row] = Visits.objects.values()
    assert row.keys() == {"id", "day", "kind", "object_id", "language", "number"}
    assert not any(each in str(row) for each in ("203.0", "example.org", "Firefox", "secret"))
    assert reader.cookies == {}


def test_what_cannot_be_written_now_is_written_later(monkeypatch):
    page = Page("home", 0, "en")
    counting.count(page)
    counting.count_fruitless("dragons", "en")

    def fail(*_arguments: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(counting, "_add", fail)
        with pytest.raises(OperationalError):
            counting.write()
    counting.count(page)
    assert (counted(), searched()) == ({page: 2}, {"dragons": 1})


def test_threads_lose_no_visit():
    page = Page("home", 0, "en")
    threads = [Thread(target=lambda: [counting.count(page) for _time in range(2000)]) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == {page: 8000}


def test_a_process_that_ends_keeps_what_it_has_counted():
    worker = SimpleNamespace(watchers=[Watcher({})], wsgi=PageStore(None))
    worker.watchers[0].start()
    counting.count(Page("home", 0, "en"))
    gunicorn.worker_exit(None, worker)
    assert Visits.objects.get().number == 1
    gunicorn.worker_exit(None, object())


def test_the_database_is_asked_once_for_all_pages(django_assert_num_queries):
    for number in range(50):
        counting.count(Page("pages.goal", number + 1, "en"))
    with django_assert_num_queries(3):  # within a savepoint of this test
        counting.write()
    with django_assert_num_queries(0):
        counting.write()


# Searches that found nothing


def test_searches_that_found_nothing_are_counted_in_one_spelling(reader):
    working_copies.record(make(Goal, title_en="Dragons"), Revision.Action.SAVED)
    for words in ("unicorns", "  Unicorns ", "UNICORNS"):
        reader.get("/en/search/", {"q": words})
    reader.get("/ar/search/", {"q": "تنّينٌ"})
    reader.get("/en/search/", {"q": "dragons"})
    reader.get("/en/search/", {"q": "dragons", "kind": "newsitem"})
    reader.get("/en/search/", {"q": ""})
    reader.get("/en/search/", {"q": "griffins"}, headers={"User-Agent": "Googlebot"})
    assert searched() == {"unicorns": 3, "تنين": 1}


@pytest.mark.parametrize(
    "words",
    ["a@example.org", "call +966 13 341 2345", "٠٥٥١٢٣٤٥٦٧", "www.example.org", "x" * 61, "one two three four five six seven"],
)
def test_what_may_be_somebodys_is_not_kept(words):
    counting.count_fruitless(words, "en")
    counting.count_fruitless("vision 2030", "en")
    assert searched() == {"vision 2030": 1}


def test_a_day_has_no_more_words_than_it_may(monkeypatch):
    monkeypatch.setattr(counting, "MOST_SEARCHES", 3)
    for words in ("a1", "b1", "c1", "d1"):
        counting.count_fruitless(words, "en")
    assert searched() == {"a1": 1, "b1": 1, "c1": 1}
    counting.count_fruitless("d1", "en")
    counting.count_fruitless("a1", "en")
    assert searched() == {"a1": 2, "b1": 1, "c1": 1}


def test_counts_are_deleted_when_they_are_old_and_single_searches_soon():
    today = TODAY()

    def search(words: str, days: int, number: int) -> None:
        FruitlessSearch.objects.create(day=today - timedelta(days=days), language="en", words=words, number=number)

    search("once", 31, 1)
    search("once, lately", 29, 1)
    search("twice", 31, 2)
    search("on two days", 40, 1)
    search("on two days", 35, 1)
    search("long ago", 401, 9)
    Visits.objects.create(day=today - timedelta(days=801), kind="home", language="en", number=1)
    Visits.objects.create(day=today - timedelta(days=799), kind="home", language="en", number=1)
    counting.forget()
    assert set(FruitlessSearch.objects.values_list("words", flat=True)) == {"once, lately", "twice", "on two days"}
    assert Visits.objects.count() == 1
