"""`make proof-delivery`: what the site does when what it stands on fails, under a load of two hundred requests a second.

Public pages that were served before go on being served without one failed answer while the database is killed, or stopped and
silent, while a worker is killed, while all workers are reloaded, and while the folder for pages is full or read-only. What is not
held says so at once. After each fault the first new answer comes within two seconds. The same behind nginx, before two hosts, of
which one is killed too.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from tests.delivery.running import Client, Database, Fronted, Host, Load, hosts

SECONDS = int(os.environ.get("SECONDS") or 30)
RATE = 200
RECOVERY = 2.0
"""Seconds after the end of a fault at which new pages are there again."""
AT_ONCE = 0.5
"""Seconds in which a page that isn't held says so."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder) as database:
            with hosts(folder, number=1) as [host]:
                faults = prove(database, host, FAULTS)
            with hosts(folder, number=2) as both, Fronted(folder, both) as host:
                print("behind nginx:", flush=True)
                faults += prove(database, host, FAULTS | FAULTS_OF_HOSTS)
    print("\n".join(faults) or "no answer failed")
    sys.exit(bool(faults))


def prove(database: Database, host: Host | Fronted, faults_to_try: dict) -> list[str]:
    paths = known_pages(host)
    faults: list[str] = []
    for name, (fault, mend) in faults_to_try.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        for each in host.hosts:
            fill(each, paths)
        fill(host, paths)
        faults += [f"{name}: {line}" for line in try_fault(name, database, host, paths, fault, mend)]
    return faults


def try_fault(name: str, database: Database, host: Host, paths: list[str], fault: Callable, mend: Callable) -> list[str]:
    found = []
    with Load([host.port], paths, RATE) as load:
        time.sleep(SECONDS / 6)
        try:
            fault(database, host)
            found += missing_says_so(host) if name.startswith("database") else []
            time.sleep(SECONDS / 2)
        finally:
            mended = time.monotonic()
            mend(database, host)
        back = time.monotonic()
        recovery = time_until(lambda: is_new(host), back)
        time.sleep(SECONDS / 3)
    failed = [answer for answer in load.answers if answer.status != 200]
    marked = sum(answer.is_marked for answer in load.answers)
    times = quantiles([(answer.ended - answer.begun) * 1000 for answer in load.answers], n=1000)
    rate = len(load.answers) / load.seconds
    print(
        f"{name}: {len(load.answers)} answers, {rate:.0f} a second, {len(failed)} failed, {marked} marked; "
        f"p99 {times[989]:.0f} ms, p99.9 {times[998]:.0f} ms; mended in {back - mended:.1f} s, new after {recovery:.2f} s",
        flush=True,
    )
    found += [f"{count} x {status} of {path}" for (path, status), count in Counter((a.path, a.status) for a in failed).items()]
    if recovery > RECOVERY:
        found.append(f"new pages only {recovery:.1f} s after it was mended")
    if name.startswith("database") and not marked:
        found.append("no answer was marked")
    return found


def known_pages(host: Host) -> list[str]:
    """Of every kind, in both languages."""
    import re

    from conference_site.languages.content import codes

    found = []
    for code in codes():
        home = Client(host.port).ask(f"/{code}/").body.decode()
        found += sorted(set(re.findall(rf'href="(/{code}/[a-z/-]*)"', home)) | {f"/{code}/", f"/{code}/news.atom"})
    return [path for path in found if "/search" not in path and "/admin" not in path]


def fill(host: Host, paths: list[str]) -> None:
    """Let every worker serve every page: a kept connection stays with one of them."""
    for _each in range(6 * host.workers):
        client = Client(host.port)
        for path in paths:
            answer = client.ask(path)
            assert answer.status == 200, (path, answer.status)
        client.close()


def missing_says_so(host: Host) -> list[str]:
    """After a moment, in which it is found out."""
    time.sleep(2.5)
    faults = []
    for path in ("/ar/search/?q=x", "/en/admin/", "/ar/news/?before=2020-01-01.5"):
        answer = Client(host.port).ask(path)
        if answer.status != 503 or answer.ended - answer.begun > AT_ONCE:
            faults.append(f"{path} was answered {answer.status} in {answer.ended - answer.begun:.2f} s")
    ready = Client(host.hosts[0].port).ask("/readyz")
    if ready.status != 200 or ready.ended - ready.begun > AT_ONCE or b"away, pages are held" not in ready.body:
        faults.append(f"/readyz was answered {ready.status} in {ready.ended - ready.begun:.2f} s: {ready.body}")
    return faults


def is_new(host: Host) -> bool:
    """Whether a search is answered, which takes the database."""
    answer = Client(host.port, timeout=3).ask("/en/search/?q=education")
    return answer.status == 200


def time_until(holds: Callable[[], bool], since: float) -> float:
    while not holds():
        if time.monotonic() - since > 30:
            break
        time.sleep(0.05)
    return time.monotonic() - since


def kill_a_worker(_database: Database, host: Host) -> None:
    host.children()[0].send_signal(signal.SIGKILL)


def kill_the_host(_database: Database, host: Fronted) -> None:
    host.hosts[0].kill()


def bring_the_host_back(_database: Database, host: Fronted) -> None:
    host.hosts[0].start()


def reload_workers(_database: Database, host: Host) -> None:
    host.process.send_signal(signal.SIGHUP)


def let_nothing_be_written(options: str) -> Callable:
    """By a file system with ``options`` over the folder where root can mount one, else by its permissions. With news to write."""

    def fault(database: Database, host: Host) -> None:
        if os.geteuid() == 0:
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", host.pages], check=True)
        else:
            host.pages.chmod(0o500)
        change_something(database, host)

    return fault


def let_all_be_written(_database: Database, host: Host) -> None:
    if os.geteuid() == 0:
        subprocess.run(["umount", "--lazy", host.pages], check=True)
    else:
        host.pages.chmod(0o700)


def change_something(_database: Database, _host: Host) -> None:
    from django.db import connections

    from pages.models import Goal

    connections.close_all()  # of a server that was killed
    Goal.objects.update(modified_at=datetime(2026, 1, 1, tzinfo=UTC))


def nothing(_database: Database, _host: Host) -> None:
    pass


FAULTS: dict[str, tuple[Callable, Callable]] = {
    "database killed": (lambda database, host: database.kill(), lambda database, host: database.bring_back()),
    "database stopped": (
        lambda database, host: database.signal(signal.SIGSTOP),
        lambda database, host: database.signal(signal.SIGCONT),
    ),
    "folder full": (let_nothing_be_written("size=64k"), let_all_be_written),
    "folder read-only": (let_nothing_be_written("ro"), let_all_be_written),
    "workers reloaded": (reload_workers, nothing),
    "worker killed": (kill_a_worker, nothing),
}
FAULTS_OF_HOSTS: dict[str, tuple[Callable, Callable]] = {"host killed": (kill_the_host, bring_the_host_back)}


if __name__ == "__main__":
    main()
