"""`make proof-desk-size`: what the pages of the desk cost with 100 news items, and with 10,000, of 20 revisions each.

No page may ask more of the database with many than with few, nor more than 30 queries, and none may take more than twice the time
of the list, asked for the same, that Django's admin makes of these items by itself; a form is compared with its form. All are
opened in turn, by one connection; the time is that of the processor, of Python and PostgreSQL together, so that whatever slows
the machine slows all of them.
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
    """Name of a page → its time as a multiple of Django's own list, or of its own form if it is one. Prints both."""
    pages = desk.pages()
    costs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in pages}
    desk.plain_form()
    for round_ in range(ROUNDS + 1):
        for name, page in pages.items():
            cost = tuple(desk.timed(each) for each in (page, desk.plain_list_of(name), desk.plain_form))
            costs[name] += [cost] if round_ else []  # the first time each is still unknown to the database
    print(f"{'page':40} {'queries':>7} {'ms':>7} {'plain list':>10} {'×':>5} {'plain form':>10} {'×':>5}")
    ratios = {}
    for name, taken in costs.items():
        cost, list_, form = (median(each) * 1000 for each in zip(*taken, strict=True))
        ratios[name] = cost / (form if desk.is_form(name) else list_)
        print(f"{name:40} {queries[name]:7} {cost:7.1f} {list_:10.1f} {cost / list_:5.2f} {form:10.1f} {cost / form:5.2f}")
    return ratios


if __name__ == "__main__":
    main()
