"""What a process renders before anybody is sent to it, while others still serve: pages that were asked for lately.

Else all that is asked for at once after a reload is rendered at once, by every process, and readers of held pages wait behind it.
"""

import time
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings

from conference_site.delivery.disk import Disk

MOST, SECONDS = 100, 5.0


def warm(application: Callable, disk: Disk, most: int = MOST, seconds: float = SECONDS) -> int:
    """Ask for up to ``most`` pages, for so long; returns how many there were."""
    until, number = time.monotonic() + seconds, 0
    for path in disk.newest(most):
        if time.monotonic() > until:
            break
        answer = application(request(path), lambda status, headers: None)
        if close := getattr(answer, "close", None):
            close()
        number += 1
    return number


def request(path: str) -> dict:
    """As a proxy would ask on behalf of a machine, which is not counted as a visit."""
    address = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": address.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": address.netloc,
        "HTTP_X_FORWARDED_PROTO": address.scheme,
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": BytesIO(),
    }
