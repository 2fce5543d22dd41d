"""What a reader may want to read after a news item."""

import re
from typing import NamedTuple

from django.db import models
from django.db.models.expressions import RawSQL

from conference_site.publishing.models import visible_sql
from news.models import NewsItem

MOST_RELATED = 3
NEWEST = 200
"""Among so many of the newest items what is related is looked for first: what many items share, some of these do too."""

# For each relation: the column with the keys of items, and those with which this item shares something by it.
SHARING = [
    (f"other.{item}", f"SELECT other.{item} FROM {table} own JOIN {table} other USING ({shared}) WHERE own.{item} = %(pk)s")
    for table, item, shared in (
        ("news_newsgoallink", "item_id", "goal_id"),
        ("news_newsitem_organisations", "newsitem_id", "organisation_id"),
        ("news_newsitem_topics", "newsitem_id", "topic_id"),
    )
]
SHARED_BY_ANY = " UNION ".join(items for _key, items in SHARING)
# With an offset PostgreSQL looks for each item, instead of putting together all that share something to look it up there.
SHARES_SOMETHING = " OR ".join(f"EXISTS ({items} AND {key} = {{item}}.id OFFSET 0)" for key, items in SHARING)
OTHERS = f"FROM news_newsitem item WHERE {visible_sql('item')} AND item.id <> %(pk)s"
NAME = re.compile(r"%\(\w+\)s")
NEWEST_FIRST = "ORDER BY item.listed_on DESC, item.id DESC LIMIT"

# Written as SQL: each part has an index of its own, and looks at no more items the more there are. For one condition, PostgreSQL
# would look at all of them, and Django takes longer to put it together than PostgreSQL to answer.
AROUND = f"""
    WITH newest AS MATERIALIZED (SELECT item.id, item.listed_on {OTHERS} {NEWEST_FIRST} {NEWEST}),
    related AS MATERIALIZED (
        SELECT item.id FROM newest item WHERE {SHARES_SOMETHING.format(item="item")} {NEWEST_FIRST} {MOST_RELATED}
    )
    (SELECT item.id {OTHERS} AND (item.listed_on, item.id) > (%(day)s, %(pk)s) ORDER BY item.listed_on, item.id LIMIT 1)
    UNION ALL
    (SELECT item.id {OTHERS} AND (item.listed_on, item.id) < (%(day)s, %(pk)s) {NEWEST_FIRST} 1)
    UNION ALL
    SELECT id FROM related
    UNION ALL
    (SELECT item.id {OTHERS} AND (SELECT count(*) FROM related) < {MOST_RELATED}
        AND item.id IN ({SHARED_BY_ANY}) {NEWEST_FIRST} {MOST_RELATED})
"""


class Around(NamedTuple):
    """The next newer and the next older item that are shown, and the newest that share something with the item."""

    newer: NewsItem | None
    older: NewsItem | None
    related: list[NewsItem]


def around(item: NewsItem) -> Around:
    """One query."""
    place = (item.listed_on, item.pk)
    shares_something = _sql(item, SHARES_SOMETHING.format(item="news_newsitem"), models.BooleanField())
    found = list(NewsItem.objects.listed().filter(pk__in=_sql(item, AROUND)).annotate(shares_something=shares_something))
    return Around(
        newer=next((other for other in reversed(found) if (other.listed_on, other.pk) > place), None),
        older=next((other for other in found if (other.listed_on, other.pk) < place), None),
        related=[other for other in found if other.shares_something][:MOST_RELATED],
    )


def _sql(item: NewsItem, sql: str, output_field: models.Field | None = None) -> RawSQL:
    """``sql`` with the day and the key of ``item``; Django's own takes no names."""
    values = {"%(day)s": item.listed_on, "%(pk)s": item.pk}
    return RawSQL(NAME.sub("%s", sql), [values[name] for name in NAME.findall(sql)], output_field)
