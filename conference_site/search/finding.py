"""From a query to what it finds, best first, page by page; and from the beginning of a word to titles that have it.

Candidates are the newest entries that match and are public at this moment of the database's clock. An item is found once, in the
reader's language where that matches. Ranks are whole numbers, so that an order can be explained and paged by key: a title counts
before a text, what was typed exactly before its other forms, the newer before the older.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from conference_site.languages.content import codes
from conference_site.search.names import Names
from conference_site.search.queries import Query, beginning, parse

MOST_COUNTED = 2_000
"""Only so many items, the newest, are counted and ranked: a word that stands in half of a large site costs no more than that."""

MOST_SUGGESTED, MOST_TRIED = 8, 60
"""Suggestions, and the newest entries among which they are sought."""

PUBLIC = "publish_at <= statement_timestamp() AND (expires_at IS NULL OR expires_at > statement_timestamp())"

# Whether an entry matches exactly is asked of the index too: to read the vector of each candidate would cost more than all else.
FIND = f"""
    WITH candidates AS MATERIALIZED (
        SELECT id, kind, object_id, language, day, title_vector FROM search_searchentry
        WHERE vector @@ %(match)s::tsquery AND {PUBLIC} AND day BETWEEN %(first)s AND %(last)s AND topics @> %(topics)s::bigint[]
        ORDER BY day DESC, id DESC LIMIT %(candidates)s
    ), exactly AS MATERIALIZED (
        SELECT id FROM search_searchentry
        WHERE vector @@ %(exact)s::tsquery AND {PUBLIC} AND day BETWEEN %(first)s AND %(last)s AND topics @> %(topics)s::bigint[]
        ORDER BY day DESC, id DESC LIMIT %(candidates)s
    ), items AS MATERIALIZED (
        SELECT DISTINCT ON (kind, object_id) id, kind, day, (language = %(language)s)::int AS own,
            4 * (title_vector @@ %(match)s::tsquery)::int + 2 * (title_vector @@ %(exact)s::tsquery)::int
                + (exactly.id IS NOT NULL)::int AS rank
        FROM candidates LEFT JOIN exactly USING (id)
        ORDER BY kind, object_id, (language = %(language)s) DESC, language
    ), counts AS (
        SELECT jsonb_object_agg(kind, number) AS counts,
            (SELECT CASE WHEN count(*) = %(candidates)s THEN (array_agg(kind ORDER BY day, id))[1] END FROM candidates) AS cut
        FROM (SELECT kind, count(*) AS number FROM items GROUP BY kind) AS kinds
    ), page AS (
        SELECT id, day, own, rank FROM items
        WHERE (own, rank, day, id) < (%(own)s, %(rank)s, %(day)s::date, %(id)s) AND (%(kind)s = '' OR kind = %(kind)s)
        ORDER BY own DESC, rank DESC, day DESC, id DESC LIMIT %(most)s
    )
    SELECT counts, cut, entry.kind, entry.object_id, entry.language, entry.title, entry.text, entry.url,
        own, rank, page.day, page.id
    FROM counts LEFT JOIN (page JOIN search_searchentry AS entry USING (id)) ON true
    ORDER BY own DESC, rank DESC, page.day DESC, page.id DESC
"""

SUGGEST = f"""
    WITH tried AS MATERIALIZED (
        SELECT kind, object_id FROM search_searchentry
        WHERE title_vector @@ %(match)s::tsquery AND {PUBLIC}
        ORDER BY day DESC, id DESC LIMIT {MOST_TRIED}
    ), items AS (
        SELECT DISTINCT ON (kind, object_id) title, url, language, day, id
        FROM search_searchentry JOIN tried USING (kind, object_id)
        WHERE {PUBLIC}
        ORDER BY kind, object_id, (language = %(language)s) DESC, language
    )
    SELECT title, url, language FROM items ORDER BY (language = %(language)s) DESC, day DESC, id LIMIT {MOST_SUGGESTED}
"""

# The forms of one name are a group: an editors' row, or what an item that is public now calls itself in its languages. What isn't
# public must not even lead from one text to another.
NAMES = f"""
    SELECT forms FROM (
        SELECT forms, '' AS kind, id AS number FROM search_namegroup
        UNION ALL
        SELECT array_agg(name ORDER BY language, name), kind, object_id
        FROM search_searchentry, unnest(names) AS name WHERE names <> '{{}}' AND {PUBLIC} GROUP BY kind, object_id
    ) AS groups ORDER BY kind, number
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


@dataclass(frozen=True, slots=True)
class Answer:
    """Results of one page, how many items of each kind there are, and the kind of which there are more than were counted."""

    results: list[Found]
    counts: dict[str, int]
    cut: str | None


class Suggestion(NamedTuple):
    title: str
    url: str
    language: str


def find(
    query: Query,
    language: str,
    *,
    kind: str = "",
    days: tuple[date, date] = (date.min, date.max),
    topics: Iterable[int] = (),
    after: Place = BEGINNING,
    most: int = 10,
) -> Answer:
    """At most ``most`` results after a place, for a reader of ``language``; of one ``kind``, between two days and under all of
    ``topics``, if given. The counts are those of every kind.
    """
    values = {
        "match": query.match,
        "exact": query.exact,
        "language": language,
        "kind": kind,
        "first": days[0],
        "last": days[1],
        "topics": list(topics),
        "candidates": (MOST_COUNTED + 1) * len(codes()),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values | after._asdict())
        rows = cursor.fetchall()
    counts, cut = rows[0][:2]
    return Answer([Found(*row[2:8], Place(*row[8:])) for row in rows if row[2]], json.loads(counts or "{}"), cut)


def suggest(text: str, language: str) -> list[Suggestion]:
    """Public items whose title or name has the words of ``text``, of which the last may be unfinished; each in the reader's
    language, where it is public in that.
    """
    match = beginning(text)
    if match is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST, {"match": match, "language": language})
        return [Suggestion(*row) for row in cursor]


def keys(kind: str, text: str) -> RawSQL | list:
    """The primary keys, for ``pk__in``, of the items of a kind that have the words of ``text``, of which the last may be
    unfinished; public or not. Only for those who may see what is not.
    """
    query, unfinished = parse(text, current_names()), beginning(text)
    if query is None or unfinished is None:
        return []
    match = f"({query.match}) | ({unfinished})"
    return RawSQL("SELECT object_id FROM search_searchentry WHERE kind = %s AND vector @@ %s::tsquery", [kind, match])


def current_names() -> Names:
    """The names that count as one at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return _prepared(tuple(tuple(row[0]) for row in cursor))


@lru_cache(maxsize=2)  # they hardly ever change, and to read them costs a fraction of preparing them
def _prepared(groups: tuple[tuple[str, ...], ...]) -> Names:
    return Names(groups)
