"""`make run`: prepares the site, serves it, and stops all that it started.

    settle the environment → database → migrate, compile, collect, roles, content, administrator → gunicorn → wait

Everything until gunicorn happens in this one process, because starting Python and Django again for each step would take longer
than the steps. A second start does the same steps again and finds them done.
"""

import contextlib
import errno
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import django
import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.urls import reverse
from django.utils.translation import override

from conference_site.operations import gunicorn
from conference_site.operations.health import is_served
from conference_site.operations.postgres import Postgres
from conference_site.operations.processes import CannotStartError, die_with_parent, start, stop

BASE = Path(__file__).resolve().parents[2]
VAR = BASE / "var"
CHOICES = VAR / "site.env"  # what this program chose itself; settings.py reads it too, so that manage.py works beside it
ADMINISTRATOR = "admin"


def main(action: Callable[[contextlib.ExitStack], None]) -> int:
    """Do it until something stops it; the exit code is 0 if that was a signal, else 1."""
    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if wish != signal.SIGHUP or signal.getsignal(wish) != signal.SIG_IGN:  # nohup asks to be left alone
            signal.signal(wish, interrupt_once)
    die_with_parent(signal.SIGTERM)  # a make that is killed takes the site with it
    try:
        with contextlib.ExitStack() as started:
            action(started)
    except CannotStartError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def interrupt_once(_signal: int, _frame: object) -> None:
    """Turn a signal into KeyboardInterrupt, and let nothing disturb the stopping that follows."""
    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, signal.SIG_IGN)
    raise KeyboardInterrupt


def run(started: contextlib.ExitStack) -> None:
    """Do all the steps and wait; what is started is stopped by ``started``, in reverse order."""
    os.chdir(BASE)
    choices = {"SITE_URL": f"http://localhost:{gunicorn.port}", "SECRET_KEY": earlier_secret() or secrets.token_urlsafe(50)}
    if not os.environ.get("DATABASE_URL"):
        database = Postgres(VAR / "postgres")
        database.claim()
        started.callback(database.stop)
        choices["DATABASE_URL"] = database.url
    else:
        database = None
    settle(choices)
    wait_for_port(gunicorn.host, gunicorn.port)
    step("Reading the settings", django.setup)
    if database:
        step("Starting PostgreSQL", database.start)
    step("Reaching the database", connection.ensure_connection)
    keep(choices)
    prepare()
    web = start([sys.executable, "-m", "gunicorn", "--config", f"python:{gunicorn.__name__}"], signal.SIGTERM)
    started.callback(stop, psutil.Process(web.pid), (signal.SIGTERM, gunicorn.graceful_timeout + 5))
    step("Starting the web server", lambda: wait_until_served(web))
    say(f"\n{os.environ['SITE_URL']}/ is the site, {os.environ['SITE_URL']}{admin_path()} its desk. Ctrl-C stops it.")
    watch({"The web server": web} | ({"PostgreSQL": database.process} if database else {}))


def earlier_secret() -> str | None:
    """The secret that an earlier start chose: another one would sign everybody out."""
    with contextlib.suppress(FileNotFoundError):
        for line in CHOICES.read_text().splitlines():
            name, _, value = line.partition("=")
            if name == "SECRET_KEY":
                return value
    return None


def settle(choices: dict[str, str]) -> None:
    """Put into the environment what it leaves open."""
    for name, value in {"DJANGO_SETTINGS_MODULE": "conference_site.settings", "PGAPPNAME": "make run", **choices}.items():
        os.environ[name] = os.environ.get(name) or value


def keep(choices: dict[str, str]) -> None:
    """In a file that only this user may read: from here on, for a start that fails earlier may be beside a site that runs."""
    try:
        VAR.mkdir(exist_ok=True)
        unfinished = CHOICES.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in choices.items())
        unfinished.replace(CHOICES)
    except OSError as error:
        raise CannotStartError(f"{VAR} cannot be written to: {error.strerror}.") from None


def wait_for_port(host: str, port: int) -> None:
    """Make sure that the port is free; a web server whose master was killed needs a second or two to notice."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + 5
    while True:
        try:
            socket.create_server((host, port), family=family).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotStartError(f"{host} port {port} cannot be used: {error.strerror}.") from None
            if time.monotonic() > deadline:
                raise CannotStartError(
                    f"Port {port} is used by another program: stop it, or choose another with PORT=."
                ) from None
            time.sleep(0.2)
        else:
            return


def prepare() -> None:
    """Bring database, translations and static files to the state of the code. Each part is harmless when it is already there."""
    step("Bringing the tables up to date", lambda: call_command("migrate", interactive=False, verbosity=0))
    step("Compiling the translations", lambda: call_command("messages", "--compile", verbosity=0))
    step("Collecting the static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
    step("Creating the roles", lambda: call_command("create_roles", verbosity=0))
    step("Loading the starting content", lambda: call_command("load_starting_content", verbosity=0))
    step("Completing the boards", lambda: call_command("rebuild_versions", "--missing", verbosity=0))
    step("Completing the search", lambda: call_command("rebuild_search", "--missing", verbosity=0))
    ensure_administrator()
    connections.close_all()


def ensure_administrator() -> None:
    """Create the first administrator, and show the password: it is kept nowhere."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if not users.filter(is_superuser=True).exists():
        password = secrets.token_urlsafe(12)
        users.create_superuser(ADMINISTRATOR, password=password)
        say(f"Created the administrator “{ADMINISTRATOR}” with the password {password} (shown only now)")


def step(text: str, action: Callable[[], object]) -> None:
    """Do one step, showing what it is and how long it took; any failure becomes CannotStartError with one sentence."""
    say(f"{text} … ", end="")
    begun = time.monotonic()
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            action()
    except (CannotStartError, SystemExit) as problem:  # settings.py ends the process with a sentence of its own
        raise CannotStartError(str(problem)) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, an operator is told what failed and where to read on
        details = VAR / "failed-start.log"
        details.write_text(output.getvalue() + traceback.format_exc())
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CannotStartError(f"{text} failed: {reason} ({details.relative_to(BASE)} has more)") from None
    say(f"{time.monotonic() - begun:.1f} s")


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


def wait_until_served(web: subprocess.Popen) -> None:
    """Wait until the web server serves the site."""
    deadline = time.monotonic() + 60
    while not is_served():
        if web.poll() is not None:
            raise CannotStartError("The web server did not start; what it said is above.")
        if time.monotonic() > deadline:
            raise CannotStartError("The web server does not answer; what it said is above.")
        time.sleep(0.05)


def admin_path() -> str:
    with override(settings.LANGUAGES[0][0]):
        return reverse("admin:index")


def watch(children: dict[str, subprocess.Popen]) -> None:
    """Wait until one of the children ends, which none should do by itself."""
    while True:
        for name, process in children.items():
            if process.poll() is not None:
                raise CannotStartError(
                    f"{name} stopped unexpectedly (exit code {process.returncode}), and so everything is stopped."
                )
        time.sleep(0.3)


if __name__ == "__main__":
    sys.exit(main(run))
