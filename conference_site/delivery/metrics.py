"""What the site says of itself in numbers, in Prometheus' text format: of all of this host's processes, whichever is asked.

Each process keeps its values in files of the place that it has among the workers (`operations.gunicorn` gives folder and place).
Who takes the place of another counts on in its files, so that counters never fall, and there are no more files than places.
Without a folder (tests, commands) the values are this process's own.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER, PLACE = "PROMETHEUS_MULTIPROC_DIR", "METRICS_PLACE"
"""Environment variables, before this module is imported: the library's own, and which of its places a process has."""

if place := os.environ.get(PLACE):
    values.ValueClass = values.MultiProcessValue(lambda: place)

_registry = CollectorRegistry()
_kept = {"registry": _registry, "namespace": "site"}

REQUESTS = Counter("requests", "Answers", ["route", "method", "status", "how"], **_kept)
RENDERING = Histogram(
    "rendering_seconds",
    "Time that Django took for an answer",
    ["part"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    **_kept,
)
QUERYING = Histogram(
    "querying_seconds", "Time of it that queries took", ["part"], buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5), **_kept
)
QUERIES = Histogram("queries", "Queries of an answer", ["part"], buckets=(0, 2, 4, 8, 12, 20, 30, 50), **_kept)
PAGES = Gauge("store_pages", "Pages in the page store", multiprocess_mode="livesum", **_kept)
BYTES = Gauge("store_bytes", "Bytes of the page store", multiprocess_mode="livesum", **_kept)
AWAY = Gauge("database_away", "1 where a process can't reach the database", multiprocess_mode="livemax", **_kept)
READ = Gauge("version_read_timestamp_seconds", "When the version was last read", multiprocess_mode="livemin", **_kept)
CHANGED = Gauge(
    "version_changed_timestamp_seconds", "When it last changed, or the process began", multiprocess_mode="livemax", **_kept
)
CHECKS = Gauge("check_passes", "What /readyz says, 1 or 0", ["check"], multiprocess_mode="livemin", **_kept)
MEMORY = Gauge("memory_bytes", "Resident memory of each process; pid is its place", multiprocess_mode="liveall", **_kept)
SUCCEEDED = Gauge(
    "watched_success_timestamp_seconds", "When it last came to its end", ["function"], multiprocess_mode="max", **_kept
)
FAILED = Counter("watched_failures", "How often it failed", ["function"], **_kept)

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
"""Others, which anybody may invent, are counted as one."""
_counters: dict[tuple[str, str, str, str], Counter] = {}


def count(route: str, method: str, status: str, how: str) -> None:
    """One answer. ``status`` is its class, as in 2xx; ``how`` what the page store did: hit, miss, outage, failed or passed."""
    key = route, method, status, how
    counter = _counters.get(key)
    if counter is None:
        counter = REQUESTS.labels(route, method if method in METHODS else "other", status, how)
        if method in METHODS:
            _counters[key] = counter
    counter.inc()


def text() -> bytes:
    """All of it, of all processes."""
    if not os.environ.get(FOLDER):
        return generate_latest(_registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
