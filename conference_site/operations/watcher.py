"""What happens without a visitor: a thread in each worker that lets the site look for what is due.

`settings.WATCHED` names functions, each with the seconds between two looks, and `WATCHED_APART` those which another server may
keep waiting: they have a thread of their own. A function does what is due now, and may return in how many seconds it has to be
called again, where that is earlier; it must bear being called at any time. Whatever the number of workers and hosts, one
function runs in one place at a time, under an advisory lock of its name; the lock belongs to the thread's own connection, and
ends with it.
"""

import logging
import time
from threading import Event, Thread

from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

PAUSE = 5
"""Seconds after a failure: a database that is away, or a function that raises, is not asked five times a second."""


def look(name: str) -> float | None:
    """Call the function ``name`` (dotted path), unless another process does just now. Returns what it returns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            return None
        try:
            return import_string(name)()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


class Watcher(Thread):
    """Looks until it is stopped. Nothing that a function does ends it: errors are logged, and it looks again."""

    def __init__(self, watched: dict[str, float]) -> None:
        super().__init__(name="watcher", daemon=True)
        self._watched, self._stopped = watched, Event()

    def run(self) -> None:
        due = dict.fromkeys(self._watched, time.monotonic())
        while due and not self._stopped.wait(max(0.0, min(due.values()) - time.monotonic())):
            name = min(due, key=due.get)
            due[name] = time.monotonic() + self._look(name)
        connection.close()

    def stop(self) -> None:
        """Let what runs come to its end, for a few seconds."""
        self._stopped.set()
        self.join(timeout=5)

    def _look(self, name: str) -> float:
        """Look once; returns the seconds until the next time."""
        seconds = self._watched[name]
        try:
            sooner = look(name)
        except Exception as error:  # whatever it is, the next look must come
            if isinstance(error, (DatabaseError, InterfaceError)):
                log.warning("%s could not look for what is due: %s", name, error)
            else:
                log.exception("%s failed", name)
            connection.close()
            return max(seconds, PAUSE)
        return seconds if sooner is None else min(seconds, max(sooner, 0))
