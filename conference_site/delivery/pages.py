"""A finished page as it goes over the network, and the memory in which pages are kept."""

import gzip
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

import brotli

from conference_site.delivery.middleware import is_text
from conference_site.delivery.version import Version
from conference_site.visits.counting import Page as Visited

Headers = list[tuple[str, str]]

ENCODINGS = {
    "br": lambda body: brotli.compress(body, quality=6, mode=brotli.MODE_TEXT),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""The content codings of which a page can be, the shortest first. Compressing more takes longer than the page."""
IDENTITY = ""
SMALLEST = 300
"""Bytes below which nothing is gained by compressing."""
CHANGED_BY_CODING = {"content-length", "content-encoding", "etag"}
KEPT_IN_304 = {"cache-control", "content-location", "etag", "vary", "expires", "cache-status"}
"""What a 304 has to say beside its status (RFC 9110, 15.4.5)."""
HIT = ("Cache-Status", "page-store; hit")
OVERHEAD = 2_000
"""Bytes that a page takes beside its bodies, roughly."""


class Coded(NamedTuple):
    """A page in one content coding: its body, its entity tag, the headers of its 200 and of its 304."""

    body: bytes
    etag: str
    headers: Headers
    headers_unchanged: Headers

    def marked(self, mark: tuple[str, str]) -> "Coded":
        """The same, of which something is said, and with a tag of its own."""
        etag = f'{self.etag[:-1]}-{mark[1].rpartition("=")[2]}"'
        changed = {HIT: mark, ("ETag", self.etag): ("ETag", etag)}
        lists = ([changed.get(header, header) for header in headers] for headers in (self.headers, self.headers_unchanged))
        return Coded(self.body, etag, *lists)


@dataclass
class StoredPage:
    """A page that was answered with 200, and the version under which it began to be rendered; None if that is not known any more.

    ``headers`` are without those that depend on the content coding; ``visited`` is what a visit of it counts as, ``route`` is the
    name of its URL pattern, ``reads_query`` whether it may be another with another query.
    """

    headers: Headers
    body: bytes
    version: Version | None
    visited: Visited | None = None
    route: str = ""
    reads_query: bool = True
    coded: dict[str, Coded] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = [(name, value) for name, value in self.headers if name.lower() not in CHANGED_BY_CODING]
        self.tag = sha256(self.body + repr(self.headers).encode()).hexdigest()[:24]

    @property
    def size(self) -> int:
        return OVERHEAD + len(self.body) + sum(len(coded.body) for coded in self.coded.values() if coded.body is not self.body)

    def in_coding(self, coding: str) -> Coded:
        """Encoded once, when it is first asked for in this coding."""
        coded = self.coded.get(coding)
        if coded is None:
            coded = self.coded[coding] = self._encoded(coding)
        return coded

    def best_coding(self, accepted: str) -> str:
        """The coding in which to send it to whoever accepts these (Accept-Encoding)."""
        return next(iter(codings(accepted)), IDENTITY) if accepted and self.is_compressible else IDENTITY

    @property
    def is_compressible(self) -> bool:
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return len(self.body) >= SMALLEST and is_text(kind)

    def _encoded(self, coding: str) -> Coded:
        body = ENCODINGS[coding](self.body) if coding else self.body
        etag = f'"{self.tag}-{coding}"' if coding else f'"{self.tag}"'
        own = [("ETag", etag), ("Content-Length", str(len(body))), HIT]
        headers = self.headers + own + ([("Content-Encoding", coding)] if coding else [])
        return Coded(body, etag, headers, [header for header in headers if header[0].lower() in KEPT_IN_304])


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """Whether one of the entity tags that the reader has is this one, compared weakly (RFC 9110, 13.1.2)."""
    if if_none_match == etag or if_none_match == "*":
        return True
    return etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))


@lru_cache(maxsize=1_000)
def codings(accepted: str) -> list[str]:
    """Of our codings those that are accepted. One that isn't named is not, so that everybody can read what they get."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, _semicolon, parameters = part.partition(";")
        weights[coding.strip()] = _weight(parameters)
    return [coding for coding in ENCODINGS if weights.get(coding, 0) > 0]


def _weight(parameters: str) -> float:
    name, _equals, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class Pages:
    """Pages by their address, within so many bytes: whatever has not been asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self._pages: OrderedDict[str, StoredPage] = OrderedDict()
        self._counted: dict[str, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> StoredPage | None:
        page = self._pages.get(key)
        if page is not None:
            with suppress(KeyError):  # another thread has dropped it just now
                self._pages.move_to_end(key)
        return page

    def newest(self, most: int) -> list[str]:
        """The addresses of those that were asked for last."""
        return list(self._pages)[: -most - 1 : -1]

    def put(self, key: str, page: StoredPage) -> None:
        """Keep it, also where it has grown since; one that would take a tenth of all is not kept."""
        with self._lock:
            self._drop(key)
            if page.size > self.most / 10:
                return
            self._pages[key], self._counted[key] = page, page.size
            self.size += page.size
            while self.size > self.most:
                self._drop(next(iter(self._pages)))

    def drop(self, key: str) -> bool:
        """Whether it was there."""
        with self._lock:
            return self._drop(key)

    def _drop(self, key: str) -> bool:
        was_there = self._pages.pop(key, None) is not None
        if was_there:
            self.size -= self._counted.pop(key)
        return was_there
