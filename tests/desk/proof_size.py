"""`make proof-desk-size`: what the pages of the desk cost with 100 news items, and with 10,000, of 20 revisions each.

No page may ask more of the database with many than with few, nor more than 30 queries, and none may take more than twice the time
of the list of the same items that Django's admin makes by itself. Each page is opened in turn with that list, by one connection;
the time is that of the processor, of Python and PostgreSQL together, so that whatever slows the machine slows all of them.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django

from conference_site.operations.postgres import Postgres

FEW, MANY = 100, int(os.environ.get("ITEMS") or 10_000)
OTHERS = {FEW: 10, MANY: 40}
"""Items of each other kind, all on one page of its list: goals and organisations are counted in tens."""
REVISIONS = 20
ROUNDS = int(os.environ.get("ROUNDS") or 15)
MOST_QUERIES, MOST_TIMES = 30, 2.0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        server = Postgres(Path(name) / "postgres")
        server.claim()
        os.environ.update(
            DJANGO_SETTINGS_MODULE="conference_site.settings",
            SECRET_KEY="only for proofs " * 4,
            SITE_URL="http://localhost:8000",
            DATABASE_URL=server.url,
        )
        try:
            server.start()
            django.setup()
            passed = prove()
        finally:
            server.stop()
            shutil.rmtree(server.home, ignore_errors=True)
    sys.exit(not passed)


def prove() -> bool:
    """Print what each page costs. Returns whether all of it holds."""
    from django.core.management import call_command

    from tests.desk import large

    for command in (["migrate"], ["create_roles"], ["messages", "--compile"], ["collectstatic", "--no-input"]):
        call_command(*command, verbosity=0)
    queries = {}
    for number in (FEW, MANY):
        begun = time.monotonic()
        desk = large.fill(number, OTHERS[number], REVISIONS)
        print(f"{number} news items with {REVISIONS} revisions each, made in {time.monotonic() - begun:.0f} s", flush=True)
        queries[number] = {name: desk.count_queries(page) for name, page in desk.pages().items()}
    faults = [
        f"{name}: {queries[FEW][name]} queries with few, {number} with many"
        for name, number in queries[MANY].items()
        if not queries[FEW][name] == number <= MOST_QUERIES
    ]
    times = measure(desk, queries[MANY])
    faults += [
        f"{name}: {times_as_long:.1f} times as long" for name, times_as_long in times.items() if times_as_long > MOST_TIMES
    ]
    print("\n".join(faults) or "no page asks or takes too much")
    return not faults


def measure(desk, queries: dict[str, int]) -> dict[str, float]:
    """Name of a page → its time as a multiple of the plain list's. Prints both, and what it is of the plain form's."""
    pages, lists, forms = desk.pages(), [], []
    times: dict[str, list[float]] = {name: [] for name in pages}
    for page in (desk.plain_list, desk.plain_form):
        page()
    for _round in range(ROUNDS):
        for name, page in pages.items():
            lists.append(desk.timed(desk.plain_list))
            times[name].append(desk.timed(page))
        forms.append(desk.timed(desk.plain_form))
    unit, form = median(lists), median(forms)
    print(f"Django's own list of {desk.ROWS} rows: {unit * 1000:.1f} ms; its form: {form * 1000:.1f} ms")
    print(f"{'page':44} {'queries':>7} {'ms':>7} {'× list':>7} {'× form':>7}")
    for name, taken in times.items():
        cost = median(taken)
        print(f"{name:44} {queries[name]:7} {cost * 1000:7.1f} {cost / unit:7.2f} {cost / form:7.2f}", flush=True)
    return {name: median(taken) / unit for name, taken in times.items()}


if __name__ == "__main__":
    main()
