"""What every test stands on: a PostgreSQL of its own, settings of its own, the static files as production serves them.

Each run of pytest takes the first free place `var/test-N`, so that several may run at once in one checkout. Its server is started
by the process that the user started, and used by all of its workers, each with a database of its own.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from whitenoise import WhiteNoise

from conference_site.operations.postgres import FORGETFUL, InUseError, Postgres
from conference_site.operations.processes import CannotStartError, die_with_parent
from tests import databases, tools

VAR = Path(__file__).resolve().parents[1] / "var"
WORKER = os.environ.get("PYTEST_XDIST_WORKER")  # set by xdist in its workers, which inherit the rest of the environment
MOST_WORKERS = 4
KEPT_TOGETHER = {"test_run.py", "test_environment.py"}
OPTIONAL_SETTINGS = (
    "BACKUP_AGE_RECIPIENT",
    "BACKUP_KEEP",
    "BACKUP_URL",
    "CACHE_URL",
    "CHECK_EXTERNAL_LINKS",
    "DEBUG",
    "EMAIL_URL",
    "EMAIL_FROM",
    "EXTRA_HOSTS",
    "LEAST_FREE_MB",
    "LOG_FORMAT",
    "LOG_MONTHS",
    "MEDIA_STORAGE_URL",
    "METRICS_TOKEN",
    "SECOND_FACTOR",
    "SECURITY_CONTACT",
    "SESSION_HOURS",
    "SESSION_IDLE_MINUTES",
    "SLOW_MS",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
)


def claim_place() -> Postgres:
    """The server of the first place that no other run of pytest has taken."""
    number = 1
    while True:
        server = Postgres(VAR / f"test-{number}" / "postgres", *FORGETFUL)
        try:
            server.claim()
        except InUseError:
            number += 1
        else:
            return server


# Before anything else is imported: settings are read once, and test modules may import models.
if WORKER:
    die_with_parent(signal.SIGKILL)  # a pytest that is killed leaves no worker in the middle of a test
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / WORKER
else:
    SERVER = claim_place()
    PLACE = SERVER.folder.parent
    OWN_DATABASE = not os.environ.get("DATABASE_URL")
    for name in OPTIONAL_SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="conference_site.settings",
        SECRET_KEY="only for tests " * 4,
        SITE_URL="http://localhost:8000",
        STATIC_ROOT=str(PLACE / "static"),
        MEDIA_ROOT=str(PLACE / "media"),
        DATABASE_URL=os.environ.get("DATABASE_URL") or SERVER.url,
    )
settings.SLOW_MS = 60_000  # which on a machine that does something else any answer may be
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow one is for those who try passwords
django.setup()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are processors: a worker often waits for a browser or a server that it started."""
    return min((os.cpu_count() or 1) + 2, MOST_WORKERS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that share what takes long to make come first: a worker that steals takes the last ones of another."""
    items.sort(key=lambda item: item.path.name not in KEPT_TOGETHER)


def pytest_configure() -> None:
    if WORKER:
        return
    shutil.rmtree(PLACE / "media", ignore_errors=True)
    tools.forget()
    try:
        if OWN_DATABASE:
            SERVER.start()
        databases.forget()
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("messages", "--compile", verbosity=0)
    except (CannotStartError, CommandError) as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_unconfigure() -> None:
    if not WORKER:
        SERVER.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in tools.what_happened():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_at_once() -> Iterator[None]:
    """WhiteNoise looks at all the static files for every `Client`, most of whose time that would be; here the first one's do."""
    look, known = WhiteNoise.update_files_dictionary, {}

    def look_once(whitenoise: WhiteNoise, *place: str) -> None:
        if place not in known:
            look(whitenoise, *place)
            known[place] = dict(whitenoise.files)
        whitenoise.files.update(known[place])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """A database for this worker, with roles as every site has. The first that needs one migrates it, the others copy that."""
    with django_db_blocker.unblock(), databases.copied(WORKER or "alone"):
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_without_migrating() -> Iterator[None]:
    """Django does what follows a migration each time that it has emptied the tables; here what that leaves behind is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.TransactionTestCase._fixture_teardown", lambda _case: databases.empty())
        yield


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator:
    """pytest-django's live server, answering as production does.

    Django's own would serve static and media files itself, from where they are written; here WhiteNoise and the site do.
    """
    from pytest_django.live_server_helper import LiveServer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda media_handler: media_handler.application)
        server = LiveServer("localhost")
        server.thread.is_ready.wait()
    yield server
    server.stop()


@pytest.fixture
def site(live_server):
    """The running site: `site.url` is its address, `site + "/ar/"` that of a page. What a test wrote is emptied after it."""
    return live_server
