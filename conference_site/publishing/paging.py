"""Pages of a long list by key: each names the last row seen, so that page 5,000 costs what page 1 does and no row is counted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import BadRequest
from django.db.models import Model, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class KeysetPage:
    """The rows of one page, its own query string, and those that lead to its neighbours (None where there is none)."""

    items: list[Model]
    query: str
    newer: str | None
    older: str | None
    on_top: list[Model] = field(default_factory=list)
    """Rows that stand above the others, out of their order."""


def keyset_page(
    rows: QuerySet,
    query: QueryDict,
    date_field: str,
    size: int,
    first: Callable[[int], tuple[list[Model], list[Model]]] | None = None,
) -> KeysetPage:
    """The page of ``rows`` that ``?before=`` or ``?after=`` asks for, newest first by (``date_field``, pk).

    A cursor is ``YYYY-MM-DD.pk``. Any other raises `BadRequest`, and so do both at once; beyond the end of the list there is no
    page (`Http404`). A list without any row has its first page.

    ``first`` reads so many rows for the first page, after those that stand above them. These are more rows on that page, and none
    fewer on another: each is still where its date puts it, so that a page holds the same rows whatever stands on top.
    """
    before, after, on_top = _cursor(query, "before"), _cursor(query, "after"), []
    if before and after:
        raise BadRequest(_("The address asks for two pages at once."))
    if after:
        found = list(rows.filter(beyond(date_field, "gt", after)).order_by(date_field, "pk")[: size + 1])
        items, has_newer, has_older = found[:size][::-1], len(found) > size, True
    else:
        if first and not before:
            on_top, found = first(size + 1)
        else:
            rows = rows.filter(beyond(date_field, "lt", before)) if before else rows
            found = list(rows.order_by(f"-{date_field}", "-pk")[: size + 1])
        items, has_newer, has_older = found[:size], bool(before), len(found) > size
    if not items and (before or after):
        raise Http404
    return KeysetPage(
        [item for item in items if item not in on_top],
        query=next((f"?{name}={query[name]}" for name in ("before", "after") if name in query), ""),
        newer=f"?after={_name(items[0], date_field)}" if items and has_newer else None,
        older=f"?before={_name(items[-1], date_field)}" if items and has_older else None,
        on_top=on_top,
    )


def first_rows(rows: QuerySet, most: int) -> tuple[list[Model], bool]:
    """At most ``most`` rows, and whether there are more."""
    found = list(rows[: most + 1])
    return found[:most], len(found) > most


def _cursor(query: QueryDict, name: str) -> tuple[date, int] | None:
    if name not in query:
        return None
    try:
        day, pk = CURSOR.fullmatch(query[name]).groups()
        return date.fromisoformat(day), int(pk)
    except (AttributeError, ValueError):
        raise BadRequest(_("The address names no page of this list.")) from None


def beyond(date_field: str, side: str, cursor: tuple[date, int]) -> Q:
    """Rows on one side (``gt`` or ``lt``) of a place in the order by (``date_field``, pk)."""
    day, pk = cursor
    # The first condition alone lets the index find the place; the second decides between rows of one day.
    return Q(**{f"{date_field}__{side}e": day}) & (Q(**{f"{date_field}__{side}": day}) | Q(**{f"pk__{side}": pk}))


def _name(item: Model, date_field: str) -> str:
    return f"{getattr(item, date_field)}.{item.pk}"
