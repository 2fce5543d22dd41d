"""Sets of web server processes on one database, as several hosts would be, and a load on them; for the proofs of delivery."""

import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import django
import psutil

from conference_site.operations.front import Front
from conference_site.operations.postgres import Postgres
from conference_site.operations.processes import start, stop
from tests.operations.copies import BASE, free_port

HOST = "localhost:8000"
"""The name under which every set is asked."""
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "python:conference_site.operations.gunicorn"]


class Database:
    """A server of its own, which can be killed, stopped and brought back. Django is set up for it."""

    def __init__(self, folder: Path) -> None:
        self.server = Postgres(folder / "postgres")

    def __enter__(self) -> "Database":
        self.server.claim()
        os.environ.update(
            DJANGO_SETTINGS_MODULE="conference_site.settings",
            SECRET_KEY="only for proofs " * 4,
            SITE_URL=f"http://{HOST}",
            DATABASE_URL=self.server.url,
            MEDIA_ROOT=str(self.server.home / "media"),
        )
        self.server.start()
        django.setup()
        from django.core.management import call_command

        for command in (["migrate"], ["create_roles"], ["messages", "--compile"], ["collectstatic", "--no-input"]):
            call_command(*command, verbosity=0)
        call_command("load_starting_content", verbosity=0)
        return self

    def __exit__(self, *_error: object) -> None:
        self.signal(signal.SIGCONT)
        self.server.stop()

    def processes(self) -> list[psutil.Process]:
        server = psutil.Process(self.server.process.pid)
        return [server, *server.children(recursive=True)]

    def signal(self, number: signal.Signals) -> None:
        """To the server and to all of its processes."""
        if self.server.process.poll() is None:
            for process in self.processes():
                process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.server.process.wait()

    def bring_back(self) -> None:
        self.server.start()


class Host:
    """A set of worker processes behind one port, with a folder of its own for pages."""

    command, sign_of_life = GUNICORN, "/healthz"

    def __init__(self, folder: Path, workers: int = 2, **environment: str) -> None:
        self.folder, self.workers, self.environment, self.port = folder, workers, environment, free_port()
        self.pages, self.hosts = folder / "pages", [self]
        folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        environment = os.environ | {
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(self.workers),
            "PAGE_STORE_DIR": str(self.pages),
            **self.environment,
        }
        with (self.folder / "log").open("a") as log:
            self.process = start(self.command, signal.SIGTERM, cwd=BASE, env=environment, stdout=log, stderr=log)
        for _each in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        raise AssertionError(self.log())

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def stop(self) -> None:
        stop(psutil.Process(self.process.pid), (signal.SIGTERM, 15))

    def kill(self) -> None:
        """All of its processes at once, the one first that would replace the others."""
        server = psutil.Process(self.process.pid)
        for process in (server, *server.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            return Client(self.port).ask(self.sign_of_life).status == 200
        except OSError:
            return False


@contextmanager
def hosts(folder: Path, number: int, workers: int = 2) -> Iterator[list[Host]]:
    made = [Host(folder / f"host {each}", workers) for each in range(number)]
    try:
        for host in made:
            host.start()
        yield made
    finally:
        for host in made:
            if hasattr(host, "process") and host.process.poll() is None:
                host.stop()


class Fronted:
    """Several hosts as one, asked through nginx; faults befall the first."""

    def __init__(self, folder: Path, hosts: list[Host]) -> None:
        from django.conf import settings

        names = [f"127.0.0.1:{host.port}" for host in hosts]
        self.hosts, self.port = hosts, free_port()
        self.front = Front(folder / "front", self.port, names, settings.STATIC_ROOT, settings.MEDIA_ROOT)

    def __enter__(self) -> "Fronted":
        self.front.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.front.stop()

    def __getattr__(self, name: str) -> object:
        return getattr(self.hosts[0], name)


class Answer(NamedTuple):
    """What came of one request: moments of `time.monotonic`; status 0 where the connection failed or took too long."""

    port: int
    path: str
    begun: float
    ended: float
    status: int
    body: bytes
    mark: str
    """What the page store says of it, and a cache before it."""
    due: float = 0
    """When a load meant to ask."""

    @property
    def is_marked(self) -> bool:
        return "detail=" in self.mark


class Client:
    """One connection that is kept, and made again where it was ended."""

    def __init__(self, port: int, timeout: float = 10) -> None:
        self.port, self.timeout = port, timeout
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, coding: str = "") -> Answer:
        """One request. A kept connection that the server has ended meanwhile is no fault: browsers ask again too."""
        begun, is_kept = time.monotonic(), self._connection is not None
        try:
            status, body, mark = self._ask(path, coding)
        except (OSError, http.client.HTTPException):
            self.close()
            if not is_kept:
                return Answer(self.port, path, begun, time.monotonic(), 0, b"", "")
            return self.ask(path, coding)._replace(begun=begun)
        return Answer(self.port, path, begun, time.monotonic(), status, body, mark)

    def _ask(self, path: str, coding: str) -> tuple[int, bytes, str]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        self._connection.request("GET", path, headers={"Host": HOST, "Accept-Encoding": coding})
        response = self._connection.getresponse()
        return response.status, response.read(), ", ".join(response.headers.get_all("Cache-Status", []))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Load:
    """Asks so many times a second for these pages of these ports, whatever becomes of the answers, until the block is left.

    ``look`` makes of each answer what is kept of it; ``client`` is who asks.
    """

    def __init__(
        self,
        ports: list[int],
        paths: list[str],
        rate: float,
        threads: int = 12,
        look: Callable = lambda answer: answer,
        client: type[Client] = Client,
    ):
        self._targets = [(port, path) for path in paths for port in ports]
        self._rate, self._look, self._number, self._client = rate, look, count(), client
        self._ends, self.answers = threading.Event(), []
        self._threads = [threading.Thread(target=self._run, daemon=True) for _each in range(threads)]

    def __enter__(self) -> "Load":
        self._begun = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join(timeout=30)
        self.seconds = time.monotonic() - self._begun

    def _run(self) -> None:
        clients = {port: self._client(port) for port, _path in self._targets}
        while not self._ends.is_set():
            number = next(self._number)
            due = self._begun + number / self._rate
            wait = due - time.monotonic()
            if wait > 0 and self._ends.wait(wait):
                return
            port, path = self._targets[number % len(self._targets)]
            self.answers.append(self._look(clients[port].ask(path)._replace(due=due)))
