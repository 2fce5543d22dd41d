"""`make proof-search`: what a search costs among 100,000 news items, as multiples of a look-up by primary key in the same run.

The items are of `manage.py make_news`, in a database that is made for it and removed. The look-up and each query are asked in
turn by one connection, so that whatever slows the machine slows all of them.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django
from django.core.management import call_command

from conference_site.operations.postgres import Postgres

ITEMS = 100_000
ROUNDS = 25
LIMITS = {"زيتون": 20, "جامعة": 200, "مؤتمر": 400}
"""Query → the highest multiple: a rare word, one in 6 % of the items, one in half of them."""
OTHERS = ("مؤتمر جامعة", '"مؤتمر جامعة"', "university", "برتقالة", "ALECSO")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
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
            call_command("migrate", verbosity=0)
            call_command("make_news", number)
            call_command("load_starting_content", verbosity=0)
            passed = measure()
        finally:
            server.stop()
            shutil.rmtree(server.home, ignore_errors=True)
    sys.exit(not passed)


def measure() -> bool:
    """Print the table. Returns whether every limit holds."""
    from django.db import connection

    from conference_site.languages.content import codes
    from conference_site.search.finding import current_names, find, suggest
    from conference_site.search.queries import parse
    from news.models import NewsItem

    cursor = connection.cursor()
    cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself before long
    key = NewsItem.objects.order_by("pk")[NewsItem.objects.count() // 2].pk
    names, language = current_names(), codes()[0]

    def look_up() -> None:
        cursor.execute("SELECT * FROM news_newsitem WHERE id = %s", [key])
        cursor.fetchone()

    queries = {words: parse(words, names) for words in (*LIMITS, *OTHERS)}
    asked: dict[str, Callable] = {words: lambda query=query: find(query, language) for words, query in queries.items()}
    asked |= {
        "(from words to a query)": lambda: parse(next(iter(LIMITS)), names),
        "(names that count as one)": current_names,
        "(suggestions for مؤ)": lambda: suggest("مؤ", language),
    }
    times: dict[str, list[float]] = {words: [] for words in asked}
    base = []
    for _round in range(ROUNDS):
        for words, ask in asked.items():
            base.append(timed(look_up))
            times[words].append(timed(ask))
    unit, in_a_row = median(base), median(timed(look_up) for _time in range(200))
    print(f"a look-up by primary key: {unit * 1000:.3f} ms in turn with the queries, {in_a_row * 1000:.3f} ms in a row")
    print(f"{'query':26} {'ms':>7} {'×':>6} {'limit':>6}  found")
    passed = True
    for words, taken in times.items():
        multiple, limit = median(taken) / unit, LIMITS.get(words)
        answer = asked[words]() if words in queries else None
        found = f"{sum(answer.counts.values())}{' and more' if answer.cut else ''}" if answer else ""
        print(f"{words:26} {median(taken) * 1000:7.1f} {multiple:6.0f} {limit or '':>6}  {found}")
        passed = passed and (limit is None or multiple <= limit)
    print("every limit holds" if passed else "a limit is exceeded")
    return passed


def timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
