"""What a process renders before anybody is sent to it, while others still serve: the pages that were read there lately.

Else all that is asked for at once after a reload is rendered at once, by every process, and readers of held pages wait behind it.
"""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from conference_site.delivery.metrics import FOLDER, PLACE
from conference_site.delivery.pages import Pages

MOST, SECONDS = 100, 5.0
"""So many pages, for so long: who comes instead of somebody must not be waited for too long."""


def note(pages: Pages) -> None:
    """Let others on this host know what this process was asked for lately."""
    if folder := os.environ.get(FOLDER):
        unfinished = Path(folder) / f"read-{os.environ.get(PLACE)}.new"
        unfinished.write_text(json.dumps(pages.newest(MOST)))
        unfinished.replace(unfinished.with_suffix(".json"))


def known() -> list[str]:
    """What any process of this host was asked for lately."""
    found: dict[str, None] = {}
    for path in Path(os.environ.get(FOLDER, "nowhere")).glob("read-*.json"):
        with suppress(OSError, ValueError):
            found |= dict.fromkeys(json.loads(path.read_text()))
    return list(found)[:MOST]


def warm(application: Callable, seconds: float = SECONDS) -> None:
    """Ask for it."""
    until = time.monotonic() + seconds
    for key in known():
        if time.monotonic() > until:
            break
        answer = application(request(key), lambda status, headers: None)
        if close := getattr(answer, "close", None):
            close()


def request(key: str) -> dict:
    """As a proxy would ask on behalf of a machine, which is not counted as a visit."""
    address, (path, _mark, query) = urlsplit(settings.SITE_URL), key.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": address.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": address.netloc,
        "HTTP_X_FORWARDED_PROTO": address.scheme,
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": BytesIO(),
    }
