"""A copy of the site in a folder of its own, started and killed as an operator, or bad luck, would."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import psutil

from conference_site.operations.postgres import Postgres

BASE = Path(__file__).resolve().parents[2]
SERVE = (sys.executable, "-m", "conference_site.operations.run")
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "TMPDIR",
)  # what the tests or a make around them have set is left out


def copy_site(target: Path) -> Path:
    """Copy the site, as it is now, to ``target``, without what a machine has made of it."""
    return Path(shutil.copytree(BASE, target, ignore=shutil.ignore_patterns(".git", ".venv*", "var", "__pycache__", ".*_cache")))


def remove_database(folder: Path) -> None:
    """Delete a stopped or killed server with all that it has left, which for root is not in ``folder``, but where it leads to."""
    server = Postgres(folder)
    server.claim()
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)
    folder.unlink(missing_ok=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class RunningSite:
    """`make run`, or what it ends in, in ``folder``; killed with everything it started when the block is left."""

    def __init__(self, folder: Path, command: Sequence[str] = SERVE, user: int | None = None, **environment: str) -> None:
        self.folder = folder
        self.port = environment.setdefault("PORT", str(free_port()))
        self._output = folder / "output"
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, user=user, stdout=output, stderr=output, env=passed_on | environment, start_new_session=True
            )
        self.family: list[psutil.Process] = []

    def __enter__(self) -> "RunningSite":
        return self

    def __exit__(self, *_: object) -> None:
        self.look_at_family()
        for process in (*self.family, self.process):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    @property
    def output(self) -> str:
        return self._output.read_text()

    def address(self, path: str = "/healthz") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait_until_ready(self, seconds: float = 120) -> float:
        """Wait for the last line of the start, and for an answer; returns the seconds that it took."""
        begun = time.monotonic()
        while "Ctrl-C stops it" not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() - begun < seconds, self.output
            time.sleep(0.05)
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(self.address(), timeout=10).close()
        self.look_at_family()
        return time.monotonic() - begun

    def look_at_family(self) -> None:
        """Remember all the processes below this one, to ask later whether they are gone."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family = psutil.Process(self.process.pid).children(recursive=True) or self.family

    def member(self, *words: str) -> psutil.Process:
        """The eldest process below whose command line contains all of ``words``."""
        return next(each for each in self.family if all(word in " ".join(each.cmdline()) for word in words))

    def wait_until_gone(self, seconds: float = 60) -> int:
        """Wait until no process is left; returns the exit code."""
        code = self.process.wait(seconds)
        _, left = psutil.wait_procs(self.family, timeout=seconds)
        left = [each for each in left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        assert left == [], self.output
        return code

    def end(self, wish: signal.Signals) -> int:
        """Send ``wish`` to this process alone; returns its exit code once nothing is left."""
        self.process.send_signal(wish)
        return self.wait_until_gone()
