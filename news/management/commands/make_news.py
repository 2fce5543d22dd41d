"""``manage.py make_news NUMBER``: news of invented words, for benchmarks of a site of its own."""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from time import perf_counter

import django
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction
from django.utils import timezone

from conference_site.languages.content import codes, direction, localized
from conference_site.search import indexing
from conference_site.search.models import SearchEntry
from news.models import NewsItem

STEMS = 6_000
WORDS = 80  # in a text, as in a short report
LETTERS = {"rtl": "بتجحدرزسصضطعغفقكلمنه", "ltr": "bcdfghklmnprstvw"}
VOWELS = "aeiou"
MARKED = {"rtl": {"مؤتمر": 0.5, "جامعة": 0.06, "زيتون": 0.0001}, "ltr": {"conference": 0.5, "university": 0.06, "olive": 0.0001}}
"""Real words among the invented ones, each in this part of the items: what a benchmark asks for."""
BATCH = 500


class Command(BaseCommand):
    help = "Fill an empty site with news of invented words in every language, public and in the search, for benchmarks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *, number: int, **options: object) -> None:
        if NewsItem.objects.exists():
            raise CommandError("There is news on this site, and invented news would stand among it for ever.")
        connections.close_all()  # no two processes may share one
        begun = perf_counter()
        with ProcessPoolExecutor(initializer=django.setup) as pool:
            parts = (range(first, min(first + BATCH, number)) for first in range(0, number, BATCH))
            indexed = sum(pool.map(make, parts))
        self.stdout.write(
            f"{number} items in {perf_counter() - begun:.0f} s; "
            f"one process wrote {number / max(indexed, 0.001):.0f} items a second into the search."
        )


def make(numbers: range) -> float:
    """Make the items of these numbers. Returns how many seconds it took to write them into the search."""
    with transaction.atomic():
        items = NewsItem.objects.bulk_create(_items(numbers))
        begun = perf_counter()
        SearchEntry.objects.bulk_create(entry for item in items for entry in indexing.entries(item))
        return perf_counter() - begun


def _items(numbers: range) -> Iterator[NewsItem]:
    chance = random.Random(numbers.start)  # noqa: S311 - the same items each time
    weights = list(accumulate(1 / (rank + 8) for rank in range(STEMS)))  # as words are spread in any language (Zipf)
    yesterday = timezone.now() - timedelta(days=1)
    for number in numbers:
        day = date(2026, 1, 1) - timedelta(days=number % 3000)
        item = NewsItem(slug=f"invented-{number}", published_on=day, listed_on=day)
        for code in codes():
            text = [
                _inflected(chance, stem) for stem in chance.choices(_vocabulary(direction(code)), cum_weights=weights, k=WORDS)
            ]
            for word, part in MARKED[direction(code)].items():
                if chance.random() < part:
                    text.insert(chance.randrange(WORDS), word)
            setattr(item, localized("title", code), " ".join(text[:7]))
            setattr(item, localized("summary", code), " ".join(text[7:25]))
            setattr(item, localized("body", code), f"<p>{' '.join(text[25:])}</p>")
            setattr(item, localized("publish_at", code), yesterday)
        yield item


@cache
def _vocabulary(direction: str) -> list[str]:
    """Different stems: three to five consonants, in Latin letters with vowels between them."""
    chance = random.Random(direction)  # noqa: S311 - the same items each time
    found: dict[str, None] = {}
    while len(found) < STEMS:
        letters = chance.choices(LETTERS[direction], k=chance.choice((3, 4, 4, 5)))
        found["".join(letters if direction == "rtl" else (letter + chance.choice(VOWELS) for letter in letters))] = None
    return list(found)


def _inflected(chance: random.Random, stem: str) -> str:
    """The stem as it stands in a text: bare, or with what is written as one word with it."""
    if stem.isascii():
        return stem + chance.choice(("", "", "", "s", "ed", "ing"))
    return chance.choice(("", "", "ال", "ال", "وال", "بال", "و")) + stem + chance.choice(("", "", "", "ات", "ين", "ة", "ها"))
