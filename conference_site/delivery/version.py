"""Which content is public now, as far as this process knows: read from the database ten times a second.

A version is a token, another after each change (`models`, `triggers`), with what the clock makes of the same rows: the last
moment at which a text became public or ceased to be, and the day. So nothing has to be known of which page depends on what.
"""

import logging
import select
import time
from datetime import datetime, timedelta
from functools import cache
from threading import Condition, Event, Thread
from typing import NamedTuple

import psycopg
from django.apps import apps
from django.db import connection
from django.utils import timezone
from psycopg.pq import ExecStatus, PGconn

from conference_site.delivery.connections import sever
from conference_site.languages.content import all_localized
from conference_site.publishing.aggregate import translated_fields

log = logging.getLogger(__name__)

EVERY = 0.1
"""Seconds between two readings."""
FRESH = 0.2
"""Seconds for which a reading holds, from the moment at which it was asked for: whatever was committed before that, it knows."""
PATIENCE = 1.0
"""Seconds without an answer after which the database counts as away."""
HOPELESS = 2.0
"""Seconds after which those that wait for it are told so."""


class Version(NamedTuple):
    """What is public; equal where nothing has changed. The days are those of the database's clock and of our own."""

    token: str
    moment: str
    days: tuple[int, int]


class Reading(NamedTuple):
    """A version, until which moment of the database's clock it can't be another for the same token, and when it was asked for."""

    version: Version
    until: float
    asked_at: float


class SilentError(Exception):
    """The database gave no answer, and the process ends."""


class Reader(Thread):
    """Reads the version until it is stopped, by a connection of its own; a database that comes back is found by itself."""

    def __init__(self) -> None:
        super().__init__(name="version", daemon=True)
        self._reading: Reading | None = None
        self._is_away = False
        self.changed_at = time.time()
        """When another version was first read, by the clock; at first, when this began."""
        self._news = Condition()
        self._stopped = Event()
        self._connection: psycopg.Connection | None = None

    def version(self) -> Version | None:
        """The version that holds now, waiting for it for a moment; None while the database is away."""
        reading = self._reading
        if reading and time.monotonic() - reading.asked_at <= FRESH:
            return reading.version
        with self._news:
            self._news.wait_for(lambda: self._is_away or self._is_fresh(), timeout=2 * PATIENCE)
            return self._reading.version if self._is_fresh() else None

    def is_there(self) -> bool:
        """Whether the database has answered lately. Never waits."""
        reading = self._reading
        return not self._is_away and reading is not None and time.monotonic() - reading.asked_at < 2 * PATIENCE

    @property
    def read_at(self) -> float:
        """When the version was last read, by the clock; 0 if never."""
        return time.time() - (time.monotonic() - self._reading.asked_at) if self._reading else 0.0

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._publish(self._read())
            except Exception as error:  # whatever it is, the next reading must come
                if not isinstance(error, (psycopg.Error, SilentError)):
                    log.exception("The version of what is public could not be read")
                self._close()
                self._go_away(error)
            self._stopped.wait(EVERY)
        self._close()

    def _is_fresh(self) -> bool:
        return self._reading is not None and time.monotonic() - self._reading.asked_at <= FRESH

    def _publish(self, reading: Reading) -> None:
        with self._news:
            if self._is_away:
                log.warning("The database is there again.")
            if self._reading and self._reading.version != reading.version:
                self.changed_at = time.time()
            self._reading, self._is_away = reading, False
            self._news.notify_all()

    def _go_away(self, reason: object) -> None:
        """From now on nobody waits for the database."""
        with self._news:
            if not self._is_away:
                log.warning("The database is away: %s", reason)
            self._is_away = True
            self._news.notify_all()

    def _read(self) -> Reading:
        asked_at, today, last = time.monotonic(), timezone.localdate().toordinal(), self._reading
        token, now = self._ask("SELECT (SELECT token FROM delivery_contentversion), extract(epoch FROM statement_timestamp())")
        is_same = last and token == last.version.token and today == last.version.days[1] and float(now) < last.until
        if is_same:
            return last._replace(asked_at=asked_at)
        token, now, past, coming = self._ask(moments())
        day = datetime.fromtimestamp(float(now), timezone.get_default_timezone()).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        tomorrow = (day + timedelta(days=1)).timestamp()
        until = min(float(coming or tomorrow), tomorrow)
        return Reading(Version(token, past, (day.toordinal(), today)), until, asked_at)

    def _ask(self, sql: str) -> list[str]:
        """The one row that answers, as text. Says that the database is away while it keeps silent, and waits on."""
        server, asked_at = self._connected(), time.monotonic()
        server.send_query(sql.encode())
        while True:
            server.consume_input()
            if not server.is_busy():
                return _row(server)
            if select.select([server.socket], [], [], PATIENCE)[0]:
                continue
            if self._stopped.is_set():
                raise SilentError
            self._go_away("it answers nothing")
            if time.monotonic() - asked_at > HOPELESS:
                sever()

    def _connected(self) -> PGconn:
        if self._connection is None:
            self._connection = psycopg.connect(**connection.get_connection_params() | {"autocommit": True})
        return self._connection.pgconn

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _day(moment: float) -> tuple[int, float]:
    """The day of a moment in the site's time zone, as its ordinal, and the moment at which it ends."""
    begin = datetime.fromtimestamp(moment, timezone.get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return begin.toordinal(), (begin + timedelta(days=1)).timestamp()


def _row(server: PGconn) -> list[str]:
    rows = None
    while (result := server.get_result()) is not None:
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace").strip())
        rows = [(result.get_value(0, column) or b"").decode() for column in range(result.nfields)]
    if rows is None:
        raise psycopg.OperationalError("no answer")
    return rows


@cache
def moments() -> str:
    """The token and the clock, with the last moment that has passed and the next one, of all rows that have any."""
    quoted = connection.ops.quote_name
    each = " UNION ALL ".join(
        f"SELECT (SELECT max({quoted(column)}) FROM {quoted(table)} WHERE {quoted(column)} <= statement_timestamp()) AS past, "
        f"(SELECT min({quoted(column)}) FROM {quoted(table)} WHERE {quoted(column)} > statement_timestamp()) AS coming"
        for table, column in moment_columns()
    )
    return (
        "SELECT (SELECT token FROM delivery_contentversion), extract(epoch FROM statement_timestamp()), "
        f"extract(epoch FROM max(past)), extract(epoch FROM min(coming)) FROM ({each}) moments"
    )


def moment_columns() -> list[tuple[str, str]]:
    """Tables and columns by which what is public changes with the clock: models name them in ``moments``."""
    found = []
    for model in apps.get_models():
        for name in getattr(model, "moments", ()):
            columns = all_localized(name) if name in translated_fields(model) else [name]
            found += [(model._meta.db_table, column) for column in columns]
    return found
