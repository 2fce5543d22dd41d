"""Judging the search by pairs of a query and a document.

A file has the columns query, document, must_match (yes, no), why, separated by tabs, under a line of headings.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from conference_site.languages.content import codes
from conference_site.search.documents import vector
from conference_site.search.names import Names
from conference_site.search.queries import parse

MATCHES = "SELECT %s::tsvector @@ %s::tsquery"


class Pair(NamedTuple):
    query: str
    document: str
    must_match: bool
    why: str


def read(path: Path) -> Iterator[Pair]:
    """The pairs of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Pair(row["query"], row["document"], row["must_match"] == "yes", row["why"])


def matches(pair: Pair, names: Names) -> bool:
    """Whether PostgreSQL finds the document of ``pair`` by its query."""
    query = parse(pair.query, names)
    if query is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, [vector([("D", codes()[0], pair.document)]), query.match])
        return cursor.fetchone()[0]


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
