"""What keeps a text from being published: nothing that is a matter of style, only what leaves some readers with nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from conference_site.languages.content import language_name, localized
from conference_site.languages.text import isolated
from conference_site.publishing.aggregate import translated_fields
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.sanitiser import pictures_without_text


@dataclass(frozen=True)
class Barrier:
    """Why a language can't be published yet. ``source`` is the row where it is put right, unless that is the item itself."""

    reason: str
    source: models.Model | None = None

    @property
    def opts(self) -> "models.options.Options":
        """What the source is, for its address at the desk."""
        return self.source._meta


type Pictures = dict[tuple[type[models.Model], int], models.Model]


def missing_alternatives(
    model: type[models.Model], data: dict, languages: list[str], pictures: Pictures | None = None
) -> dict[str, list[Barrier]]:
    """The pictures of a working copy that say nothing in a language to those who don't see them (29). One query at most.

    A model of pictures says so itself: it has ``lacks_alternative(language)``. Who asks of many working copies reads their
    ``pictures`` first.
    """
    barriers = defaultdict(list)
    rows = list(_rows(model, data))
    pictures = pictures_of(model, [data]) if pictures is None else pictures
    shown = [pictures[key] for key in sorted(set(_references(rows)), key=lambda key: key[1]) if key in pictures]
    for language in languages:
        for address in _in_texts(rows, language):
            barriers[language].append(Barrier(_in_words(address, language)))
    for picture in shown:
        for language in languages:
            if picture.lacks_alternative(language):
                barriers[language].append(Barrier(_in_words(str(picture), language), picture))
    return barriers


def pictures_of(model: type[models.Model], copies: Iterable[dict]) -> Pictures:
    """The pictures to which these working copies refer: a query for each model of pictures, however many copies there are."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for data in copies:
        for kind, key in _references(_rows(model, data)):
            wanted[kind].add(key)
    return {(kind, row.pk): row for kind, keys in wanted.items() for row in kind._base_manager.filter(pk__in=keys)}


def _in_words(picture: str, language: str) -> str:
    message = _("A picture has no alternative text in this language (%(language)s): %(picture)s.")
    return message % {"language": language_name(language), "picture": isolated(picture)}


def _rows(model: type[models.Model], data: dict) -> Iterator[tuple[type[models.Model], dict]]:
    """The item's own columns, then those of its parts, each with their model."""
    yield model, data["fields"]
    for name in model.parts:
        for row in data["parts"].get(name, ()):
            yield model._meta.get_field(name).related_model, row


def _in_texts(rows: list[tuple[type[models.Model], dict]], language: str) -> Iterator[str]:
    for model, row in rows:
        for name in translated_fields(model):
            column = localized(name, language)
            if isinstance(model._meta.get_field(column), RichTextField) and "<img" in (row.get(column) or ""):
                yield from pictures_without_text(row[column])


def _references(rows: Iterable[tuple[type[models.Model], dict]]) -> Iterator[tuple[type[models.Model], int]]:
    """The pictures that these rows name, each by its model and its primary key."""
    for model, row in rows:
        for field in model._meta.concrete_fields:
            if field.remote_field and hasattr(field.related_model, "lacks_alternative") and row.get(field.attname):
                yield field.related_model, row[field.attname]
