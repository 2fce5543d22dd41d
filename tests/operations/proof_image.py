"""`make proof-image`: follows the Dockerfile without an engine, and tries what it makes. As root; about a minute.

Each stage is a folder with the machine's own /usr and /etc in it, this Python in the place of the base image's, and the stage's
files. RUN and CMD happen there, in namespaces of their own, as the image's user; CMD with everything read-only but /tmp and the
volume. What this cannot show: that the base image exists, and that an engine reads the file as this program does.
"""

import json
import os
import shlex
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from conference_site.operations.postgres import FORGETFUL, Postgres
from tests.operations.copies import BASE, free_port, remove_database

USER = 10001
BORROWED = ("usr", "bin", "lib", "lib64", "sbin", "etc", "dev")
INDEX = {name: value for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_FIND_LINKS"}
BASE_IMAGE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LD_LIBRARY_PATH": "/usr/local/lib"}
TRIAL = {"SECRET_KEY": "only for this proof " * 3}


@dataclass
class Stage:
    """A stage of the Dockerfile: its root folder, and what its instructions have set."""

    root: Path
    workdir: str = "/"
    env: dict[str, str] = field(default_factory=lambda: dict(BASE_IMAGE))
    command: str = ""
    healthcheck: str = ""

    def inside(self, command: str, *, read_only: bool = False, sockets: Path | None = None, **env: str) -> list[str]:
        """The command line that runs the shell's ``command`` in this stage; what it starts ends with it."""
        root = shlex.quote(str(self.root))
        lines = ["set -e", f"mount --bind {root} {root}", f"cd {root}", f"mkdir -p {' '.join(BORROWED)} proc tmp"]
        lines += [f"mount --rbind /{name} {name}" for name in BORROWED]
        lines += [f"mount --bind {shlex.quote(sys.base_prefix)} usr/local", "mount -t proc proc proc"]
        lines += ["mount -t tmpfs -o mode=1777 tmpfs tmp"]
        if sockets:
            lines += [f"mkdir .{sockets}", f"mount --bind {sockets} .{sockets}"]
        if read_only:
            lines += ["mount --bind media media", f"mount -o remount,bind,ro {root}"]
        settings = shlex.join(f"{name}={value}" for name, value in (self.env | env).items())
        user = f"setpriv --reuid={USER} --regid={USER} --clear-groups --no-new-privs"
        lines += [f"exec chroot . {user} env -i {settings} sh -c {shlex.quote(f'cd {self.workdir}; {command}')}"]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", "\n".join(lines)]


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction of a Dockerfile and its arguments, lines joined and comments left out."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, arguments = line.partition(" ")
            yield name, arguments.strip()


def build(folder: Path) -> Stage:
    """Follow the Dockerfile in ``folder``; returns its last stage."""
    stages: dict[str, Stage] = {}
    for name, arguments in instructions((BASE / "Dockerfile").read_text()):
        print(f"{name} {arguments}"[:120], flush=True)
        if name == "FROM":
            stage = Stage(folder / str(len(stages)))
            stage.root.mkdir()
            os.chown(stage.root, USER, USER)
            stages[arguments.partition(" AS ")[2]] = stage
        elif name == "WORKDIR":
            stage.workdir = arguments
            place(stage, stage.root / arguments.lstrip("/"))
        elif name == "ENV":
            stage.env |= dict(word.split("=", 1) for word in shlex.split(string.Template(arguments).substitute(stage.env)))
        elif name == "COPY":
            copy(stages, stage, arguments.split())
        elif name == "RUN":
            subprocess.run(stage.inside(arguments, **INDEX), check=True)
        elif name == "CMD":
            stage.command = as_shell(arguments)
        elif name == "HEALTHCHECK":
            stage.healthcheck = as_shell(arguments.partition("CMD ")[2])
        elif name == "USER":
            assert arguments == f"{USER}:{USER}", "the proof runs everything as another user than the image"
        else:
            assert name in ("VOLUME", "EXPOSE"), f"{name} is not known here"
    return stage


def as_shell(array: str) -> str:
    """Docker's ["a", "b"] as a line of the shell."""
    return "exec " + shlex.join(json.loads(array))


def place(stage: Stage, path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, USER, USER)


def copy(stages: dict[str, Stage], stage: Stage, words: list[str]) -> None:
    """COPY one thing, from another stage or from the checkout as .dockerignore lets it be seen."""
    options = [word for word in words if word.startswith("--")]
    source, target = words[len(options) :]
    origin = next((stages[word.removeprefix("--from=")].root for word in options if word.startswith("--from=")), None)
    goal = stage.root / os.path.normpath(Path(stage.workdir, target)).lstrip("/")
    patterns = [line for line in (BASE / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    ignored = shutil.ignore_patterns(*(line.removeprefix("**/") for line in patterns if line.startswith("**/")))
    if origin:
        sources, ignored = [(origin / source.lstrip("/"), goal)], None
    elif source == ".":
        sources = [(BASE / line[1:], goal / line[1:]) for line in patterns if line.startswith("!")]
    else:
        sources = [(BASE / source, goal / source)]
    for each, there in sources:
        there.parent.mkdir(parents=True, exist_ok=True)
        if each.is_dir():
            shutil.copytree(each, there, ignore=ignored, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(each, there)
        subprocess.run(["chown", "--recursive", "--no-dereference", f"{USER}:{USER}", there], check=True)


def prove(stage: Stage, server: Postgres) -> None:
    """Run the image as its first lines say, and see that it keeps its promises."""
    port = str(free_port())
    options = {"read_only": True, "sockets": server.sockets, "PORT": port, "SITE_URL": f"http://localhost:{port}"} | TRIAL
    options["DATABASE_URL"] = server.url

    def succeeds(command: str) -> bool:
        return subprocess.run(stage.inside(command, **options), capture_output=True, check=False).returncode == 0

    check("the site's packages are in it", succeeds("python -c 'import django'"))
    check("the tools of the tests are not", not succeeds("python -c 'import pytest'"))
    listed = json.loads((stage.root / "site/sbom.json").read_text())["components"]
    check("the list of what it is made of is in it", {"django", "gunicorn"} <= {each["name"] for each in listed})
    check("translations are compiled", any((stage.root / "site").rglob("*.mo")))
    check("static files are collected", (stage.root / "site/var/static/staticfiles.json").is_file())
    check("its root is read-only", not succeeds("touch /site/x") and not succeeds("touch /x"))
    check("/tmp and /media can be written to", succeeds("touch /tmp/x /media/x"))
    check("it is not root", succeeds(f'test "$(id -u)" = {USER}'))
    without = subprocess.run(stage.inside(stage.command, read_only=True), capture_output=True, text=True, check=False)
    check("without settings it stops with one sentence", without.returncode != 0 and len(without.stderr.splitlines()) == 1)
    check("the database is prepared", succeeds("python manage.py migrate && python manage.py create_roles"))
    check("the starting content is loaded", succeeds("python manage.py load_starting_content"))
    archive = "python manage.py backup --to /tmp/archives && BACKUP_URL=/tmp/archives python manage.py restore --drill"
    check("it makes an archive of everything, and brings it back for practice", succeeds(archive))
    with subprocess.Popen(stage.inside(stage.command, **options)) as web:
        deadline = time.monotonic() + 30
        while not succeeds(stage.healthcheck) and time.monotonic() < deadline:
            time.sleep(0.5)
        check("its health check passes", succeeds(stage.healthcheck))
        with urllib.request.urlopen(f"http://localhost:{port}/ar/", timeout=10) as answer:
            check("it serves the home page", answer.status == 200 and b'dir="rtl"' in answer.read())
        psutil.Process(web.pid).children()[0].send_signal(signal.SIGTERM)
        check("SIGTERM ends it within 15 seconds", web.wait(15) == 0)


def check(promise: str, kept: bool) -> None:
    print(f"{'holds' if kept else 'FAILS'}: {promise}", flush=True)
    if not kept:
        raise SystemExit(1)


def main() -> None:
    if os.geteuid() != 0:
        raise SystemExit("This proof makes namespaces and folders of another user: run it as root.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postgres(folder / "postgres", *FORGETFUL)
        try:
            stage = build(folder)
            server.claim()
            server.start()
            server.sockets.chmod(0o711)  # the image's user is neither root nor the server
            prove(stage, server)
        finally:
            server.stop()
            remove_database(server.folder)


if __name__ == "__main__":
    main()
