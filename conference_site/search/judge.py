"""Judging the search by pairs of a query and a document, through the very statement that answers a visitor.

A file has the columns query, document, must_match (yes, no), why, separated by tabs, under a line of headings.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from conference_site.languages.content import codes
from conference_site.search.documents import vector
from conference_site.search.finding import find
from conference_site.search.marks import year_mark
from conference_site.search.models import SearchEntry
from conference_site.search.names import Names
from conference_site.search.queries import parse

KIND = "pair"  # no content has it: nothing else of the site is found beside the document


class Pair(NamedTuple):
    query: str
    document: str
    must_match: bool
    why: str


def read(path: Path) -> Iterator[Pair]:
    """The pairs of a file. Raises `ValueError` for a line that is none."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["must_match"] not in ("yes", "no"):
                raise ValueError(row)
            yield Pair(row["query"], row["document"], row["must_match"] == "yes", row["why"])


def matches(pair: Pair, names: Names) -> bool:
    """Whether the document of ``pair`` is found by its query. It is an entry for that moment only, which no visitor sees."""
    query, language = parse(pair.query, names), codes()[0]
    if query is None:
        return False
    with transaction.atomic():
        SearchEntry.objects.create(
            kind=KIND,
            object_id=1,
            language=language,
            title=pair.document,
            publish_at=Now(),
            title_vector="",
            vector=vector([("D", language, pair.document)], [year_mark(None)]),
        )
        found = find(query, language, kind=KIND).results
        transaction.set_rollback(True)
    return bool(found)


def judge(pairs: list[Pair], names: Names) -> Iterator[str]:
    """A line for each miss and each false match, and the sum: ``hit H of M, false F of N``."""
    hits = false = 0
    for pair in pairs:
        found = matches(pair, names)
        hits += found and pair.must_match
        false += found and not pair.must_match
        if found != pair.must_match:
            yield f"{'false' if found else 'miss'}: {pair.query} | {pair.document} | {pair.why}"
    wanted = sum(pair.must_match for pair in pairs)
    yield f"hit {hits} of {wanted}, false {false} of {len(pairs) - wanted}"
