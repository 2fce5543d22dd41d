"""The log: which request a line belongs to, and what must not stand in it.

A line of JSON has the fields that are named here and no others: whatever a library adds to a record (Django adds the request) is
left out, and with it addresses, query strings, names and browsers.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

FIELDS = ("milliseconds", "queries", "query_milliseconds", "slowest")
"""What a record may bring with it (``extra``)."""
VALUES = re.compile(r"(?m)^\s*DETAIL: .*$| from ip=\S*(?=:)")
"""Values of rows in what PostgreSQL says of an error, and visitors' addresses in what gunicorn says of a broken request."""
QUERY = re.compile(r"(/[^\s?]*)\?\S+")
"""An address with a query string."""
SECRETS = {"token", "uidb64", "signed"}
"""Arguments of URL patterns that open what others may not see."""

current: ContextVar["Current | None"] = ContextVar("current", default=None)


class Current:
    """The request that this thread answers."""

    def __init__(self, identifier: str, request: "HttpRequest") -> None:
        self.identifier, self._request = identifier, request

    @property
    def route(self) -> str:
        """The name of the URL pattern, never the address."""
        if match := self._request.resolver_match:
            return match.view_name
        return "static" if self._request.path_info.startswith(settings.STATIC_URL) else "none"

    @property
    def secrets(self) -> list[str]:
        match = self._request.resolver_match
        return [str(value) for name, value in match.kwargs.items() if name in SECRETS and value] if match else []


def clean(text: str) -> str:
    """Without what nobody should find in a log."""
    text = QUERY.sub(r"\1", VALUES.sub("", text))
    if now := current.get():
        for secret in now.secrets:
            text = text.replace(secret, "…")
    return text


class RequestFilter(logging.Filter):
    """Says of each record which request it belongs to; outside of one, none."""

    def filter(self, record: logging.LogRecord) -> bool:
        now = current.get()
        record.request_id, record.route = (now.identifier, now.route) if now else ("", "")
        return True


class LineFormatter(logging.Formatter):
    """For the eye."""

    def format(self, record: logging.LogRecord) -> str:
        slowest = [f"\n  {query['milliseconds']} ms {query['sql']}" for query in getattr(record, "slowest", [])]
        return clean(super().format(record)) + "".join(slowest)


class JsonFormatter(logging.Formatter):
    """For machines: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage()),
            "process": record.process,
            "request_id": getattr(record, "request_id", ""),
            "route": getattr(record, "route", ""),
            "status": getattr(record, "status_code", ""),
            **{name: getattr(record, name, "") for name in FIELDS},
            "exception": clean(self.formatException(record.exc_info)) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in said.items() if value not in ("", None)}, ensure_ascii=False)
