"""`make proof-delivery`: reloading and stopping lose no request, and readers hardly notice a reload.

Under load, on connections that are kept and on new ones, all workers are reloaded again and again. Here a request that failed on
a kept connection counts too, though browsers would ask again. Then a request that takes long is running when the site is stopped.
"""

import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles

import psutil

from tests.delivery.proof_faults import fill, known_pages
from tests.delivery.running import HOST, Answer, Client, Database, Host, Load, hosts

RELOADS = 5
RATE = 150
LONGEST = 2.0
"""Seconds that a reader may wait while all workers are replaced."""


class Strict(Client):
    """Asks once, whatever becomes of it; every third time on a new connection."""

    number = 0

    def ask(self, path: str) -> Answer:
        self.number += 1
        if self.number % 3 == 0:
            self.close()
        begun = time.monotonic()
        try:
            status, body, mark = self._ask(path, "")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            self.close()
            return Answer(self.port, path, begun, time.monotonic(), 0, repr(error).encode(), "")
        return Answer(self.port, path, begun, time.monotonic(), status, body, mark)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder), hosts(folder, number=1) as [host]:
            faults = reload(host)
            faults += stop(host)
    print("\n".join(faults) or "nothing was lost")
    sys.exit(bool(faults))


def reload(host: Host) -> list[str]:
    paths = known_pages(host)
    fill(host, paths)
    with Load([host.port], paths, RATE, client=Strict) as load:
        time.sleep(3)
        for _each in range(RELOADS):
            former = {process.pid for process in host.children()}
            host.process.send_signal(signal.SIGHUP)
            wait_until(lambda former=former: not former & {process.pid for process in host.children()})
            time.sleep(1)
        time.sleep(3)
    times = [answer.ended - answer.begun for answer in load.answers]
    failed = [answer for answer in load.answers if answer.status != 200]
    hits = [answer.ended - answer.begun for answer in load.answers if "hit" in answer.mark]
    cut = quantiles(times, n=1000)
    print(
        f"{RELOADS} reloads: {len(times)} answers, {len(hits)} of them held, {len(failed)} failed; "
        f"p50 {cut[499] * 1000:.0f}, p99 {cut[989] * 1000:.0f}, p99.9 {cut[998] * 1000:.0f}, longest {max(times) * 1000:.0f} ms, "
        f"of those that were held p99 {quantiles(hits, n=100)[98] * 1000:.0f}, longest {max(hits) * 1000:.0f} ms",
        flush=True,
    )
    faults = [f"{answer.path}: {answer.status} {answer.body[:200]!r}" for answer in failed[:5]]
    return faults + ([f"somebody waited {max(times):.1f} s"] if max(times) > LONGEST else [])


def stop(host: Host) -> list[str]:
    """A request whose sender is slow began before the end, and is answered."""
    processes, said = [psutil.Process(host.process.pid), *host.children()], []
    sending = threading.Thread(target=lambda: said.append(send_slowly(host.port)))
    sending.start()
    time.sleep(1)
    begun = time.monotonic()
    host.process.send_signal(signal.SIGTERM)
    sending.join()
    host.process.wait(timeout=20)
    _gone, alive = psutil.wait_procs(processes, timeout=1)
    print(f"stopped in {time.monotonic() - begun:.1f} s, {len(alive)} processes left", flush=True)
    faults = [] if said == [b"HTTP/1.1 200"] else [f"the request that was running got {said}"]
    return faults + [f"{process} is still there" for process in alive]


def send_slowly(port: int) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sender:
            sender.sendall(f"GET /en/search/?q=education HTTP/1.1\r\nHost: {HOST}\r\n".encode())
            time.sleep(2)
            sender.sendall(b"Connection: close\r\n\r\n")
            return sender.recv(100)[:12]
    except OSError as error:
        return repr(error).encode()


def wait_until(holds, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
