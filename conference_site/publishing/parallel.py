"""Parallel reading: an item whose page is there in several languages, paragraph beside paragraph, at an address of its own.

Which texts are read, a model says in ``reading_order`` and ``reading_headings``. A column a language, the reader's own first.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from conference_site.languages.content import Text, localized, own_text, page_languages
from conference_site.media.prose import images_in
from conference_site.publishing.models import Addressed, Publishable
from conference_site.publishing.pages import item_page
from conference_site.richtext.alignment import side_by_side
from conference_site.richtext.fields import RichTextField


class Row(NamedTuple):
    """What is read side by side: a ``heading``, a ``line`` of plain text, or a block of rich text (``prose``)."""

    kind: str
    cells: list[Text]


def address(item: Publishable) -> str:
    """The item's own address, and a word more."""
    return f"{item.get_absolute_url()}parallel/"


def languages_of(item: Publishable) -> list[str]:
    """The languages in which it is read side by side, the reader's first: those of its page, if they are two at least."""
    languages = page_languages(item)
    return languages if len(languages) > 1 else []


def parallel_page(model: type[Addressed]) -> Callable[..., HttpResponse]:
    """The view that answers for the items of ``model``, by slug."""
    return item_page(model.objects.visible, address, languages_of)(show)


def show(request: HttpRequest, item: Publishable, **context: object) -> HttpResponse:
    languages = languages_of(item)
    if not languages:
        raise Http404
    titles = [own_text(item, item.headline, language) for language in languages]
    found = list(rows(item, languages))
    page = {
        "item": item,
        "titles": titles,
        "rows": found,
        "images": images_in(cell.text for row in found for cell in row.cells if row.kind == "prose"),
        "address": settings.SITE_URL + address(item),
    }
    return render(request, "parallel.html", page | context)


def rows(item: Publishable, languages: list[str]) -> Iterator[Row]:
    """What stands beneath the titles, from top to bottom."""
    for name in item.reading_order:
        read = list(_rows_of(item, name, languages))
        if read and name in item.reading_headings:
            yield Row("heading", [_heading(item, name, language) for language in languages])
        yield from read


def _heading(item: Publishable, name: str, language: str) -> Text:
    with override(language):
        return Text(str(item.reading_headings[name]), language)


def _rows_of(item: Publishable, name: str, languages: list[str]) -> Iterator[Row]:
    parts, _dot, field = name.rpartition(".")
    for holder in getattr(item, parts).all() if parts else [item]:
        texts = [own_text(holder, field, language) for language in languages]
        if isinstance(holder._meta.get_field(localized(field, languages[0])), RichTextField):
            for blocks in side_by_side([text.text for text in texts]):
                yield Row("prose", list(map(Text, blocks, languages)))
        elif any(texts):
            yield Row("line", texts)
