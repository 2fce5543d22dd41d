"""Counts in the memory of each process, and writes the sums every few seconds (`settings.WATCHED`) and when the process ends.

Of a visitor nothing is kept: no address, no browser, no time of day, no way from page to page. A process that is killed loses
what it had not yet written, some seconds' worth.
"""

import re
from collections import Counter
from datetime import date, timedelta
from threading import Lock
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from conference_site.search.clean import clean
from conference_site.visits.models import FruitlessSearch, Visits

DAYS_KEPT = 800
"""Two years and a bit, so that a month can be compared with that of two years before."""
SEARCH_DAYS_KEPT = 400
SINGLE_DAYS_KEPT = 30
"""For so long words are kept that were searched for once: what nobody asks again may be about somebody."""
MOST_SEARCHES = 300
"""Different words that are kept of one day; a machine that tries words fills no table."""
LONGEST, MOST_WORDS = 60, 6
PRIVATE = re.compile(r"@|//|www\.|\d(?:[\s().+-]*\d){4}")
"""Addresses, and numbers as long as those of telephones, cards and passports."""


class Page(NamedTuple):
    """A page, whatever the address that led to it."""

    kind: str
    object_id: int
    language: str


_lock = Lock()
_read: Counter[tuple[Page, date]] = Counter()
_fruitless: Counter[tuple[date, str, str]] = Counter()


def count(page: Page) -> None:
    """One visit, today."""
    key = page, timezone.localdate()
    with _lock:
        _read[key] += 1


def count_fruitless(words: str, language: str) -> None:
    """Words that were searched for in vain, if they are such as may be kept."""
    words = " ".join(clean(words).casefold().split())
    if not words or len(words) > LONGEST or len(words.split()) > MOST_WORDS or PRIVATE.search(words):
        return
    key = timezone.localdate(), language, words
    with _lock:
        if key in _fruitless or len(_fruitless) < MOST_SEARCHES:
            _fruitless[key] += 1


def write() -> None:
    """Add what this process has counted to the tables. What can't be written now is kept for the next time."""
    with _lock:
        visits, searches = dict(_read), dict(_fruitless)
        _read.clear()
        _fruitless.clear()
    if not visits and not searches:
        return
    try:
        with transaction.atomic():
            rows = [(*page, day, number) for (page, day), number in visits.items()]
            _add(Visits, ["kind", "object_id", "language", "day"], rows)
            _add(FruitlessSearch, ["day", "language", "words"], _within_bounds(searches))
    except BaseException:
        with _lock:
            _read.update(visits)
            _fruitless.update(searches)
        raise


def _add(model: type[Visits | FruitlessSearch], keys: list[str], rows: list[tuple]) -> None:
    """One statement; its rows in one order, so that processes that write at once wait for each other and never in a circle."""
    if not rows:
        return
    table, columns = model._meta.db_table, [model._meta.get_field(name) for name in [*keys, "number"]]
    arrays = ", ".join(f"%s::{column.cast_db_type(connection)}[]" for column in columns)
    names, unique = ", ".join(column.column for column in columns), ", ".join(keys)
    statement = (
        f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) "
        f"ON CONFLICT ({unique}) DO UPDATE SET number = {table}.number + EXCLUDED.number"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for values in zip(*sorted(rows), strict=True)])


def _within_bounds(searches: dict[tuple[date, str, str], int]) -> list[tuple]:
    """The rows, but for new words of a day that has enough of them."""
    rows = []
    for day in {day for day, _language, _words in searches}:
        known = set(FruitlessSearch.objects.filter(day=day).values_list("language", "words"))
        for (of, language, words), number in searches.items():
            if of == day and ((language, words) in known or len(known) < MOST_SEARCHES):
                known.add((language, words))
                rows.append((of, language, words, number))
    return rows


def forget() -> None:
    """Delete what has been kept long enough."""
    today = timezone.localdate()
    Visits.objects.filter(day__lt=today - timedelta(days=DAYS_KEPT)).delete()
    FruitlessSearch.objects.filter(day__lt=today - timedelta(days=SEARCH_DAYS_KEPT)).delete()
    single = FruitlessSearch.objects.values("words").annotate(asked=Sum("number")).filter(asked=1).values("words")
    FruitlessSearch.objects.filter(day__lt=today - timedelta(days=SINGLE_DAYS_KEPT), words__in=single).delete()
