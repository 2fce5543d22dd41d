"""What a vector holds beside its words, so that the index narrows by it: the year and the topics of an entry.

A mark begins with ``~``, as no word does. Each is a literal of a `tsquery`, and of a `tsvector`.
"""

from conference_site.search.lexemes import quote


def year_mark(year: int | None) -> str:
    """Of a year; of what has none."""
    return quote(f"~{year or ''}")


def topic_mark(key: int) -> str:
    """Of the topic with this primary key."""
    return quote(f"~topic{key}")
