"""What happens without a visitor: threads in each worker that let the site look for what is due.

`settings.WATCHED` names functions in groups, each with the seconds between two looks; a group has a thread. A function does what
is due now, and may return in how many seconds it has to be called again, where that is earlier; it must bear being called at any
time. Whatever the number of workers and hosts, one function runs in one place at a time, under an advisory lock of its name.
"""

import logging
import time
from threading import Event, Thread

from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

from conference_site.delivery import metrics
from conference_site.locks import alone

log = logging.getLogger(__name__)

PAUSE = 5
"""Seconds after a failure: a database that is away, or a function that raises, is not asked five times a second."""


def look(name: str) -> float | None:
    """Call the function ``name`` (dotted path), unless another process does just now. Returns what it returns."""
    with alone(name) as is_ours:
        if not is_ours:
            return None
        sooner = import_string(name)()
        metrics.SUCCEEDED.labels(name).set_to_current_time()
        return sooner


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

    def let_go(self) -> None:
        """Begin nothing new."""
        self._stopped.set()

    def stop(self) -> None:
        """Let what runs come to its end, for a few seconds."""
        self.let_go()
        self.join(timeout=3)

    def _look(self, name: str) -> float:
        """Look once; returns the seconds until the next time."""
        seconds = self._watched[name]
        try:
            sooner = look(name)
        except Exception as error:  # whatever it is, the next look must come
            metrics.FAILED.labels(name).inc()
            if isinstance(error, (DatabaseError, InterfaceError)):
                log.warning("%s could not look for what is due: %s", name, error)
            else:
                log.exception("%s failed", name)
            connection.close()
            return max(seconds, PAUSE)
        return seconds if sooner is None else min(seconds, max(sooner, 0))
