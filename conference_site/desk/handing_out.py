"""What is to be translated, as the rows of a spreadsheet: one a text, and one a paragraph of rich text (`richtext.slots`)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference_site.desk import work, workbooks
from conference_site.desk.bilingual import label_of
from conference_site.desk.workbooks import Row
from conference_site.languages.content import localized
from conference_site.languages.text import normalise
from conference_site.publishing import differences, translations
from conference_site.publishing.differences import Kind, Piece
from conference_site.publishing.models import LanguageVersion, Publishable, Revision
from conference_site.publishing.translations import Passage, Translation, digest
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.slots import Pair, Slots, aligned, paired
from conference_site.richtext.words import words_of

MOST_ITEMS = 1_000
AT_ONCE = 100
"""Items whose former sources are looked for together."""
MOST_READ = 50
"""Revisions of each in which they are looked for, the newest first."""

NEEDED = {"missing": {Translation.MISSING}, "outdated": {Translation.OUTDATED}}
BOTH = {Translation.MISSING, Translation.OUTDATED}
_KEY = re.compile(
    r"([a-z_]+\.[a-z_]+):(\d{1,18}):([\w.]{1,150}):(\d{0,5}):(\d{0,5}):([\da-f]{16}):([\da-f]{16}):([\da-f]{16})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Key:
    """Says of a row what it belongs to, and of what it was made: the technical column of the sheet."""

    model: str
    pk: int
    path: str
    slot: int | None
    """Which paragraph of the source; None where a paragraph stands in the translation alone."""
    beside: int | None
    """Which paragraph of the translation stood beside it."""
    source: str
    """The digest of the whole source."""
    text: str
    """The digest of the whole translation."""
    cell: str
    """The digest of what stood in the cell of the translation."""

    def __str__(self) -> str:
        places = ("" if place is None else str(place) for place in (self.slot, self.beside))
        return ":".join([self.model, str(self.pk), self.path, *places, self.source, self.text, self.cell])

    @classmethod
    def parse(cls, text: str) -> Self | None:
        if not (found := _KEY.fullmatch(text)):
            return None
        model, pk, path, slot, beside, *digests = found.groups()
        return cls(model, int(pk), path, int(slot) if slot else None, int(beside) if beside else None, *digests)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text or a paragraph beside its source. ``slot`` and ``beside``: see `Key`."""

    slot: int | None
    beside: int | None
    source: str
    text: str
    status: str
    change: str = ""


def asked_for(user, wanted: dict, kinds: Iterable[int] = ()) -> models.QuerySet[LanguageVersion]:
    """The work on translations that this user may see, as far as the board's filters ask for it."""
    rows = work.filtered(work.versions_for(user), wanted).filter(work.to_translate())
    return rows.filter(content_type__in=kinds) if kinds else rows


def rows_of(versions: models.QuerySet[LanguageVersion], need: str | None = None) -> Iterator[Row]:
    """The rows of what is missing or outdated; of as many items as a sheet may hold, each of them whole."""
    states, number = NEEDED.get(need, BOTH), 0
    newest = versions.filter(revision__isnull=False).select_related("revision").order_by("-revision", "language")[:MOST_ITEMS]
    for some in batched(newest.iterator(chunk_size=AT_ONCE), AT_ONCE, strict=False):
        found = {version: _passages(version, states) for version in some}
        former = former_sources(found)
        for version, passages in found.items():
            rows = [row for passage in passages for row in _rows(version, passage, former.get(_place(version, passage)))]
            number += len(rows)
            if number > workbooks.MOST_ROWS:
                yield Row(status=_("More is to be translated: get another spreadsheet once this one is back."), is_open=False)
                return
            yield from rows


def guide() -> list[str]:
    """How the sheet is filled in, for somebody who has never seen the desk."""
    return [
        _("Write the translation into the column “Translation”, and leave all other columns as they are."),
        _("Each row is a text or a paragraph. A text is taken over once all its rows are translated."),
        _("Numbers in braces mark links, bold and pictures: {1}word{/1}. Keep them around the words that they belong to."),
        _("{2/} stands for a picture. A line break stays one; where braces are to be read, they are doubled."),
        _("Where a translation stands already, its source has changed since. What you leave as it is stays as it is."),
        _("Send the file back to whoever sent it to you."),
    ]


def former_sources(found: dict[LanguageVersion, list[Passage]]) -> dict[tuple, str]:
    """The sources from which outdated texts were translated, as far as newer revisions still have them. One query."""
    outdated = [(version, each) for version, passages in found.items() for each in passages if each.state == Translation.OUTDATED]
    sought = {_place(version, each): each.seen for version, each in outdated}
    if not sought:
        return {}
    items = {(version.content_type_id, version.object_id) for version, _passage in outdated}
    place = Window(RowNumber(), partition_by=[F("content_type"), F("object_id")], order_by=F("pk").desc())
    revisions = Revision.objects.filter(work.any_of(items)).annotate(place=place).filter(place__lte=MOST_READ)
    former: dict[tuple, str] = {}
    for content_type, pk, data in revisions.order_by("-pk").values_list("content_type", "object_id", "data").iterator(AT_ONCE):
        for passage in translations.passages(_model(content_type), data):
            key = (content_type, pk, passage.path)
            if key not in former and sought.get(key) == digest(passage.source):
                former[key] = passage.source
    return former


def _passages(version: LanguageVersion, states: set[Translation]) -> list[Passage]:
    """The texts in question, in the order of the form: the item's own first, then those of each part."""
    passages = list(translations.passages(_model(version.content_type_id), version.revision.data))
    rows = {prefix: place for place, prefix in enumerate(dict.fromkeys(_prefix(passage) for passage in passages))}
    found = [each for each in passages if each.language == version.language and each.state in states]
    return sorted(found, key=lambda each: (rows[_prefix(each)], each.model._meta.get_field(each.field).creation_counter))


def _prefix(passage: Passage) -> str:
    return passage.path.rpartition(".")[0]


def _place(version: LanguageVersion, passage: Passage) -> tuple:
    return version.content_type_id, version.object_id, passage.path


def _model(content_type: int) -> type[Publishable]:
    return ContentType.objects.get_for_id(content_type).model_class()


def _rows(version: LanguageVersion, passage: Passage, former: str | None) -> list[Row]:
    """The rows of one text; a single one that says so, where a paragraph is longer than a cell may be."""
    model, data = _model(version.content_type_id), version.revision.data
    column, source = column_of(passage), translations.source_language(model, data)
    cells = list(_rich(passage, former) if isinstance(column, RichTextField) else _plain(passage, former))
    if any(len(text) > workbooks.LONGEST for cell in cells for text in (cell.source, cell.text, cell.change)):
        cells = [Cell(None, None, "", "", _("Too long for a spreadsheet: to be translated on the desk"))]
    return [
        Row(
            item=data["fields"].get(localized(model.headline, source)) or "",
            kind=str(capfirst(model._meta.verbose_name)),
            label=str(label_of(column)),
            status=cell.status,
            source=cell.source,
            text=cell.text,
            change=cell.change,
            key=str(_key(version, passage, cell)),
            source_language=source,
            language=passage.language,
            is_open=cell.slot is not None,
        )
        for cell in cells
    ]


def _key(version: LanguageVersion, passage: Passage, cell: Cell) -> Key:
    label, digests = _model(version.content_type_id)._meta.label_lower, (passage.source, passage.text, normalise(cell.text))
    return Key(label, version.object_id, passage.path, cell.slot, cell.beside, *map(digest, digests))


def _plain(passage: Passage, former: str | None) -> Iterator[Cell]:
    change = in_brackets(former, passage.source) if former is not None else ""
    yield Cell(0, 0, passage.source, passage.text, _status(passage), change)


def _rich(passage: Passage, former: str | None) -> Iterator[Cell]:
    """A cell a paragraph, then what the translation has beyond its source, so that no word of it is out of sight."""
    ours, theirs, was = Slots(passage.source), Slots(passage.text), Slots(former) if former is not None else None
    places = paired(ours, theirs, was)
    came_from = aligned(was.texts, ours.texts) if was else []
    for own in ours.to_translate:
        pair = Pair(ours[own], theirs[places[own]], passage.language)
        status, change = _status(passage), ""
        if was:
            before = was[came_from[own]]
            status = _("As it was when it was translated") if before and before.html == pair.source.html else status
            change = in_brackets(before.text if before else "", pair.source.text)
        yield Cell(own, places[own], pair.source_text, pair.text, status, change)
    shown = {places[own] for own in ours.to_translate}
    for beside in theirs.to_translate if passage.text else []:
        if beside not in shown:
            text = Pair(None, theirs[beside], passage.language).text
            yield Cell(None, beside, "", text, _("Stands in the translation alone, and will go: move what is still needed"))


def _status(passage: Passage) -> str:
    return _("Missing") if passage.state == Translation.MISSING else _("Outdated: its source has changed")


def in_brackets(old: str, new: str) -> str:
    """What differs between two texts, where neither colour nor line can say so; nothing where they are the same words."""
    lines = differences.lines(differences.runs(words_of(old), words_of(new)))
    if all(piece.kind is Kind.SAME for line in lines for piece in line.pieces):
        return ""
    return "\n".join("".join(_in_brackets(piece) for piece in line.pieces).strip() for line in lines)


def _in_brackets(piece: Piece) -> str:
    signs = {Kind.SAME: "{}", Kind.REMOVED: "[− {}]", Kind.ADDED: "[+ {}]"}
    text = "[…]" if piece.is_fold else signs[piece.kind].format(piece.text)
    return " " * piece.is_apart + text


def column_of(passage: Passage) -> models.Field:
    """The column in which the translation stands."""
    return passage.model._meta.get_field(localized(passage.field, passage.language))
