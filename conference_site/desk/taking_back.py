"""A spreadsheet that came back from a translator: what of it can be taken over, why the rest can't, and the taking over.

A text is taken over as a whole, and only while its source and its translation are what they were when the sheet was made. What is
taken over of an item is saved as its working copy, in one revision, as if it had been typed into the form. Nothing else changes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference_site.desk.bilingual import label_of
from conference_site.desk.handing_out import Key, column_of
from conference_site.desk.workbooks import Row
from conference_site.languages.text import normalise
from conference_site.publishing import aggregate, comparison, merging, translations, working_copies
from conference_site.publishing.models import Publishable, Revision
from conference_site.publishing.translations import Passage, digest
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.slots import Pair, Slots, TagsError


class RefusedError(Exception):
    """Why a text can't be taken over, in a sentence; ``row`` is the one to blame, where that is a single one."""

    def __init__(self, reason: str, row: Row | None = None) -> None:
        self.reason, self.row = reason, row


@dataclass(frozen=True, slots=True)
class Change:
    """A text that can be taken over. ``source`` is the digest of that from which it was translated."""

    path: str
    column: models.Field
    before: str
    value: str
    source: str

    @property
    def label(self) -> str:
        return str(label_of(self.column))

    @property
    def difference(self) -> comparison.Value:
        """Word by word. To be asked of what is shown only, for it takes time."""
        return comparison.text_change(self.column, self.before, self.value)


@dataclass(slots=True)
class Item:
    """What the sheet has for one item."""

    model: type[Publishable]
    pk: int
    texts: dict[str, list[tuple[Key, Row]]]
    """Path → the rows of the text."""
    item: Publishable | None = None
    changes: list[Change] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    """Each with its reason."""
    blamed: list[Row] = field(default_factory=list)
    """Of each text that is refused the row to blame, else its first."""
    number_alike: int = 0
    """Texts that stand there already."""

    @property
    def kind(self) -> str:
        return capfirst(self.model._meta.verbose_name)

    def __str__(self) -> str:
        return str(self.item)


@dataclass(slots=True)
class Sheet:
    """A whole sheet, judged."""

    items: list[Item]
    stray: list[Row]
    """Rows of which nobody can tell what they belong to."""
    number_empty: int = 0
    """Texts that nobody has translated yet."""
    number_untouched: int = 0
    """Texts whose translation is as it was handed out."""

    @property
    def number_alike(self) -> int:
        return self.number_untouched + sum(item.number_alike for item in self.items)

    @property
    def touched(self) -> list[Row]:
        """The rows of all texts about which there is something to decide."""
        return [*self.stray, *(row for item in self.items for text in item.texts.values() for _key, row in text)]

    @property
    def accepted(self) -> list[Item]:
        return [item for item in self.items if item.changes]

    @property
    def refused(self) -> list[Row]:
        return [*self.stray, *(row for item in self.items for row in item.refused)]

    @property
    def blamed(self) -> list[Row]:
        return [*self.stray, *(row for item in self.items for row in item.blamed)]

    @property
    def number_accepted(self) -> int:
        return sum(len(item.changes) for item in self.items)


def judge(request: HttpRequest, site: AdminSite, rows: list[Row]) -> Sheet:
    """What would be done with the sheet. Nothing is written; a few queries for each kind of item."""
    sheet = _sorted(rows)
    by_model = defaultdict(list)
    for item in sheet.items:
        by_model[item.model].append(item)
    for model, items in by_model.items():
        found = model._base_manager.in_bulk([item.pk for item in items])
        newest = _newest(model, found)
        for item in items:
            _judge(request, site, item, found.get(item.pk), newest.get(item.pk))
    return sheet


def take(request: HttpRequest, site: AdminSite, rows: list[Row]) -> Sheet:
    """Take over what can be, item by item: each is judged again while it is locked, and saved as a whole or not at all."""
    sheet = _sorted(rows)
    for item in sheet.items:
        try:
            with transaction.atomic():
                _take(request, site, item)
        except ValidationError as error:
            item.changes, item.refused, item.blamed = [], [], []
            for text in item.texts.values():
                _refuse(item, text, RefusedError(" ".join(error.messages)))
    return sheet


def _take(request: HttpRequest, site: AdminSite, item: Item) -> None:
    live = item.model._base_manager.select_for_update(no_key=True).filter(pk=item.pk).first()
    data = working_copies.working_copy(live) if live else None
    _judge(request, site, item, live, data)
    if not item.changes:
        return
    sources = dict(data.get("sources", {}))
    for change in item.changes:
        merging.put(change.path, change.value, data)
        sources[change.path] = change.source
    aggregate.assign(live, data)
    live.clean()
    working_copies.save(live, data | {"sources": sources}, request.user)
    labels = _(", ").join(change.label for change in item.changes)
    site.get_model_admin(item.model).log_change(request, live, _("Translated by spreadsheet: %(fields)s.") % {"fields": labels})


# Sorting


def _sorted(rows: list[Row]) -> Sheet:
    """The rows, text by text and item by item. Texts that nobody has touched are only counted."""
    sheet, items = Sheet([], []), {}
    for row in rows:
        key = Key.parse(row.key)
        model = _model_of(key) if key else None
        if model is None:
            if row.text or row.problem:
                sheet.stray.append(
                    replace(row, reason=_("Nobody can tell what this row belongs to: its technical column was changed."))
                )
            continue
        item = items.setdefault((model, key.pk), Item(model, key.pk, {}))
        item.texts.setdefault(key.path, []).append((key, row))
    for item in items.values():
        for path, text in list(item.texts.items()):
            if not any(_is_changed(*pair) for pair in text):
                del item.texts[path]
                is_empty = not any(row.text for _key, row in text)
                sheet.number_empty += is_empty
                sheet.number_untouched += not is_empty
        if item.texts:
            sheet.items.append(item)
    return sheet


def _model_of(key: Key) -> type[Publishable] | None:
    try:
        model = apps.get_model(key.model)
    except LookupError:
        return None
    return model if issubclass(model, Publishable) else None


def _is_changed(key: Key, row: Row) -> bool:
    return bool(row.problem) or digest(normalise(row.text)) != key.cell


def _newest(model: type[Publishable], keys: Iterable[int]) -> dict[int, dict]:
    """The working copies of these items. One query."""
    content_type = ContentType.objects.get_for_model(model)
    revisions = Revision.objects.filter(content_type=content_type, object_id__in=list(keys))
    newest = revisions.order_by("object_id", "-pk").distinct("object_id")
    return dict(newest.values_list("object_id", "data"))


# Judging


def _judge(request: HttpRequest, site: AdminSite, item: Item, live: Publishable | None, data: dict | None) -> None:
    """Sort the item's texts into those that can be taken over and those that can't."""
    item.item = live
    try:
        passages = _passages(request, site, item.model, live, data)
    except RefusedError as refusal:
        for text in item.texts.values():
            _refuse(item, text, refusal)
        return
    for path, text in item.texts.items():
        try:
            if change := _change(passages.get(path), text):
                item.changes.append(change)
            else:
                item.number_alike += 1
        except RefusedError as refusal:
            _refuse(item, text, refusal)


def _passages(
    request: HttpRequest, site: AdminSite, model: type[Publishable], live: Publishable | None, data: dict | None
) -> dict[str, Passage]:
    if live is None or data is None:
        raise RefusedError(_("This item is not there any more."))
    if live.deleted_at:
        raise RefusedError(_("This item was deleted."))
    if not site.get_model_admin(model).has_change_permission(request, live):
        raise RefusedError(_("You may not change this item."))
    return {passage.path: passage for passage in translations.passages(model, data)}


def _change(passage: Passage | None, text: list[tuple[Key, Row]]) -> Change | None:
    """The text that is to be saved; None where it stands there already."""
    if passage is None:
        raise RefusedError(_("This text is not there any more, or is not to be translated."))
    key, _row = text[0]
    if any((each.source, each.text) != (key.source, key.text) for each, _row in text):
        raise RefusedError(_("The rows of this text come from different spreadsheets."))
    if key.source != digest(passage.source):
        raise RefusedError(_("The source has changed since the spreadsheet was made. Take a new one from the desk."))
    value, column = _value(passage, text), column_of(passage)
    if value == passage.text:
        return None
    if key.text != digest(passage.text):
        raise RefusedError(_("Somebody has changed the translation since the spreadsheet was made. Compare both on the desk."))
    return Change(passage.path, column, passage.text, value, key.source)


def _value(passage: Passage, text: list[tuple[Key, Row]]) -> str:
    """The text as its column holds it."""
    rows = {}
    for key, row in text:
        if row.problem:
            raise RefusedError(row.problem, row)
        if key.slot is None and row.text and _is_changed(key, row):
            raise RefusedError(_("This row has no source: what is still needed of it belongs in another row."), row)
        if rows.setdefault(key.slot, (key, row))[1].text != row.text and key.slot is not None:
            raise RefusedError(_("This row stands there twice, with different translations."), row)
    column = column_of(passage)
    value = _rich(passage, rows) if isinstance(column, RichTextField) else _plain(column, rows)
    try:
        return column.clean(normalise(value), None)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error


def _plain(column: models.Field, rows: dict[int | None, tuple[Key, Row]]) -> str:
    _require({0}, rows)
    value = normalise(rows[0][1].text).strip()
    return value if isinstance(column, models.TextField) else " ".join(value.split("\n"))


def _rich(passage: Passage, rows: dict[int | None, tuple[Key, Row]]) -> str:
    """The source's structure with the words of the translation."""
    ours, theirs = Slots(passage.source), Slots(passage.text)
    _require(set(ours.to_translate), rows)
    filling = {}
    for slot in ours.to_translate:
        key, row = rows[slot]
        pair = Pair(ours[slot], theirs[key.beside], passage.language)
        try:
            filling[slot] = pair.read(row.text, is_strict=_is_changed(key, row))
        except TagsError as error:
            raise RefusedError(str(error), row) from error
    return ours.filled(filling)


def _require(slots: set[int], rows: dict[int | None, tuple[Key, Row]]) -> None:
    if slots - rows.keys():
        raise RefusedError(_("Rows of this text are missing."))
    for slot in sorted(slots):
        if not rows[slot][1].text:
            raise RefusedError(_("This row has no translation yet; a text is taken over as a whole."), rows[slot][1])


def _refuse(item: Item, text: list[tuple[Key, Row]], refusal: RefusedError) -> None:
    """Give back the rows of a text with the reason; where one of them is to blame, the others belong to it."""
    blamed = refusal.row or text[0][1]
    item.blamed.append(replace(blamed, reason=refusal.reason))
    for _key, row in text:
        is_other = refusal.row is not None and row is not blamed
        reason = _("Belongs to a text of which another row is refused.") if is_other else refusal.reason
        item.refused.append(replace(row, reason=reason))
