"""Who is acting: said to the database, whose triggers write the log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from conference_site.delivery.middleware import READING, is_desk


@contextmanager
def acting(user: User | None, via: str = "") -> Iterator[None]:
    """What is written within the block, in however many transactions, is logged as done by ``user``; None: by nobody known."""
    _say(json.dumps({"id": user and user.pk, "name": user.get_username() if user else "", "via": via}))
    try:
        yield
    finally:
        if not connection.needs_rollback:  # else it is undone with the transaction
            _say("")


def _say(actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.actor', %s, false)", [actor])


class ActingMiddleware:
    """Names the user in every request of the desk that may change something: two statements, and none where a page is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING or not is_desk(request.path_info):
            return self.get_response(request)
        with acting(request.user if request.user.is_authenticated else None, _view_name(request.path_info)):
            return self.get_response(request)


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
