"""The page store: finished public pages in the memory of each process, ahead of Django.

A page carries the version under which it began to be rendered, and counts as long as that is the version of what is public. So an
old rendering can't be taken for a new one, however long it took. What is old stays until it is replaced, for when the database is
away or a rendering fails. Nothing is kept but answers of which Django says so (`middleware.StoreMiddleware`).
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from conference_site.delivery.disk import Disk
from conference_site.delivery.metrics import count
from conference_site.delivery.middleware import AWAY, RENDERING, WITHOUT_DATABASE
from conference_site.delivery.pages import HIT, Headers, Pages, StoredPage, codings, is_unchanged
from conference_site.delivery.requests import GIVEN
from conference_site.delivery.signs import Signs
from conference_site.delivery.version import Reader, Version
from conference_site.visits import counting
from conference_site.visits.middleware import is_read_by_somebody

log = logging.getLogger(__name__)

Application = Callable[[dict, Callable], Iterable[bytes]]

NEVER = {"admin", "search", "preview"}
"""First segments, after the language, of what is never kept: it is somebody's own, or there is no end of it."""
FILE = re.compile(r"/[^/]+/documents/[^/]+/file/")
"""The address of a document's file, which browsers ask for in parts, and whether it has changed: it is too large to be kept."""
"""First segments of what has no language, and is answered without a database or knows by itself what to do."""
QUERY = {"before", "after"}
"""The parameters of which pages know anything. Others are not seen by pages that are kept, and make no page of their own."""
PROTOCOL = "HTTP_X_FORWARDED_PROTO"
"""What a proxy says of the protocol; without one, nobody's word is taken."""
GONE = ("301", "404", "410")
STORED = ("Cache-Status", "page-store; fwd=miss; stored")
OUTAGE = ("Cache-Status", "page-store; hit; detail=outage")
FAILED = ("Cache-Status", "page-store; hit; detail=failed")
COUNTED_AS = {HIT: "hit", OUTAGE: "outage", FAILED: "failed", STORED: "miss"}
UNTIL = "X-Accel-Expires"
"""In which second nginx may last send an answer again. A term it counts in whole seconds, so that one may last two."""


@dataclass
class Rendering:
    """The version under which it began, and what Django says: whether the answer may be kept, whether it depends on the query,
    what a visit of it counts as, and the name of its URL pattern.
    """

    version: Version
    is_storable: bool = False
    reads_query: bool = True
    route: str = "none"
    visited: counting.Page | None = None


class PageStore:
    """A WSGI application around Django's. Until it is started it passes everything through."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._reader: Reader | None = None

    def start(self, reader: Reader | None = None) -> None:
        """In each worker, after the fork: threads and connections are each process's own."""
        self.pages, self.disk = Pages(settings.PAGE_STORE_BYTES), Disk(Path(settings.PAGE_STORE_DIR))
        self._locks = [Lock() for _each in range(256)]
        self._reader = reader or Reader()
        self.signs = Signs(self.pages, self.disk.folder, self._reader)
        self._reader.start()
        self.disk.start()

    def wait(self) -> None:
        """Until it is known what is public, or that the database is away: two seconds at most."""
        self._reader.version()

    def stop(self) -> None:
        if self._reader:
            self._reader.stop()
            self.signs.stop()
            self.disk.stop()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if self._reader is None:
            return self._application(environ, start_response)
        key = _key(environ)
        if key is None:
            return self._pass(environ, start_response)
        key = self._without_idle_query(key)
        version, page = self._reader.version(), self.pages.get(key)
        if page is not None and page.version == version and version is not None:
            return self._answer(environ, start_response, key, page)
        if version is None:
            return self._answer_without_database(environ, start_response, key)
        with self._locks[hash(key) % len(self._locks)]:  # of those who ask for a page at once, one renders it
            version, page = self._reader.version(), self.pages.get(key)
            if version is None:
                return self._answer_without_database(environ, start_response, key)
            if page is not None and page.version == version:
                return self._answer(environ, start_response, key, page)
            return self._render(environ, start_response, key, version)

    def _without_idle_query(self, key: str) -> str:
        """The address alone, where the page that is held there knows nothing of queries."""
        path, mark, _query = key.partition("?")
        page = self.pages.get(path) if mark else None
        return path if page and not page.reads_query else key

    def _pass(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """To Django, which says so where it would need a database that is away; but for signs of life."""
        sign = self.signs.answer(environ, start_response)
        if sign is not None:
            return sign
        is_needed = _segments(environ)[0] not in WITHOUT_DATABASE
        if self._reader.version() is None if is_needed else not self._reader.is_there():
            environ[AWAY] = True
        return self._ask(environ, start_response)

    def _ask(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Django, of which a part reads no weights (a coding with ``q=0``), and another sends a body to a HEAD."""
        if accepted := environ.get("HTTP_ACCEPT_ENCODING"):
            environ["HTTP_ACCEPT_ENCODING"] = ", ".join(codings(accepted))
        answer = self._application(environ, start_response)
        return _closed(answer) if environ["REQUEST_METHOD"] == "HEAD" else answer

    def _answer(
        self, environ: dict, start_response: Callable, key: str, page: StoredPage, mark: tuple = HIT, begun: float | None = None
    ) -> Iterable[bytes]:
        """nginx may send it until the end of the second in which its rendering has ``begun``, else of this one: what took long
        is old when it arrives, and must not count in the place of what is newer.

        In an outage, and where a rendering failed, the tag is another: a cache that is told “unchanged” goes on sending what it
        has, headers included, and would leave out what is said of this answer, or still say it later.
        """
        coding, size = page.best_coding(environ.get("HTTP_ACCEPT_ENCODING", "")), len(page.coded)
        coded, is_get = page.in_coding(coding), environ["REQUEST_METHOD"] == "GET"
        if mark is OUTAGE or mark is FAILED:
            coded = coded.marked(mark)
        if len(page.coded) != size:
            self.pages.put(key, page)  # it has grown
        if is_get and page.visited and is_read_by_somebody(_Headers(environ)):
            counting.count(page.visited)
        known = environ.get("HTTP_IF_NONE_MATCH")
        is_known = known is not None and is_unchanged(known, coded.etag)
        headers = coded.headers_unchanged if is_known else coded.headers
        if mark is STORED:
            headers = [mark if header is HIT else header for header in headers]
        count(page.route, environ["REQUEST_METHOD"], "3xx" if is_known else "2xx", COUNTED_AS[mark])
        headers = [(UNTIL, f"@{int(begun or time.time())}"), *headers]
        start_response("304 Not Modified" if is_known else "200 OK", headers)
        return [coded.body] if is_get and not is_known else []

    def _answer_without_database(self, environ: dict, start_response: Callable, key: str) -> Iterable[bytes]:
        """Whatever is held of it, however old; else Django says that it isn't there now."""
        page = self._held(key)
        if page is None:
            return self._ask(environ | {AWAY: True}, start_response)
        if not self.pages.get(key):
            self.pages.put(key, page)
        return self._answer(environ, start_response, key, page, OUTAGE)

    def _held(self, key: str) -> StoredPage | None:
        """The last that is known of it, unless any process knows that it isn't public any more."""
        return None if self.disk.is_forgotten(key) else self.pages.get(key) or self.disk.read(key)

    def _render(self, environ: dict, start_response: Callable, key: str, version: Version) -> Iterable[bytes]:
        said, rendering, begun = [], Rendering(version), time.time()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        answer = self._application(_for_everybody(environ, key) | {RENDERING: rendering, GIVEN: given}, _noting(said))
        [status, headers] = said
        if rendering.is_storable:
            path, is_of_a_query, _query = key.partition("?")
            if is_of_a_query and not rendering.reads_query:  # and yet what was asked may stand in it
                _read(answer)
                return self._render(environ, start_response, path, version)
            page = StoredPage(headers, _read(answer), version, rendering.visited, rendering.route, rendering.reads_query)
            former = self.pages.get(key)
            self.pages.put(key, page)
            if former is None or former.tag != page.tag or self.disk.is_forgotten(key):
                self.disk.keep(key, page)
            return self._answer(environ, start_response, key, page, STORED, begun)
        if status.startswith("5") and (page := self._held(key)):
            _read(answer)
            log.error("%s failed; what was rendered before was sent", key)
            return self._answer(environ, start_response, key, page, FAILED)
        if status.startswith(GONE):
            if self.pages.drop(key) or self.disk.knows(key):  # so that it takes the place of a copy in front of the site too
                headers = [(UNTIL, f"@{int(begun)}"), *headers]
            self.disk.forget(key)
        count(rendering.route, environ["REQUEST_METHOD"], f"{status[0]}xx", "passed")
        start_response(status, headers)
        return _closed(answer) if environ["REQUEST_METHOD"] == "HEAD" else answer


def _key(environ: dict) -> str | None:
    """The address of a page that may be kept, with what of its query a page knows; None for any other request."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME") or not _is_ours(environ):
        return None
    first, second = _segments(environ)
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
    if first in WITHOUT_DATABASE or second in NEVER or FILE.fullmatch(path) or "?" in path:  # which keys set before a query
        return None
    if not query:
        return path
    said = dict(
        parse_qsl(query[:1_000], keep_blank_values=True)
    )  # of a name that stands there twice the last, as Django reads it
    known = sorted((name, said[name]) for name in QUERY & said.keys())
    return f"{path}?{urlencode(known)}" if known else path


def _segments(environ: dict) -> tuple[str, str]:
    first, _slash, rest = environ["PATH_INFO"].lstrip("/").partition("/")
    return first, rest.partition("/")[0]


def _is_ours(environ: dict) -> bool:
    """Whether Django would neither refuse the host nor lead from http to https, which both depend on no page."""
    host = environ.get("HTTP_HOST", "")
    if not (host in _hosts or _is_allowed(host)):
        return False
    if not settings.SECURE_SSL_REDIRECT:
        return True
    protocol = environ.get(PROTOCOL, "") if settings.SECURE_PROXY_SSL_HEADER else environ["wsgi.url_scheme"]
    return protocol.split(",")[0].strip() == "https"


_hosts: set[str] = set()
"""Values of the header Host that were allowed; bounded, for a port may be any."""


def _is_allowed(host: str) -> bool:
    is_allowed = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
    if is_allowed and len(_hosts) < 100:
        _hosts.add(host)
    return is_allowed


def _for_everybody(environ: dict, key: str) -> dict:
    """The request for the page alone: nothing that a browser says beside its address is seen by what everybody gets."""
    shared = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name == PROTOCOL}
    return shared | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": key.partition("?")[2],
        "HTTP_HOST": urlsplit(settings.SITE_URL).netloc,
    }


def _noting(said: list) -> Callable:
    def start_response(status: str, headers: Headers, exc_info: object = None) -> None:
        said[:] = [status, headers]

    return start_response


def _read(answer: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answer)
    finally:
        _closed(answer)


def _closed(answer: Iterable[bytes]) -> list[bytes]:
    """Nothing of it, and the end of its request."""
    if close := getattr(answer, "close", None):
        close()
    return []


class _Headers:
    """The headers of a WSGI environment by their names."""

    def __init__(self, environ: dict) -> None:
        self._environ = environ

    def get(self, name: str, default: str = "") -> str:
        return self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", default)
