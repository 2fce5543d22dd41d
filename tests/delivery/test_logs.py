"""The log: what a line says, what it never says, and which request it belongs to."""

import json
import logging
import sys
import time

import pytest
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from conference_site.delivery import logs, requests
from conference_site.delivery.logs import JsonFormatter, LineFormatter, RequestFilter
from conference_site.delivery.middleware import SHARED
from conference_site.delivery.requests import RequestMiddleware, shortened
from tests.delivery.test_store import Answer

GIVEN = "0f1e2d3c-0001"


def line(message: str, *args: object, **extra: object) -> dict:
    record = logging.LogRecord(
        "site.test", logging.ERROR, __file__, 1, message, args, sys.exc_info() if sys.exc_info()[0] else None
    )
    record.__dict__.update(extra)
    RequestFilter().filter(record)
    return json.loads(JsonFormatter().format(record))


def test_a_line_has_the_fields_that_are_named_and_no_others():
    request = RequestFactory().get("/en/search/?q=private")
    said = line("%s failed", "It", request=request, status_code=500, user="somebody", milliseconds=3)
    assert {name: value for name, value in said.items() if name not in ("time", "process")} == {
        "level": "ERROR",
        "logger": "site.test",
        "message": "It failed",
        "status": 500,
        "milliseconds": 3,
    }
    assert said["time"].endswith("+00:00")


def test_what_a_database_and_a_server_say_of_people_is_left_out():
    name = "mariam"
    try:
        raise IntegrityError(f'violates "unique"\nDETAIL:  Key (username)=({name}) already exists.')
    except IntegrityError:
        said = line("Invalid request from ip=192.0.2.7: %s", "Error handling request GET /en/search/?q=private x")
    assert said["exception"].splitlines()[-1] == 'django.db.utils.IntegrityError: violates "unique"'
    assert name not in said["exception"]
    assert said["message"] == "Invalid request: Error handling request GET /en/search/ x"


def test_a_secret_of_an_address_is_not_logged(rf):
    request = rf.get("/en/preview/sesame-123/")
    request.resolver_match = type("Match", (), {"view_name": "preview", "kwargs": {"token": "sesame-123"}})
    token = logs.current.set(logs.Current("abc", request))
    try:
        said = line("Internal Server Error: %s", request.path)
    finally:
        logs.current.reset(token)
    assert (said["message"], said["route"], said["request_id"]) == ("Internal Server Error: /en/preview/…/", "preview", "abc")


def test_a_line_for_the_eye_has_the_slowest_queries_below_it():
    record = logging.LogRecord("a", logging.WARNING, __file__, 1, "slow", (), None)
    record.slowest = [{"milliseconds": 12, "sql": "SELECT 1"}]
    assert LineFormatter("{levelname} {message}", style="{").format(record) == "WARNING slow\n  12 ms SELECT 1"


# Names of requests


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (0, GIVEN, False),
        (1, "short", False),
        (1, "a" * 65, False),
        (1, "a b c d e f g", False),
        (1, "é" * 10, False),
    ],
)
def test_only_a_trusted_proxy_names_a_request(rf, settings, proxies, given, is_taken):
    settings.TRUSTED_PROXIES = proxies
    response = RequestMiddleware(lambda request: HttpResponse())(rf.get("/en/", headers={"x-request-id": given}))
    name = response.headers["X-Request-ID"]
    assert (name == given, bool(requests.NAME.fullmatch(name))) == (is_taken, True)


@pytest.mark.parametrize(
    ("kept", "has_name"),
    [("", True), ("no-store", True), ("max-age=0, private", True), (SHARED, False), ("max-age=315360000, public", False)],
)
def test_what_others_may_get_too_has_no_name(rf, kept, has_name):
    response = RequestMiddleware(lambda request: HttpResponse(headers={"Cache-Control": kept}))(rf.get("/en/"))
    assert ("X-Request-ID" in response.headers) == has_name


@pytest.mark.django_db
def test_no_page_of_the_store_has_a_name_but_its_rendering_has(store, settings, monkeypatch):
    settings.TRUSTED_PROXIES, named = 1, []
    monkeypatch.setattr("conference_site.views.overview", lambda: named.append(logs.current.get().identifier) or {})
    answers = [Answer(store, "/en/", x_request_id=GIVEN) for _each in range(2)]
    assert [(answer.how, "X-Request-ID" in answer.headers) for answer in answers] == [("fwd=miss; stored", False), ("hit", False)]
    assert named == [GIVEN]
    assert Answer(store, "/en/nothing/", x_request_id=GIVEN).headers["X-Request-ID"] == GIVEN
    assert logs.current.get() is None


# Slow pages


@pytest.mark.django_db
def test_a_slow_page_is_logged_with_its_queries_and_without_their_values(rf, settings, caplog):
    settings.SLOW_MS = 20

    def view(request):
        request.resolver_match = type("Match", (), {"view_name": "slow", "kwargs": {}})
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", ["a private word"])
            cursor.execute("SELECT pg_sleep(%s)", [0.03])
        return HttpResponse()

    RequestMiddleware(view)(rf.get("/en/?q=private"))
    [record] = caplog.records
    assert record.getMessage().startswith("slow was slow: ")
    assert (record.queries, record.milliseconds >= 30, record.query_milliseconds >= 30) == (2, True, True)
    assert [query["sql"] for query in record.slowest] == ["SELECT pg_sleep(%s)", "SELECT %s"]
    assert "private" not in JsonFormatter().format(record) + LineFormatter().format(record)
    settings.SLOW_MS = 10_000
    RequestMiddleware(view)(rf.get("/en/"))
    assert len(caplog.records) == 1


def test_of_a_long_query_both_ends_are_shown():
    assert shortened("SELECT\n  1") == "SELECT 1"
    text = shortened("SELECT " + "x" * 2_000 + " WHERE y")
    assert (len(text), text[:6], text[-7:]) == (requests.BEGINNING + requests.END + 3, "SELECT", "WHERE y")


def test_counting_queries_costs_little():
    """A query over a socket takes some hundred microseconds."""
    queries, begun = requests.Queries(), time.perf_counter()
    for _each in range(1_000):
        queries(lambda *args: None, "SELECT 1", None, False, {})
    assert time.perf_counter() - begun < 0.05
