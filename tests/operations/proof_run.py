"""`make proof-run`: the two commands in fresh clones, in a folder with a space, as root and as `nobody`.

In each clone: `make run` until every public page has answered, Ctrl-C, a second start within 5 seconds, a kill -9 of each of its
processes and a start after it; then `make test`. It tries what is committed. As another user than root it tries that user only.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from tests.operations.copies import BASE, PASSED_ON, RunningSite, free_port, remove_database

SECOND_START = 5.0  # seconds at most
VICTIMS = {
    "make": (),
    "the supervisor": ("operations.run",),
    "gunicorn's master": ("gunicorn",),
    "PostgreSQL": ("bin/postgres", "-D"),
}


def main() -> None:
    users = [None, pwd.getpwnam("nobody")] if os.geteuid() == 0 else [None]
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        for user in users:
            folder = Path(name) / (user.pw_name if user else "root") / "a folder with a space"
            begun = time.monotonic()
            try:
                prove(folder, user)
            finally:
                subprocess.run(["make", "clean"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
                remove_database(folder / "var" / "postgres")
            say(f"all of it took {time.monotonic() - begun:.0f} s")


def prove(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Clone the site into ``folder`` for ``user`` (None: the one who asked) and try both commands there."""
    say(f"== {user.pw_name if user else 'the user who asked'}, in {folder}")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", BASE, folder], check=True)
    environment = {"PORT": str(free_port()), "HOME": str(folder.parent)}
    if user:
        python = reachable_python(folder.parent)
        environment |= {"PATH": f"{python / 'bin'}:{os.environ['PATH']}", "LD_LIBRARY_PATH": str(python / "lib")}
        subprocess.run(["chown", "--recursive", f"{user.pw_uid}:{user.pw_gid}", folder.parent], check=True)
    options = {"command": ("make", "run"), "user": user and user.pw_uid} | environment

    with RunningSite(folder, **options) as site:
        say(f"first start: {site.wait_until_ready(600):.0f} s, the installation included")
        say(f"{visit_everything(site)} pages answered 200")
        os.killpg(site.process.pid, signal.SIGINT)
        site.wait_until_gone()
        say("Ctrl-C left nothing behind")

    with RunningSite(folder, **options) as site:
        seconds = site.wait_until_ready()
        say(f"second start: {seconds:.1f} s")
        assert seconds < SECOND_START
        assert "password" not in site.output

    for victim, words in VICTIMS.items():
        with RunningSite(folder, **options) as site:
            site.wait_until_ready()
            (site.member(*words) if words else site.process).send_signal(signal.SIGKILL)
            site.wait_until_gone()
            say(f"kill -9 of {victim} left nothing behind")
    with RunningSite(folder, **options) as site:
        say(f"start after that: {site.wait_until_ready():.1f} s")

    begun = time.monotonic()
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    result = subprocess.run(
        ["make", "test"],
        cwd=folder,
        user=user and user.pw_uid,
        env=passed_on | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    say(f"make test: {time.monotonic() - begun:.0f} s, {result.stdout.strip().splitlines()[-1].strip('= ')}")
    if result.returncode:
        raise SystemExit(result.stdout + result.stderr)


def reachable_python(folder: Path) -> Path:
    """A Python that anybody may run: a copy, for root's own may be where nobody else may look."""
    ignored = shutil.ignore_patterns("test", "site-packages", "__pycache__")
    return shutil.copytree(sys.base_prefix, folder / "python", symlinks=True, ignore=ignored)


def visit_everything(site: RunningSite) -> int:
    """Follow every link of the site from its front door; returns how many pages there are."""
    start = site.address("/")
    seen, waiting, languages = {start}, [start], set()
    while waiting:
        address = waiting.pop()
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200, address
            text = answer.read().decode() if "html" in answer.headers["Content-Type"] else ""
        languages |= set(re.findall(r'<html[^>]* lang="?([a-z]+)', text))
        for link in re.findall(r'<a [^>]*href="?([^" >]+)', text):
            target = urljoin(address, link.replace("&amp;", "&")).partition("#")[0]
            if target.startswith(start) and "/admin/" not in target and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert languages == {"ar", "en"}, languages
    return len(seen)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
