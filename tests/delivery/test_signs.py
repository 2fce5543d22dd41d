"""/healthz, /readyz and /metrics, as the application server asks for them."""

import json
import time
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder

from conference_site.delivery import signs as signs_of_life
from conference_site.delivery.pages import Pages, StoredPage
from conference_site.delivery.signs import Signs, folder_check, unapplied
from tests.delivery.test_store import Answer, SetReader

pytestmark = pytest.mark.django_db
TOKEN = "a token of more than twenty letters"
LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}


class KnownReader(SetReader):
    """A reader that has read."""

    read_at = changed_at = 1.0

    def is_there(self) -> bool:
        return self.now is not None


@pytest.fixture
def reader() -> KnownReader:
    return KnownReader()


@pytest.fixture
def signs(reader, tmp_path, settings, monkeypatch) -> Signs:
    monkeypatch.setattr("django.db.connection.close", lambda: None)  # it is the test's
    settings.MEDIA_ROOT = tmp_path / "media"
    return Signs(Pages(1_000_000), tmp_path / "pages", reader)


def said(signs: Signs) -> tuple[str, dict]:
    """Status and states."""
    begun = []
    [body] = signs.answer({"PATH_INFO": "/readyz", "REQUEST_METHOD": "GET"}, lambda status, headers: begun.append(status))
    answer = json.loads(body)
    assert answer["ready"] == begun[0].startswith("200")
    return begun[0], {name: check["state"] for name, check in answer["checks"].items() if not check["passes"]}


def test_the_process_is_alive_under_any_name(store, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Answer(store, "/healthz", host="10.0.0.7")
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert Answer(store, "/healthz", "HEAD").body == b""
    assert Answer(store, "/healthz", "POST").status == 405


def test_it_is_ready_when_all_is_well_and_asks_nothing_then(signs, django_assert_num_queries):
    assert said(signs)[1] == dict.fromkeys(["migrations", "pages", "media"], "not looked at yet")
    signs.look()
    with django_assert_num_queries(0):
        assert said(signs) == ("200 OK", {})
        signs.look()


def test_in_an_outage_it_is_ready_if_it_holds_something(signs, reader, tmp_path):
    reader.now = None
    signs.look()
    assert said(signs) == ("503 Service Unavailable", {"database": "away, nothing is held"})
    signs._pages.put("/en/", StoredPage([], b"x", None))
    assert said(signs) == ("200 OK", {})
    signs._pages.drop("/en/")
    (tmp_path / "pages" / "ab").mkdir()
    (tmp_path / "pages" / "ab" / "cd.page").write_bytes(b"x")
    signs.look()
    assert said(signs) == ("200 OK", {})


def test_it_is_not_ready_before_the_migrations_are_applied(signs, reader):
    MigrationRecorder.Migration.objects.filter(app="delivery").delete()
    assert unapplied() == [("delivery", "0001_version")]
    signs.look()
    assert said(signs)[1] == {"migrations": "1 not applied"}
    MigrationRecorder.Migration.objects.create(app="delivery", name="0001_version")
    MigrationRecorder.Migration.objects.create(app="delivery", name="0002_of_newer_code")
    signs.look()
    assert said(signs) == ("200 OK", {})


def test_folders_have_to_take_something(signs, tmp_path, settings):
    (tmp_path / "media").write_text("a file where the folder should be")
    signs.look()
    assert said(signs)[1] == {"media": "not writable: File exists"}
    assert folder_check(Path("/proc")).passes is False
    settings.LEAST_FREE_BYTES = 10**18
    assert folder_check(tmp_path) == (False, "hardly any room left")


def test_what_was_looked_at_long_ago_counts_for_nothing(signs, monkeypatch):
    signs.look()
    now = time.monotonic()
    monkeypatch.setattr(signs_of_life.time, "monotonic", lambda: now + signs_of_life.STUCK + 1)
    assert said(signs)[1] == {"pages": "gives no answer", "media": "gives no answer"}


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}, 404),
        ({"REMOTE_ADDR": "192.0.2.1"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer "}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}é"}, 404),
    ],
)
def test_numbers_are_for_this_host_and_whoever_has_the_token(store, settings, environ, status):
    settings.METRICS_TOKEN = TOKEN
    assert asked(store, "/metrics", **environ).status == status


def test_without_a_token_nobody_has_it(store):
    for given in ("Bearer ", "Bearer", ""):
        assert asked(store, "/metrics", REMOTE_ADDR="192.0.2.1", HTTP_AUTHORIZATION=given).status == 404


def asked(store, path: str, method: str = "GET", **environ: str) -> Answer:
    return Answer(lambda given, start: store(given | environ, start), path, method)


def numbers(store) -> dict[str, float]:
    lines = asked(store, "/metrics", **LOOPBACK).body.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_each_answer_is_counted_once(store, reader):
    before = numbers(store)
    first = Answer(store, "/en/")
    Answer(store, "/en/", "HEAD")
    Answer(store, "/en/", if_none_match=first.headers["ETag"])
    Answer(store, "/en/search/?q=x")
    Answer(store, "/en/nothing/")
    Answer(store, "/en/", "BREW")
    reader.now = None
    Answer(store, "/en/")
    Answer(store, "/en/goals/")
    after = numbers(store)
    counted = {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if name.startswith("site_requests_total") and value != before.get(name, 0)
    }
    assert counted == {
        f'site_requests_total{{how="{how}",method="{method}",route="{route}",status="{status}"}}': 1
        for route, method, status, how in [
            ("home", "GET", "2xx", "miss"),
            ("home", "HEAD", "2xx", "hit"),
            ("home", "GET", "3xx", "hit"),
            ("search", "GET", "2xx", "passed"),
            ("page", "GET", "4xx", "passed"),
            ("none", "other", "4xx", "passed"),
            ("home", "GET", "2xx", "outage"),
            ("none", "GET", "5xx", "passed"),
        ]
    }
    rendered = 'site_rendering_seconds_count{part="site"}'
    assert after[rendered] - before.get(rendered, 0) == 3


def test_a_page_from_the_disk_is_counted_under_its_name(store, reader):
    from tests.delivery.test_store import written

    Answer(store, "/en/goals/")
    written(store)
    assert store.disk.read("/en/goals/").route == "goals"
    assert reader.is_there()
