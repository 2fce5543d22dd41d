"""Signs of life of a process: /healthz, /readyz and /metrics, answered ahead of Django, under any host name, and at once.

What may take time (a folder on a disk that hangs, a query) is looked at by a thread, and only remembered here.
"""

import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from pkgutil import iter_modules
from threading import Event, Thread
from typing import NamedTuple

import psutil
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import constant_time_compare

from conference_site.delivery import metrics, warming
from conference_site.delivery.disk import SUFFIX
from conference_site.delivery.pages import Pages
from conference_site.delivery.version import Reader

log = logging.getLogger(__name__)

EVERY = 2
"""Seconds between two looks."""
STUCK = 10
"""Seconds without a look after which what is remembered counts for nothing: the disk hangs, or the thread is gone."""
BY_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What says that a caller on this host asks for somebody else."""


class Check(NamedTuple):
    passes: bool
    state: str


UNKNOWN = Check(False, "not looked at yet")


class Signs(Thread):
    """Looks every two seconds; ends with its process."""

    def __init__(self, pages: Pages, folder: Path, reader: Reader) -> None:
        super().__init__(name="signs of life", daemon=True)
        self._pages, self._folder, self._reader = pages, folder, reader
        self._stopped, self._process = Event(), psutil.Process()
        self._looked_at = float("-inf")
        self._missing: int | None = None
        """How many migrations are not applied, as soon as it is known."""
        self._is_page_on_disk = False
        self._looked = {"pages": UNKNOWN, "media": UNKNOWN}

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:  # the next look may succeed
                log.exception("The signs of life could not be looked at")
                connection.close()
            self._stopped.wait(EVERY if self._missing == 0 else EVERY / 10)
        connection.close()

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> None:
        """Look at everything once."""
        self._is_page_on_disk = next(self._folder.glob(f"*/*{SUFFIX}"), None) is not None
        if self._missing != 0 and self._reader.is_there():  # once is enough: a new version of the code is another process
            self._missing = len(unapplied())
            connection.close()
        self._looked = {
            "pages": folder_check(self._folder),
            "media": folder_check(Path(settings.MEDIA_ROOT)) if is_on_disk() else bucket_check(),
        }
        self._looked_at = time.monotonic()
        self._measure()
        warming.note(self._pages)

    def checks(self) -> dict[str, Check]:
        """Whether this process can serve, and why not."""
        is_held = bool(len(self._pages)) or self._is_page_on_disk
        is_there = self._reader.is_there()
        state = "there" if is_there else "away, pages are held" if is_held else "away, nothing is held"
        looked = self._looked
        if time.monotonic() - self._looked_at > STUCK:
            looked = {name: check if check is UNKNOWN else Check(False, "gives no answer") for name, check in looked.items()}
        return {"database": Check(is_there or is_held, state), "migrations": self._migrations(is_there), **looked}

    def _migrations(self, is_there: bool) -> Check:
        if self._missing is None:
            return UNKNOWN if is_there else Check(True, "unknown while the database is away")
        return Check(self._missing == 0, f"{self._missing} not applied" if self._missing else "applied")

    def _measure(self) -> None:
        metrics.PAGES.set(len(self._pages))
        metrics.BYTES.set(self._pages.size)
        metrics.AWAY.set(not self._reader.is_there())
        metrics.READ.set(self._reader.read_at)
        metrics.CHANGED.set(self._reader.changed_at)
        metrics.MEMORY.set(self._process.memory_info().rss)
        for name, check in self.checks().items():
            metrics.CHECKS.labels(name).set(check.passes)

    def answer(self, environ: dict, start_response: Callable) -> Iterable[bytes] | None:
        """What is said at these addresses; None to whoever may not see it, and at all others."""
        view = VIEWS.get(environ["PATH_INFO"])
        answer = view and environ["REQUEST_METHOD"] in ("GET", "HEAD") and view(self, environ)
        if not answer:
            return None
        status, kind, body = answer
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response(status, headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else []


def folder_check(folder: Path) -> Check:
    """Whether something can be written there, and much more."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check(False, f"not writable: {error.strerror}")
    return Check(True, "writable") if free >= settings.LEAST_FREE_BYTES else Check(False, "hardly any room left")


def bucket_check() -> Check:
    """A bucket is away for all hosts, and for pictures only: that takes none of them from the balance."""
    return Check(True, "elsewhere, which gave no answer" if getattr(default_storage, "is_away", False) else "elsewhere")


def is_on_disk() -> bool:
    try:
        default_storage.path("x")
    except NotImplementedError:
        return False
    return True


def unapplied() -> list[tuple[str, str]]:
    """Migrations of this code that the database doesn't know. Reads names only: loading them all takes memory and a second."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [
        (app.label, name) for app in apps.get_app_configs() for name in _written(app.label) if (app.label, name) not in applied
    ]


def _written(label: str) -> list[str]:
    module, _is_explicit = MigrationLoader.migrations_module(label)
    try:
        package = import_module(module)
    except ModuleNotFoundError:
        return []
    return [name for _finder, name, is_package in iter_modules(package.__path__) if not is_package and name[0] not in "_~"]


def _health(signs: Signs, environ: dict) -> tuple[str, str, bytes]:
    """The process is alive. Touches nothing."""
    return "200 OK", "text/plain", b"ok\n"


def _ready(signs: Signs, environ: dict) -> tuple[str, str, bytes]:
    checks = signs.checks()
    is_ready = all(check.passes for check in checks.values())
    said = {"ready": is_ready, "checks": {name: check._asdict() for name, check in checks.items()}}
    return "200 OK" if is_ready else "503 Service Unavailable", "application/json", json.dumps(said).encode() + b"\n"


def _metrics(signs: Signs, environ: dict) -> tuple[str, str, bytes] | None:
    """For whoever is on this host, or has the token."""
    if not (_is_local(environ) or _has_token(environ)):
        return None
    return "200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics.text()


def _is_local(environ: dict) -> bool:
    try:
        return ip_address(environ.get("REMOTE_ADDR", "")).is_loopback and not any(name in environ for name in BY_PROXY)
    except ValueError:  # a socket of the file system has no address
        return False


def _has_token(environ: dict) -> bool:
    given = environ.get("HTTP_AUTHORIZATION", "")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")


VIEWS: dict[str, Callable[[Signs, dict], tuple[str, str, bytes] | None]] = {
    "/healthz": _health,
    "/readyz": _ready,
    "/metrics": _metrics,
}
