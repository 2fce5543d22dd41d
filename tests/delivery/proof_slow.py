"""`make proof-delivery`: two hundred slow senders don't keep the others waiting.

Behind nginx, public pages are asked for at a fixed rate, whatever becomes of the answers, in turn without and beside 200
connections on each of which somebody sends a byte each half second: of the headers of a request, or of the body of a form.
Of each hundred answers to the others the slowest but one may take three times as long beside them as without.
"""

import os
import select
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles

from tests.delivery.proof_faults import fill, known_pages
from tests.delivery.running import HOST, Database, Fronted, Load, hosts

SECONDS = int(os.environ.get("SECONDS") or 30)
RATE, SENDERS, ROUNDS, MOST = 200, 200, 3, 3.0
PAUSE, PARTS = 0.5, 50
"""Seconds between two bytes of a sender."""
FORM = f"POST /ar/admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4000\r\n\r\n"
PAGE = f"GET /ar/ HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: "


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder), hosts(folder, number=1) as both, Fronted(folder, both) as host:
            paths = known_pages(host)
            fill(host, paths)
            without, beside = [], []
            for _each in range(ROUNDS):
                without += waits(host.port, paths)
                with slow_senders(host.port):
                    beside += waits(host.port, paths)
    slowest, slowest_beside = (quantiles(seconds, n=100)[98] for seconds in (without, beside))
    print(f"{len(without)} answers without them: 99 in 100 within {slowest * 1000:.1f} ms")
    print(f"{len(beside)} beside them: within {slowest_beside * 1000:.1f} ms, {slowest_beside / slowest:.2f} × as long")
    sys.exit(slowest_beside > MOST * slowest)


def waits(port: int, paths: list[str]) -> list[float]:
    """How long each answer took from the moment at which it was due to be asked for."""
    with Load([port], paths, RATE, threads=40) as load:
        time.sleep(SECONDS / ROUNDS)
    failed = [answer for answer in load.answers if answer.status != 200]
    assert not failed, failed[:3]
    return [answer.ended - answer.due for answer in load.answers]


class Senders:
    """Connections that send a byte now and then; one that is ended is made anew."""

    def __init__(self, port: int) -> None:
        self._port, self._sockets = port, {}
        for number in range(SENDERS):
            self._connect(number)

    def send(self, part: int) -> None:
        """A byte on each of one part of them: all at once they would keep this process from measuring."""
        for number, connection in list(self._sockets.items())[part % PARTS :: PARTS]:
            readable, _writable, _failed = select.select([connection], [], [], 0)
            try:
                if readable and not connection.recv(4096):
                    raise ConnectionResetError
                connection.send(b"x")
            except OSError:
                connection.close()
                self._connect(number)

    def _connect(self, number: int) -> None:
        self._sockets[number] = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        self._sockets[number].sendall((FORM if number % 2 else PAGE).encode())


@contextmanager
def slow_senders(port: int) -> Iterator[None]:
    """In a process of their own, so that they don't keep this one from measuring."""
    process = get_context("spawn").Process(target=send_slowly, args=[port], daemon=True)
    process.start()
    try:
        time.sleep(3)  # until all are connected
        yield
    finally:
        process.terminate()
        process.join()


def send_slowly(port: int) -> None:
    senders = Senders(port)
    for part in count():
        time.sleep(PAUSE / PARTS)
        senders.send(part)


if __name__ == "__main__":
    main()
