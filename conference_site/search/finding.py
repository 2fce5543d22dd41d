"""From a query to what it finds, best first, page by page; and from the beginning of a word to titles that have it.

Candidates are the newest entries that match and are public at this moment of the database's clock. The index alone finds them, as
it holds years and topics too (`marks`), for to read a vector costs more than all else. An item is found once, in the reader's
language where that matches. Ranks are whole numbers, so that an order can be explained and paged by key: a title or name that is
what was asked for, before one that has it, before a text; what was typed exactly before its other forms; then the newer.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from conference_site.languages.content import codes
from conference_site.search.lexemes import quote
from conference_site.search.marks import topic_mark, year_mark
from conference_site.search.names import Names
from conference_site.search.queries import Query, all_of, any_of, beginning, parse

MOST_COUNTED = 2_000
"""Only so many items, the newest, are counted and ranked: a word that stands in half of a large site costs no more than that."""

MOST_EXAMINED = 300
"""Among so many of them, the newest, what was typed exactly counts for more: that alone asks to read whole vectors."""

RECENT_YEARS, YEARS_AHEAD = 4, 1
"""Candidates are sought in this year and these around it, and in what has none, first; in others only where they are too few."""

MOST_SUGGESTED, MOST_TRIED, SHORTEST_BEGINNING = 8, 60, 2
"""Suggestions, the newest entries among which they are sought, and from how many letters on."""

PUBLIC = "publish_at <= statement_timestamp() AND (expires_at IS NULL OR expires_at > statement_timestamp())"

# PostgreSQL takes the reading of a vector for free, and would rather read the whole table than the index. Sent with a statement
# (which asks for psycopg's client-side binding), it holds for that one, or to the end of the transaction around it.
THROUGH_THE_INDEX = "SET LOCAL enable_seqscan = off;"


def _newest(match: str, condition: str) -> str:
    """The newest public entries that match, by their places in the table: only what their order asks is read of them."""
    return f"""
        SELECT id, day, ctid AS row FROM search_searchentry WHERE vector @@ %({match})s::tsquery AND {PUBLIC} AND {condition}
        ORDER BY day DESC, id DESC LIMIT %(candidates)s
    """


# A row stays where it was found until the statement ends; without OFFSET the planner would rather read the whole table. The last
# of all candidates isn't counted: it says that there are more.
FIND = f"""
    {THROUGH_THE_INDEX}
    WITH recent AS MATERIALIZED ({_newest("recent", "true")}),
    older AS MATERIALIZED ({_newest("older", "(SELECT count(*) FROM recent) < %(candidates)s")}),
    newest AS (
        SELECT *, row_number() OVER (ORDER BY day DESC, id DESC) AS place
        FROM (TABLE recent UNION ALL TABLE older) AS found ORDER BY day DESC, id DESC LIMIT %(candidates)s
    ),
    -- each with its rank
    candidates AS MATERIALIZED (
        SELECT id, day, place, entry.* FROM newest CROSS JOIN LATERAL (
            SELECT kind, object_id, language, (language = %(language)s)::int AS own,
                CASE WHEN title_vector @@ %(words)s::tsquery
                    THEN 8 * (title_vector @@ %(whole)s::tsquery)::int + 4 + 2 * (title_vector @@ %(exact)s::tsquery)::int
                    ELSE 0 END
                    + 8 * (kind = ANY(%(kinds)s::text[]))::int
                    + CASE WHEN place <= {MOST_EXAMINED} THEN (vector @@ %(exact)s::tsquery)::int ELSE 0 END AS rank
            FROM search_searchentry AS entry WHERE entry.ctid = newest.row OFFSET 0
        ) AS entry
    ),
    -- each item once, in the reader's language where that matches
    items AS MATERIALIZED (
        SELECT DISTINCT ON (object_id, kind) id, kind, day, own, rank FROM candidates
        WHERE place < %(candidates)s ORDER BY object_id, kind, own DESC, language
    ),
    counts AS (
        SELECT jsonb_object_agg(kind, number) AS counts, (SELECT kind FROM candidates WHERE place = %(candidates)s) AS cut
        FROM (SELECT kind, count(*) AS number FROM items GROUP BY kind) AS kinds
    ),
    page AS (
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
    {THROUGH_THE_INDEX}
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

WHICH_FIND = f"""
    {THROUGH_THE_INDEX}
    SELECT EXISTS (SELECT FROM search_searchentry WHERE vector @@ match::tsquery AND {PUBLIC})
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (match, number) ORDER BY number
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
    kinds: Iterable[str] = (),
    year: int | None = None,
    topic: int | None = None,
    after: Place = BEGINNING,
    most: int = 10,
) -> Answer:
    """At most ``most`` results after a place, for a reader of ``language``; of one ``kind``, a year and a topic, if given.

    Items of ``kinds`` come before others: they are what was asked for. The counts are those of every kind.
    """
    narrowed = [query.match]
    if year:
        narrowed.append(year_mark(year))
    if topic:
        narrowed.append(topic_mark(topic))
    this_year = timezone.localdate().year
    recent = any_of(map(year_mark, [None, *range(this_year - RECENT_YEARS + 1, this_year + YEARS_AHEAD + 1)]))
    values = {
        "words": query.match,
        "recent": all_of([*narrowed, recent]),
        "older": all_of([*narrowed, f"!{recent}"]),
        "exact": query.exact,
        "whole": any_of(map(quote, sorted(query.wholes))),
        "kinds": list(kinds),
        "language": language,
        "kind": kind,
        "most": most,
    }
    # An item has as many entries as languages. Most words stand in one of them, names in all: only these need more candidates for
    # as many items.
    for candidates in (MOST_COUNTED + MOST_COUNTED // 20, MOST_COUNTED * len(codes())):
        answer = _answer(values | after._asdict() | {"candidates": candidates + 1})
        if answer.cut is None or sum(answer.counts.values()) >= MOST_COUNTED:
            break
    return answer


def _answer(values: dict) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        cursor.nextset()  # after the setting's
        rows = cursor.fetchall()
    counts, cut = rows[0][:2]
    return Answer([Found(*row[2:8], Place(*row[8:])) for row in rows if row[2]], json.loads(counts or "{}"), cut)


def suggest(text: str, language: str) -> list[Suggestion]:
    """Public items whose title or name has the words of ``text``, of which the last may be unfinished; each in the reader's
    language, where it is public in that.
    """
    match = beginning(text)
    if match is None or len(text.strip()) < SHORTEST_BEGINNING:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST, {"match": match, "language": language})
        cursor.nextset()
        return [Suggestion(*row) for row in cursor]


def keys(kind: str, text: str) -> RawSQL | list:
    """The primary keys, for ``pk__in``, of the items of a kind that have the words of ``text``, of which the last may be
    unfinished; public or not. Only for those who may see what is not.
    """
    query = parse(text, current_names())
    if query is None:
        return []
    match = f"({query.match}) | ({beginning(text)})"
    return RawSQL("SELECT object_id FROM search_searchentry WHERE kind = %s AND vector @@ %s::tsquery", [kind, match])


def which_find(queries: Iterable[Query]) -> list[bool]:
    """Of each query, whether it would find anything."""
    with connection.cursor() as cursor:
        cursor.execute(WHICH_FIND, [[query.match for query in queries]])
        cursor.nextset()
        return [row[0] for row in cursor]


def current_names() -> Names:
    """The names that count as one at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return _prepared(tuple(tuple(row[0]) for row in cursor))


@lru_cache(maxsize=2)  # they hardly ever change, and to read them costs a fraction of preparing them
def _prepared(groups: tuple[tuple[str, ...], ...]) -> Names:
    return Names(groups)
