"""What the log and the count cost: `make proof-log`. Each is measured with and without in turns, in one run."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from conference_site.audit import reading, tables
from conference_site.audit.models import Entry
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision
from conference_site.visits import counting
from conference_site.visits.middleware import VisitsMiddleware
from news.models import NewsItem, Topic
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

ROUNDS = 10
MILLION = """
    INSERT INTO audit_entry
        (happened_at, user_key, who, action, model, row_id, item_model, item_id, item_name, old, new)
    SELECT now() - make_interval(secs => n * 30), n % 20, 'user' || n % 20,
        (ARRAY['insert', 'update', 'published'])[1 + n % 3],
        'news.newsitem', n % 10000, 'news.newsitem', n % 10000, 'Item ' || n % 10000,
        '{"title_en": "One"}', jsonb_build_object('title_en', 'Two ' || n)
    FROM generate_series(1, 1000000) n
"""
BODY = "<p>" + " كلمة من كلمات النص" * 50 + "</p>"


def in_turns(switch: Callable[[bool], None], act: Callable[[], None], times: int, clock=time.perf_counter) -> tuple[float, float]:
    """The seconds of ``times`` acts, with and without: the quickest of some rounds, which other programs disturbed least."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * ROUNDS):
        is_with = number % 2 == 0
        switch(is_with)
        begun = clock()
        for _time in range(times):
            act()
        seconds[is_with].append(clock() - begun)
    switch(True)
    return min(seconds[True]), min(seconds[False])


def switch_log(is_on: bool) -> None:
    """All triggers of the log, table by table."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in tables._triggers():
            cursor.execute(f'ALTER TABLE "{table}" {"ENABLE" if is_on else "DISABLE"} TRIGGER {name}')


def test_saving_and_publishing_cost_little_more(capsys):
    user, numbers = make_user("editor"), iter(range(10**6))
    item = make(NewsItem, body_ar=BODY, body_en=BODY)
    item.topics.add(*[Topic.objects.create(slug=f"t{number}", name_en="T") for number in range(3)])
    working_copies.record(item, Revision.Action.SAVED, user)

    def act() -> None:
        edit(item, title_en=f"Title {next(numbers)}", body_en=BODY + f"<p>{next(numbers)}</p>")
        working_copies.publish(item, ["ar", "en"], user)

    logged, bare = in_turns(switch_log, act, 10)
    with capsys.disabled():
        print(f"\n100 saves and publications: {logged * 10:.2f} s with the log, {bare * 10:.2f} s without: {logged / bare:.2f}")
    assert logged / bare < 1.25


def test_a_public_page_costs_no_more(capsys, monkeypatch):
    client = Client(headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})
    make(NewsItem)
    counted = VisitsMiddleware.__call__

    def switch_count(is_on: bool) -> None:
        monkeypatch.setattr(VisitsMiddleware, "__call__", counted if is_on else lambda self, request: self.get_response(request))

    on, off = in_turns(switch_count, lambda: client.get("/ar/goals/"), 20, time.process_time)
    with capsys.disabled():
        print(f"\nRequests a second of one processor: {20 / on:.0f} counted, {20 / off:.0f} not: {off / on:.3f}")
    counting.write()
    assert off / on > 0.95


def test_a_page_of_a_long_log_is_fast(capsys):
    with connection.cursor() as cursor:
        cursor.execute(MILLION)
        cursor.execute("ANALYZE audit_entry")
    asked = {
        "all": {},
        "of a user": {"who": "user7"},
        "of an item": {"item": "news.newsitem:77"},
        "of an action": {"action": "published"},
        "of a period": {"since": "2026-01-01", "until": "2026-06-01"},
        "with a rare text": {"q": "two 4999"},
        "of nobody": {"who": "nobody"},
    }
    client = Client()
    user = make_user("administrator")
    client.force_login(user)
    seconds = {}
    for name, query in asked.items():
        for _time in range(2):
            begun = time.perf_counter()
            assert client.get("/en/admin/log/", query).status_code == 200
            seconds[name] = round(time.perf_counter() - begun, 3)
    with capsys.disabled():
        print(f"\nA page of a log of {Entry.objects.count():,} entries, in seconds: {seconds}")
    assert max(seconds.values()) < 1
    assert reading.PER_PAGE == 30
