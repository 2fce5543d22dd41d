"""`make front`: nginx, as deploy/nginx.conf has it, before a running site, on the next port.

It runs as whoever starts it, on loopback, and keeps all that it writes in var/front.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from conference_site.operations import gunicorn, health
from conference_site.operations.processes import CannotStartError, start, stop
from conference_site.operations.run import BASE, VAR, main, say, wait_for_port

DEPLOY = BASE / "deploy"


def run(started: contextlib.ExitStack) -> None:
    """Before the site that `make run` has started, whose choices the settings read."""
    from conference_site import settings

    port = gunicorn.port + 1
    os.environ["SITE_URL"] = settings.SITE_URL
    if not health.is_served():
        raise CannotStartError(
            f"No site answers on port {gunicorn.port}: start one by `make run`, with the same PORT if it has one."
        )
    wait_for_port("127.0.0.1", port)
    host = f"{health.EVERYWHERE.get(gunicorn.host, gunicorn.host)}:{gunicorn.port}"
    front = Front(VAR / "front", port, [host], settings.STATIC_ROOT, settings.MEDIA_ROOT)
    started.enter_context(front)
    say(f"http://localhost:{port}/ is the site behind nginx; {front.folder}/access.log says what it did. Ctrl-C stops it.")
    raise CannotStartError(f"nginx stopped unexpectedly (exit code {front.process.wait()}).")


class Front:
    """An nginx of our own in ``folder``, before ``hosts``; `start` waits until it listens."""

    def __init__(self, folder: Path, port: int, hosts: Iterable[str], static: Path, media: Path) -> None:
        self.folder, self.port, self.hosts, self.static, self.media = folder, port, list(hosts), static, media

    def __enter__(self) -> "Front":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        self.write()
        self.check()
        self.process = start([program(), *self._arguments, "-g", "daemon off;"], signal.SIGTERM)
        deadline = time.monotonic() + 10
        while not (self.folder / "nginx.pid").exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise CannotStartError("nginx did not start; what it said is above.")
            time.sleep(0.02)

    def stop(self) -> None:
        process = psutil.Process(self.process.pid) if self.process.poll() is None else None
        if process:
            stop(process, (signal.SIGTERM, 5))
        self.process.wait()
        (self.folder / "nginx.pid").unlink(missing_ok=True)

    def write(self) -> None:
        """The configuration, and the folders that it names."""
        for name in ("cache", "site"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name, target in {"errors": DEPLOY / "errors", "static": self.static, "media": self.media}.items():
            link = self.folder / "site" / name
            link.unlink(missing_ok=True)
            link.symlink_to(target)
        (self.folder / "nginx.conf").write_text(self._configuration())
        (self.folder / "nginx-hosts.conf").write_text(self._hosts())

    def check(self) -> None:
        """That nginx accepts it. It leaves an empty file for the number of a process, by which `start` sees that it is there."""
        checked = subprocess.run([program(), *self._arguments, "-q", "-t"], capture_output=True, text=True, check=False)
        (self.folder / "nginx.pid").unlink(missing_ok=True)
        if checked.returncode:
            raise CannotStartError(checked.stderr.strip())

    @property
    def _arguments(self) -> list[str]:
        return ["-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _configuration(self) -> str:
        """deploy/nginx.conf with the places and the port of a trial, each of which must be there to be replaced."""
        text = (DEPLOY / "nginx.conf").read_text()
        for line, ours in {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",  # the others may not read this folder
            "pid /run/nginx.pid;": f"pid {quoted(self.folder / 'nginx.pid')};",
            "worker_processes auto;": "worker_processes 2;",
            "worker_rlimit_nofile 32768;": "",
            "listen 80 default_server backlog=4096;": f"listen 127.0.0.1:{self.port} default_server;",
            "listen [::]:80 default_server backlog=4096;": "",
            "access_log /var/log/nginx/access.log": f"access_log {quoted(self.folder / 'access.log')}",
            "root /srv/site;": f"root {quoted(self.folder / 'site')};",
            "include /etc/nginx/mime.types;": f"include {quoted(mime_types())};",
        }.items():
            if text.count(line) != 1:
                raise CannotStartError(f"deploy/nginx.conf must have “{line}” once.")
            text = text.replace(line, ours)
        return re.sub(r"/var/cache/nginx/(\w+)", lambda found: quoted(self.folder / "cache" / found[1]), text)

    def _hosts(self) -> str:
        """The hosts of deploy/nginx-hosts.conf, in what they are and not in which."""
        text = (DEPLOY / "nginx-hosts.conf").read_text()
        [line] = [line for line in text.splitlines() if line.startswith("server ")]
        return "".join(line.replace("127.0.0.1:8000", host) + "\n" for host in self.hosts)


def quoted(path: Path) -> str:
    return f'"{path}"'


def program() -> str:
    """nginx on the PATH, or where systems have what only their administrators use."""
    found = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if not found:
        raise CannotStartError(
            "nginx is not installed here: `apt install nginx-light`, `dnf install nginx`, `brew install nginx`."
        )
    return found


def mime_types() -> Path:
    """Beside the configuration that came with nginx."""
    said = subprocess.run([program(), "-V"], capture_output=True, text=True, check=True).stderr
    return Path(re.search(r"--conf-path=(\S+)", said)[1]).with_name("mime.types")


if __name__ == "__main__":
    sys.exit(main(run))
