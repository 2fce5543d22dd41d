"""What readers see, as digests: a sample of the public pages in every language, found by the sitemaps."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from conference_site.delivery import version

SITEMAPS, PAGES_OF_EACH = 20, 8
"""How many sitemaps are looked into, and how many pages of each are taken."""
ADDRESS = re.compile(r"<loc>([^<]+)</loc>")
NOISE = re.compile(rb"""((?:nonce|data-token)=|name="csrfmiddlewaretoken" value=)("[^"]*"|'[^']*')""")
"""What is another at each rendering."""
TRIES = 3
"""How often what is read is read anew, where something became public just meanwhile."""
CLOCK = "clock"
"""The schema of a scratch database in which time stands still."""


def digests() -> dict[str, str]:
    """A sample of pages by their paths, within a transaction. Again, where something became public just meanwhile."""
    found, before = {}, None
    for _each in range(TRIES):
        after = moment()
        if before == after:
            break
        before = after
        found = digests_of(sample())
        if moment() == before:
            break
    return found


def digests_of(paths: list[str]) -> dict[str, str]:
    ask = _Reader()
    with translation.override(settings.LANGUAGE_CODE):
        return {path: ask.digest(path) for path in paths}


def sample() -> list[str]:
    """The lists of the site, and of each kind some items from its first to its last."""
    ask, found = _Reader(), []
    with translation.override(settings.LANGUAGE_CODE):
        for sitemap in _spread(ask.addresses(reverse("sitemap")), SITEMAPS):
            addresses = ask.addresses(sitemap)
            found += addresses if sitemap == reverse("sitemap_of_lists") else _spread(addresses, PAGES_OF_EACH)
    return found


def _spread[T](found: list[T], most: int) -> list[T]:
    """At most so many of a list, evenly from its first to its last."""
    if len(found) <= most:
        return found
    return [found[number * (len(found) - 1) // (most - 1)] for number in range(most)]


class _Reader:
    """Asks the site for pages, without a network and without being counted as a visitor."""

    def __init__(self) -> None:
        host = urlsplit(settings.SITE_URL).netloc
        self._client = Client(raise_request_exception=False, headers={"host": host})

    def addresses(self, sitemap: str) -> list[str]:
        _status, content = self._ask(sitemap)
        return [html.unescape(address).removeprefix(settings.SITE_URL) for address in ADDRESS.findall(content.decode())]

    def digest(self, path: str) -> str:
        status, content = self._ask(path)
        return sha256(f"{status}\n".encode() + NOISE.sub(rb"\1", content)).hexdigest()

    def _ask(self, path: str) -> tuple[int, bytes]:
        try:
            with transaction.atomic():  # a page that fails must not end the transaction in which the others are read
                answer = self._client.get(path, secure=settings.HTTPS)
        except DatabaseError:
            return 500, b""
        return answer.status_code, answer.getvalue() if answer.streaming else answer.content


def moment() -> tuple:
    """What is another when the clock makes something public, or the day another."""
    with connection.cursor() as cursor:
        cursor.execute(version.moments())
        token, _now, past, _coming = cursor.fetchone()
    return token, past, timezone.localdate()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within, it is this moment, also for the database, which is a scratch one: see `stop_clock`."""
    now, timezone.now = timezone.now, lambda: moment
    try:
        yield
    finally:
        timezone.now = now


def stop_clock(moment: datetime) -> str:
    """Give a scratch database a clock that stands still; returns the search path by which that is read, not the server's."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {CLOCK}")
        for name in ("statement_timestamp", "transaction_timestamp", "clock_timestamp", "now"):
            cursor.execute(
                f"CREATE FUNCTION {CLOCK}.{name}() RETURNS timestamptz LANGUAGE sql STABLE "
                f"AS $$ SELECT '{moment.isoformat()}'::timestamptz $$"
            )
    return f'{CLOCK}, pg_catalog, "$user", public'
