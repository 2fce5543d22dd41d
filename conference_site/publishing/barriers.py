"""What keeps a text from being published: nothing that is a matter of style, only what leaves some readers with nothing."""

from collections import defaultdict
from collections.abc import Iterator
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


def missing_alternatives(model: type[models.Model], data: dict, languages: list[str]) -> dict[str, list[Barrier]]:
    """The pictures of a working copy that say nothing in a language to those who don't see them (29). One query at most.

    A model of pictures says so itself: it has ``lacks_alternative(language)``.
    """
    barriers = defaultdict(list)
    rows = list(_rows(model, data))
    for language in languages:
        for address in _in_texts(rows, language):
            barriers[language].append(Barrier(_in_words(address, language)))
    for picture in _pictures(rows):
        for language in languages:
            if picture.lacks_alternative(language):
                barriers[language].append(Barrier(_in_words(str(picture), language), picture))
    return barriers


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


def _pictures(rows: list[tuple[type[models.Model], dict]]) -> Iterator[models.Model]:
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for model, row in rows:
        for field in model._meta.concrete_fields:
            if field.remote_field and hasattr(field.related_model, "lacks_alternative"):
                wanted[field.related_model].add(row.get(field.attname))
    for model, keys in wanted.items():
        if keys := keys - {None}:
            yield from model._base_manager.filter(pk__in=keys).order_by("pk")
