"""Which texts of an item are translated, and from which state of their source.

The source of an item is the first of the site's languages in which it has a headline. A working copy remembers under ``sources``,
for each translated text, the digest of the source that the translator saw: not of the one that was there when the translation was
saved. A text whose source reads differently now is outdated, until it is changed or confirmed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.db import models

from conference_site.languages.content import codes, localized
from conference_site.publishing.aggregate import part_model, translated_fields


class Translation(StrEnum):
    MISSING = "missing"
    CURRENT = "current"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an item in one language, beside the text that it is translated from."""

    path: str
    """``title_<language>``, or ``milestones.12.text_<language>`` for the text of a part."""
    model: type[models.Model]
    field: str
    language: str
    text: str
    source: str
    seen: str | None
    """The digest of the source that this text was translated from, where it is known."""

    @property
    def state(self) -> Translation:
        if not self.text:
            return Translation.MISSING
        return Translation.OUTDATED if self.seen and self.seen != digest(self.source) else Translation.CURRENT


def digest(text: str) -> str:
    """What tells one text from another: spaces at its ends and line ends don't."""
    return sha256("\n".join(text.split("\r\n")).strip().encode()).hexdigest()[:16]


def source_language(model: type[models.Model], data: dict) -> str:
    """The language that the item was written in first: the first one with a headline."""
    written = (code for code in codes() if data["fields"].get(localized(model.headline, code)))
    return next(written, codes()[0])


def passages(model: type[models.Model], data: dict) -> Iterator[Passage]:
    """The texts to be translated: those whose source is written, in each of the other languages."""
    source, known = source_language(model, data), data.get("sources", {})
    for prefix, owner, row in _rows(model, data):
        for field in text_fields(owner):
            if original := row.get(localized(field, source)):
                for language in codes():
                    if language != source:
                        column = localized(field, language)
                        path = prefix + column
                        yield Passage(path, owner, field, language, row.get(column) or "", original, known.get(path))


def text_fields(model: type[models.Model]) -> list[str]:
    """The translated fields that are texts: dates of publication are not."""
    columns = {name: model._meta.get_field(localized(name, codes()[0])) for name in translated_fields(model)}
    return [name for name, column in columns.items() if isinstance(column, models.CharField | models.TextField)]


def remember_sources(model: type[models.Model], data: dict, before: dict | None, seen: dict | None) -> dict:
    """The digests to be kept with ``data``: of the source that was seen for what was translated now, else as they were.

    Data that bring digests of their own (a confirmed translation, an older revision) keep them.
    ``before`` is the working copy that ``data`` replaces, and ``seen`` the one that the form showed, where they differ.
    """
    old = {each.path: each for each in passages(model, before)} if before else {}
    shown = {each.path: each.source for each in passages(model, seen)} if seen else {}
    kept = {}
    for passage in passages(model, data):
        if not passage.text:
            continue
        former = old.get(passage.path)
        if passage.seen:
            kept[passage.path] = passage.seen
        elif former and former.text == passage.text and former.seen:
            kept[passage.path] = former.seen
        elif former and former.text == passage.text:
            kept[passage.path] = digest(former.source)  # written before digests were kept
        elif former and former.source == passage.source and passage.path in shown:
            kept[passage.path] = digest(shown[passage.path])
        else:
            kept[passage.path] = digest(passage.source)
    return kept


def _rows(model: type[models.Model], data: dict) -> Iterator[tuple[str, type[models.Model], dict]]:
    yield "", model, data["fields"]
    for name in model.parts:
        for row in data["parts"].get(name, []):
            yield f"{name}.{row['pk']}.", part_model(model, name), row
