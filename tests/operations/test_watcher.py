"""What happens without a visitor: see conference_site/operations/watcher.py."""

import logging
import time
from threading import Event

import pytest
from django.db import OperationalError, connections

from conference_site.delivery import metrics
from conference_site.operations import watcher

HERE = f"{__name__}."
calls = []
called = Event()


def count() -> int:
    calls.append(1)
    called.set()
    return len(calls)


def ask_again_at_once() -> float:
    calls.append(1)
    if len(calls) == 3:
        called.set()
    return -0.5 if len(calls) < 3 else 60


def fail_first() -> None:
    calls.append(1)
    if len(calls) == 1:
        raise LookupError("for once")
    called.set()


def lose_the_database_first() -> None:
    calls.append(1)
    if len(calls) == 1:
        raise OperationalError("the database is away")
    called.set()


@pytest.fixture(autouse=True)
def _nothing_called():
    calls.clear()
    called.clear()


@pytest.fixture
def watching(monkeypatch, db):
    """Starts a watcher of this module's functions."""
    monkeypatch.setattr(watcher, "PAUSE", 0.01)
    started = []

    def start(**names: float) -> watcher.Watcher:
        started.append(watcher.Watcher({HERE + name: seconds for name, seconds in names.items()}))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.stop()
        assert not each.is_alive()


@pytest.mark.django_db
def test_one_process_looks_at_a_time():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [HERE + "count"])
            assert (watcher.look(HERE + "count"), calls) == (None, [])
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [HERE + "count"])
            assert (watcher.look(HERE + "count"), calls) == (1, [1])
            assert watcher.look(HERE + "count") == 2  # the lock was given back
    finally:
        other.close()


@pytest.mark.django_db
def test_a_failure_gives_the_lock_back():
    with pytest.raises(LookupError):
        watcher.look(HERE + "fail_first")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [HERE + "fail_first"])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()


def test_it_looks_again_and_again(watching):
    watching(count=0.01)
    for _ in range(3):
        assert called.wait(10)
        called.clear()


def test_a_function_may_ask_to_be_called_sooner(watching):
    watching(ask_again_at_once=60)
    assert called.wait(10)


@pytest.mark.parametrize(
    ("name", "level"), [("fail_first", logging.ERROR), ("lose_the_database_first", logging.WARNING)], ids=["a bug", "no database"]
)
def test_a_failure_is_logged_and_ends_nothing(watching, caplog, name, level):
    watching(**{name: 0.01})
    assert called.wait(10)
    assert [record.levelno for record in caplog.records if record.name == watcher.__name__] == [level]


@pytest.mark.django_db
def test_what_came_to_its_end_and_what_failed_is_counted():
    def failures() -> float:
        return metrics.FAILED.labels(HERE + "fail_first")._value.get()

    before, failed = time.time(), failures()
    watcher.look(HERE + "count")
    assert metrics.SUCCEEDED.labels(HERE + "count")._value.get() >= before
    calls.clear()  # so that it fails
    watcher.Watcher({HERE + "fail_first": 60})._look(HERE + "fail_first")
    assert failures() == failed + 1


def test_without_anything_to_look_for_it_ends(watching):
    watching().join(5)


def test_every_function_that_is_named_is_there(settings):
    from django.utils.module_loading import import_string

    assert [name for group in settings.WATCHED for name in group if not callable(import_string(name))] == []
