"""What is known of each request that Django answers: its name in the log, how it was counted, what its queries took."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from conference_site.delivery import metrics
from conference_site.delivery.logs import Current, current
from conference_site.delivery.middleware import RENDERING, is_desk

log = logging.getLogger(__name__)

GIVEN = "delivery.request_id"
"""In the environment of a request for the page store, which is told no header: the name that a proxy gave it."""
NAME = re.compile(r"[A-Za-z0-9-]{8,64}")
MOST_SLOW, BEGINNING, END = 5, 150, 400
"""Queries of a slow page that are logged, and letters of each: what is between are columns."""


class Queries:
    """An ``execute_wrapper`` that keeps what each query took, and never its parameters."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, str]] = []

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.taken.append((time.perf_counter() - begun, sql))

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _sql in self.taken)

    def slowest(self) -> list[dict]:
        slow = sorted(self.taken, key=lambda query: query[0], reverse=True)[:MOST_SLOW]
        return [{"milliseconds": round(seconds * 1000), "sql": shortened(sql)} for seconds, sql in slow]


def shortened(sql: object) -> str:
    text = " ".join(str(sql).split())
    return text if len(text) <= BEGINNING + END else f"{text[:BEGINNING]} … {text[-END:]}"


def is_for_others(response: HttpResponse) -> bool:
    """Whether a cache may answer others with it."""
    said = response.headers.get("Cache-Control", "")
    return "max-age" in said and "private" not in said


class RequestMiddleware:
    """Names each request, counts its answer, and logs what was slow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now, queries, begun = Current(identifier(request.META), request), Queries(), time.perf_counter()
        token = current.set(now)
        try:
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            self._note(request, response, now, queries, time.perf_counter() - begun)
        finally:
            current.reset(token)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, now: Current, queries: Queries, seconds: float) -> None:
        rendering = request.META.get(RENDERING)
        if rendering:
            rendering.route = now.route  # the page store counts it, for only there it is known what was sent
        else:
            metrics.count(now.route, request.method, f"{response.status_code // 100}xx", "passed")
        if not is_for_others(response):
            response.headers["X-Request-ID"] = now.identifier
        if request.resolver_match and not response.streaming:
            part = "desk" if is_desk(request.path_info) else "site"
            metrics.RENDERING.labels(part).observe(seconds)
            metrics.QUERYING.labels(part).observe(queries.seconds)
            metrics.QUERIES.labels(part).observe(len(queries.taken))
            if seconds * 1000 >= settings.SLOW_MS:
                say_slow(now.route, response.status_code, seconds, queries)


def identifier(environ: dict) -> str:
    """The name that a trusted proxy gave the request, else a new one."""
    given = environ.get(GIVEN) or environ.get("HTTP_X_REQUEST_ID") or ""
    return given if settings.TRUSTED_PROXIES and NAME.fullmatch(given) else uuid4().hex


def say_slow(route: str, status: int, seconds: float, queries: Queries) -> None:
    milliseconds, querying, number = round(seconds * 1000), round(queries.seconds * 1000), len(queries.taken)
    log.warning(
        "%s was slow: %s ms, of which %s queries took %s ms",
        route,
        milliseconds,
        number,
        querying,
        extra={
            "status_code": status,
            "milliseconds": milliseconds,
            "queries": number,
            "query_milliseconds": querying,
            "slowest": queries.slowest(),
        },
    )
