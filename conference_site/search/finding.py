"""From a query to what it finds, best first, page by page.

Candidates are the newest entries that match and are public at this moment of the database's clock. An item is found once, in the
reader's language where that matches. Ranks are whole numbers, so that an order can be explained and paged by key: a title counts
before a text, what was typed exactly before its other forms, the newer before the older.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from conference_site.search.queries import Query

MOST_CANDIDATES = 2_000
"""Only so many, the newest, are ranked: a word that stands in half of a large site costs no more than that."""

FIND = f"""
    WITH candidates AS MATERIALIZED (
        SELECT id, kind, object_id, language, day, title_vector, vector
        FROM search_searchentry
        WHERE vector @@ %(match)s::tsquery
            AND publish_at <= statement_timestamp() AND (expires_at IS NULL OR expires_at > statement_timestamp())
            AND (%(kind)s = '' OR kind = %(kind)s)
            AND day BETWEEN %(first)s AND %(last)s
        ORDER BY day DESC, id DESC
        LIMIT {MOST_CANDIDATES}
    ), once AS (
        SELECT DISTINCT ON (kind, object_id) id, day, (language = %(language)s)::int AS own,
            4 * (title_vector @@ %(match)s::tsquery)::int + 2 * (title_vector @@ %(exact)s::tsquery)::int
                + (vector @@ %(exact)s::tsquery)::int AS rank
        FROM candidates
        ORDER BY kind, object_id, (language = %(language)s) DESC, id
    )
    SELECT kind, object_id, language, title, text, url, day, own, rank, id
    FROM once JOIN search_searchentry USING (id, day)
    WHERE (own, rank, day, id) < (%(own)s, %(rank)s, %(day)s::date, %(id)s)
    ORDER BY own DESC, rank DESC, day DESC, id DESC
    LIMIT %(most)s
"""


class Place(NamedTuple):
    """Where a result stands in the order; the next page begins after it."""

    own: int
    rank: int
    day: date
    id: int


BEGINNING = Place(2, 0, date.max, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """One result: the item, and its text in the language in which it was found."""

    kind: str
    object_id: int
    language: str
    title: str
    text: str
    url: str
    place: Place


def find(
    query: Query,
    language: str,
    *,
    kind: str = "",
    days: tuple[date, date] = (date.min, date.max),
    after: Place = BEGINNING,
    most: int = 10,
) -> list[Found]:
    """At most ``most`` results after a place, for a reader of ``language``; of one ``kind`` and between two days, if given."""
    values = {
        "match": query.match,
        "exact": query.exact,
        "language": language,
        "kind": kind,
        "first": days[0],
        "last": days[1],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values | after._asdict())
        return [Found(*row[:6], Place(row[7], row[8], row[6], row[9])) for row in cursor]
