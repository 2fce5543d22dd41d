"""What the processes know of each other: places for their counts, and who still begins."""

import threading
import time
from types import SimpleNamespace

import pytest

from conference_site.operations import gunicorn


@pytest.fixture(autouse=True)
def _nobody_begins():
    gunicorn.beginning[:] = bytes(len(gunicorn.beginning))
    yield
    gunicorn.beginning[:] = bytes(len(gunicorn.beginning))


def begun(*places: int) -> SimpleNamespace:
    """A process that begins beside those that have these places."""
    worker = SimpleNamespace(left=threading.Event())
    worker.handle_exit = lambda _signal, _frame: worker.left.set()
    gunicorn.pre_fork(SimpleNamespace(WORKERS={place: SimpleNamespace(place=place) for place in places}), worker)
    return worker


def test_a_process_takes_the_first_free_place():
    assert [begun(*places).place for places in [(), (0,), (0, 1), (1, 2), (0, 2, 3)]] == [0, 1, 2, 0, 1]
    most = range(2 * gunicorn.MOST_WORKERS)
    assert begun(*most).place == len(gunicorn.beginning) - 1


def test_only_who_begins_while_others_serve_takes_its_time():
    first, second = begun(), begun(0)
    gunicorn.beginning[0] = gunicorn.beginning[1] = 0
    assert (first.is_spare, second.is_spare, begun(0, 1).is_spare) == (False, False, True)


def test_who_is_replaced_goes_on_until_all_successors_answer():
    former, successors = SimpleNamespace(left=threading.Event()), [begun(0), begun(0, 1)]
    former.handle_exit = lambda _signal, _frame: former.left.set()
    leaving = threading.Thread(target=gunicorn.give_way, args=[former])
    leaving.start()
    for successor in successors:
        assert not former.left.wait(0.15)
        gunicorn.beginning[successor.place] = 0
    assert former.left.wait(5)
    leaving.join()


def test_a_successor_that_died_is_not_waited_for(monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "gauge_livesum_1.db").touch()
    (tmp_path / "counter_1.db").touch()
    former, successor = begun(), begun(0)
    gunicorn.beginning[former.place] = 0
    gunicorn.child_exit(None, successor)
    time_taken(lambda: gunicorn.give_way(former), at_most=1)
    assert former.left.is_set()
    assert [path.name for path in tmp_path.iterdir()] == ["counter_1.db"]


def test_folders_of_servers_that_were_killed_go(monkeypatch, tmp_path):
    monkeypatch.setattr(gunicorn, "worker_tmp_dir", str(tmp_path))
    (tmp_path / "conference-metrics-999999999-x").mkdir()
    first, second = gunicorn.metrics_folder(), gunicorn.metrics_folder()
    assert {str(path) for path in tmp_path.iterdir()} == {first, second}


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(gunicorn, "patience", 0.2)
    former = begun()
    time_taken(lambda: gunicorn.give_way(former), at_most=2)
    assert former.left.is_set()


def time_taken(act, at_most: float) -> None:
    begun_at = time.monotonic()
    act()
    assert time.monotonic() - begun_at < at_most
