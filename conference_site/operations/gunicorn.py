"""How gunicorn serves the site, for `make run` and for the image alike.

    gunicorn --config python:conference_site.operations.gunicorn

PORT and BIND say where (8000 on loopback), WEB_CONCURRENCY how many processes (2).
"""

import logging
import logging.config
import mmap
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from threading import Thread

MOST_WORKERS = 64
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes files of chance names there


def whole_number(name: str, default: int, highest: int) -> int:
    """The environment variable ``name``; ends the process with one sentence if it is no number from 1 to ``highest``."""
    text = os.environ.get(name) or str(default)
    if text.isdecimal() and 1 <= int(text) <= highest:
        return int(text)
    raise SystemExit(f"{name} must be a whole number from 1 to {highest}, and is {text!r}.")


host = os.environ.get("BIND") or "127.0.0.1"
port = whole_number("PORT", 8000, 65535)

wsgi_app = "conference_site.wsgi:application"
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
worker_class = "gthread"
workers = whole_number("WEB_CONCURRENCY", 2, MOST_WORKERS)
threads = 4  # for each process; most requests wait for the database, not for a processor
keepalive = 60  # seconds; a proxy in front keeps its connections, and the default of 2 costs it new ones
timeout = 30  # seconds until a process that has stopped to react is replaced
graceful_timeout = 10  # seconds for running requests when it stops
max_requests, max_requests_jitter = 1_000_000, 100_000  # a leak somewhere below never grows for ever; most are pages held
limit_request_line = 8190  # bytes; Arabic in a query costs six for each letter
worker_tmp_dir = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None  # the heartbeat must not wait for a disk
control_socket_disable = True  # it would be made in the home folder, which may be read-only
loglevel = "warning"

patience = 20  # seconds for which those that are to be replaced go on while their successors begin
beginning = mmap.mmap(-1, 2 * MOST_WORKERS + 1)  # seen by all processes: 1 at the place of each one that does not answer yet


def on_starting(server: object) -> None:
    """Read the settings once before any process is started: a wrong one ends the start with its sentence.

    gunicorn's own log becomes part of the site's, in its form.
    """
    from conference_site import settings

    logging.config.dictConfig(settings.LOGGING)
    server.log.error_log.handlers.clear()
    server.log.error_log.propagate = True
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_folder()


def metrics_folder() -> str:
    """A new one, in memory where that can be; those of servers that were killed go."""
    import psutil

    for former in Path(worker_tmp_dir or tempfile.gettempdir()).glob("conference-metrics-*"):
        if not psutil.pid_exists(int(former.name.split("-")[2])):
            shutil.rmtree(former, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"conference-metrics-{os.getpid()}-", dir=worker_tmp_dir)


def on_exit(_server: object) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def pre_fork(server: object, worker: object) -> None:
    """Give the process the first free place: who takes another's goes on with its counts. A reload has twice as many."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)
    worker.is_spare = any(not beginning[place] for place in taken)  # somebody serves meanwhile
    beginning[worker.place] = 1


def post_fork(_server: object, worker: object) -> None:
    os.environ["METRICS_PLACE"] = str(worker.place)


def child_exit(_server: object, worker: object) -> None:
    """What it measured of itself ends with it, however it ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.place)
    beginning[worker.place] = 0


def post_worker_init(worker: object) -> None:
    """Start the page store, and looking for what is due, after the fork: threads and connections are each process's own."""
    from django.conf import settings

    from conference_site.delivery.warming import warm
    from conference_site.operations.watcher import Watcher

    worker.wsgi.start()
    worker.wsgi.signs.start()
    worker.watchers = [Watcher(group) for group in settings.WATCHED]
    for watcher in worker.watchers:
        watcher.start()
    worker.wsgi.wait()
    if worker.is_spare:
        warm(worker.wsgi)
    beginning[worker.place] = 0
    signal.signal(signal.SIGTERM, lambda _number, _frame: Thread(target=give_way, args=[worker], daemon=True).start())


def give_way(worker: object) -> None:
    """Stop when all that begin have begun.

    A reload tells the former processes to stop as soon as their successors are started, and these need seconds until they answer.
    """
    until = time.monotonic() + patience
    while beginning.find(b"\1", 0) >= 0 and time.monotonic() < until:
        time.sleep(0.05)
    worker.handle_exit(signal.SIGTERM, None)


def worker_exit(_server: object, worker: object) -> None:
    """Let what runs in the background come to its end, and keep what was counted; a worker that failed to start has neither."""
    watchers = getattr(worker, "watchers", ())
    for watcher in watchers:
        watcher.let_go()
    if watchers:
        keep_counts()  # before anything that may take the time that is left
        worker.wsgi.stop()
    for watcher in watchers:
        watcher.stop()


def keep_counts() -> None:
    """Write the visits that this process has counted. Where the database is away they are lost, and the log says so."""
    from conference_site.visits import counting

    try:
        counting.write()
    except Exception:
        logging.getLogger(__name__).exception("The last visits could not be written")
