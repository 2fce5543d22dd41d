"""What differs between two versions of an item, in an editor's words: fields, links and parts, field by field and word by word.

A version is what `aggregate.snapshot` returns. Columns, links and kinds of parts that one of the two doesn't know, as those
that have been added to the site since, or taken away, make no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from conference_site.languages.content import direction, language_name, names_in_words
from conference_site.languages.dates import FORMATS
from conference_site.languages.fields import LinkField, PartialDateField
from conference_site.languages.text import isolated
from conference_site.publishing import aggregate, differences
from conference_site.publishing.differences import Kind, Line, Piece
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import plain_text
from conference_site.richtext.words import words_of, words_of_html

CODES = (models.SlugField, models.URLField, models.EmailField, LinkField, models.FileField)
"""Fields whose content is no running text, and reads from left to right in every language."""


@dataclass
class Value:
    """A field in one language, or, without one, what all share."""

    language: str = ""
    lines: list[Line] = field(default_factory=list)
    is_changed: bool = False
    attributes: SafeString = field(default_factory=SafeString)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def shows_change(self) -> bool:
        """Whether the lines say what has changed; spaces and markup that nobody sees are in none of them."""
        return any(piece.kind is not Kind.SAME for line in self.lines for piece in [line, *line.pieces])


@dataclass
class Field:
    label: str
    values: list[Value]


@dataclass
class PartChange:
    """A part that was added, removed, moved or changed, by what it calls itself."""

    called: str
    fates: list[str]
    fields: list[Field]


@dataclass
class Parts:
    """All changes to the parts of one kind."""

    label: str
    changes: list[PartChange]


@dataclass
class Comparison:
    fields: list[Field]
    parts: list[Parts]

    def __bool__(self) -> bool:
        return bool(self.fields or self.parts)


ADDED, REMOVED, MOVED = _("added"), _("removed"), _("moved")


Items = dict[type[models.Model], dict[int, models.Model]]


def compare(old: dict, new: dict, model: type[models.Model], items: Items | None = None) -> Comparison:
    """What differs, word by word. Reads the items that are named, unless they are given."""
    return _Reader(old, new, model, items).comparison()


def whole(data: dict, model: type[models.Model], items: Items | None = None) -> Comparison:
    """Everything that the version holds, in the same form: all of it is the same, and none of it is left out."""
    return _Reader(data, data, model, items, changed_only=False).comparison()


def items_named_in(model: type[models.Model], *versions: dict) -> Items:
    """The items to which the versions refer, deleted ones too: one query for each of their models."""
    return items_named((model, version) for version in versions)


def items_named(
    versions: Iterable[tuple[type[models.Model], dict]], others: Iterable[tuple[type[models.Model], int]] = ()
) -> Items:
    """The same of versions of items of several models, and these other items."""
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for model, key in others:
        wanted[model].add(key)
    for model, version in versions:
        for related, keys in _references(version, model):
            wanted[related].update(key for key in keys if isinstance(key, int))
    return defaultdict(dict) | {related: related._base_manager.in_bulk(keys) for related, keys in wanted.items() if keys}


def _references(version: dict, model: type[models.Model]) -> Iterator[tuple[type[models.Model], Iterable]]:
    yield from aggregate.references(model, [version.get("fields", {})])
    for link in model._meta.many_to_many:
        yield link.related_model, version.get("links", {}).get(link.name, [])
    for name in _kinds_of_parts(model):
        yield from aggregate.references(aggregate.part_model(model, name), version.get("parts", {}).get(name, []))


def changed_names(old: dict, new: dict, model: type[models.Model]) -> list[str]:
    """What differs, by name: “Title (Arabic and English)”, “Milestones”. No query."""
    found = []
    for label, columns in _columns(model):
        changed = [column for column in columns if _differ(old.get("fields", {}), new.get("fields", {}), column.attname)]
        languages = [column.language for column in changed if isinstance(column, TranslationField)]
        if changed:
            found.append(f"{label} ({names_in_words(languages)})" if languages else label)
    found += [_label(link) for link in model._meta.many_to_many if _differ(old.get("links", {}), new.get("links", {}), link.name)]
    for name in _kinds_of_parts(model):
        if _differ(old.get("parts", {}), new.get("parts", {}), name):
            found.append(_label(aggregate.part_model(model, name)._meta, plural=True))
    return found


def changes_of_row(old: dict, new: dict, model: type[models.Model], items: Items) -> list[Field]:
    """What differs between the columns of a row, also in those that no editor fills in."""
    reader = _Reader({}, {}, model, items)
    known = {column.attname for column in aggregate.content_fields(model)} | set(aggregate.translated_fields(model))
    others = [column for column in model._meta.concrete_fields if column.attname not in known]
    return [
        *reader._fields(old, new, model),
        *(
            Field(_label(column), [reader._value(column, old[column.attname], new[column.attname])])
            for column in others
            if _differ(old, new, column.attname) and not column.primary_key
        ),
    ]


def text_change(column: models.Field, old: str, new: str) -> Value:
    """What differs between two texts of a column."""
    lines = _lines_of_texts(column, old, new, folded=True)
    return Value(column.language, lines, old != new, _attributes(column, column.language))


def _lines_of_texts(column: models.Field, old: str, new: str, *, folded: bool) -> list[Line]:
    read = words_of_html if isinstance(column, RichTextField) else words_of
    return differences.lines(differences.runs(read(old), read(new)), folded=folded)


def in_words(column: models.Field, text: str) -> str:
    """A text of a column as it is read: rich text without its HTML, a line for each paragraph."""
    return plain_text(text) if isinstance(column, RichTextField) else text


def value_in_words(column: models.Field, value: object, items: Items) -> str:
    """A stored value as an editor reads it; what can't be read any more, as it is. ``items``: see `items_named_in`."""
    if value in (None, "", []):
        return ""
    if isinstance(column, RichTextField):
        return plain_text(str(value))
    if column.remote_field:
        return _name(items, column.related_model, value)
    try:
        return _in_words(column, column.to_python(value))
    except (ValidationError, ValueError, TypeError):
        return str(value)


def _name(items: Items, model: type[models.Model], key: object) -> str:
    item = items[model].get(key)
    return gettext("(no longer there)") if item is None else str(item)


class _Reader:
    """Reads two versions, and the names of the items to which they refer."""

    def __init__(
        self, old: dict, new: dict, model: type[models.Model], items: Items | None, *, changed_only: bool = True
    ) -> None:
        self.old, self.new, self.model, self.changed_only = old, new, model, changed_only
        self.items = items_named_in(model, old, new) if items is None else items

    def comparison(self) -> Comparison:
        old, new = ({"fields": {}, "links": {}, "parts": {}} | version for version in (self.old, self.new))
        fields = [*self._fields(old["fields"], new["fields"], self.model), *self._links(old["links"], new["links"])]
        names = [name for name in _kinds_of_parts(self.model) if name in old["parts"] and name in new["parts"]]
        groups = [self._parts(old["parts"][name], new["parts"][name], aggregate.part_model(self.model, name)) for name in names]
        return Comparison(fields, [group for group in groups if group.changes])

    # Columns

    def _fields(self, old: dict, new: dict, model: type[models.Model], but: Iterable[str] = ()) -> Iterator[Field]:
        for label, columns in _columns(model):
            known = [column for column in columns if column.attname in old and column.attname in new and column.name not in but]
            values = [self._value(column, old[column.attname], new[column.attname]) for column in known]
            if any(value.is_changed if self.changed_only else value.lines for value in values):
                yield Field(label, values)

    def _value(self, column: models.Field, old: object, new: object) -> Value:
        language = column.language if isinstance(column, TranslationField) else ""
        is_text = isinstance(column, models.CharField | models.TextField) and not column.choices
        if is_text and not isinstance(column, (*CODES, PartialDateField)):
            lines = _lines_of_texts(column, str(old or ""), str(new or ""), folded=self.changed_only)
        else:
            lines = differences.whole(*(value_in_words(column, value, self.items) for value in (old, new)))
        return Value(language, lines, old != new, _attributes(column, language if is_text else ""))

    def _links(self, old: dict, new: dict) -> Iterator[Field]:
        for link in self.model._meta.many_to_many:
            if link.name not in old or link.name not in new:
                continue
            before, after = set(old[link.name]), set(new[link.name])
            fates = {Kind.REMOVED: before - after, Kind.ADDED: after - before}
            fates |= {} if self.changed_only else {Kind.SAME: before & after}
            lines = [
                Line(pieces=[Piece(kind, name)])
                for kind, keys in fates.items()
                for name in sorted(_name(self.items, link.related_model, key) for key in keys)
            ]
            if lines:
                yield Field(_label(link), [Value("", lines, before != after, format_html(' dir="{}"', "auto"))])

    # Parts

    def _parts(self, old_rows: list[dict], new_rows: list[dict], model: type[models.Model]) -> Parts:
        old, new = ({row["pk"]: row for row in _in_order(rows, model)} for rows in (old_rows, new_rows))
        moved = _moved([key for key in old if key in new], [key for key in new if key in old])
        changes = []
        for key in [*new, *(key for key in old if key not in new)]:
            fates = [REMOVED] if key not in new else [ADDED] if key not in old else [MOVED] if key in moved else []
            known = new.get(key) or old[key]
            empty = dict.fromkeys(known, "")
            fields = list(self._fields(old.get(key, empty), new.get(key, empty), model, but=("order",)))
            if fates or fields:
                changes.append(PartChange(self._part_name(known, model), [str(fate) for fate in fates], fields))
        return Parts(_label(model._meta, plural=True), changes)

    def _part_name(self, row: dict, model: type[models.Model]) -> str:
        """What the part calls itself, with the items to which it refers in their places."""
        part = model()
        for column in aggregate.content_fields(model):
            if column.remote_field and (item := self.items[column.related_model].get(row.get(column.attname))):
                setattr(part, column.name, item)
            elif not column.remote_field and row.get(column.attname):
                setattr(part, column.attname, row[column.attname])
        try:
            return str(part) or gettext("(without a name)")
        except ObjectDoesNotExist:
            return gettext("(no longer there)")


def _columns(model: type[models.Model]) -> list[tuple[str, list[models.Field]]]:
    """The columns of each field, with what editors call it: texts first, as in a form, else in the model's order."""
    columns: dict[models.Field, list[models.Field]] = defaultdict(list)
    for column in aggregate.content_fields(model):
        columns[column.translated_field if isinstance(column, TranslationField) else column].append(column)
    places = {one: place for place, one in enumerate(model._meta.concrete_fields)}

    def order(one: models.Field) -> tuple[bool, int]:
        is_text = one not in columns[one] and not isinstance(one, models.DateField)
        return not is_text, places.get(one, 0)

    return [(_label(one), columns[one]) for one in sorted(columns, key=order)]


def _kinds_of_parts(model: type[models.Model]) -> Iterable[str]:
    return getattr(model, "parts", ())


def _label(named: models.Field | models.options.Options, *, plural: bool = False) -> str:
    return capfirst(str(named.verbose_name_plural if plural else named.verbose_name))


def _differ(old: dict, new: dict, name: str) -> bool:
    return name in old and name in new and old[name] != new[name]


def _attributes(column: models.Field, language: str) -> SafeString:
    """The language and direction of a value; none where its words are the page's own."""
    if isinstance(column, CODES):
        return format_html(' dir="{}"', "ltr")
    if language:
        return format_html(' lang="{}" dir="{}"', language, direction(language))
    is_free = column.remote_field or (isinstance(column, models.CharField | models.TextField) and not column.choices)
    return format_html(' dir="{}"', "auto") if is_free and not isinstance(column, PartialDateField) else SafeString("")


def _in_words(column: models.Field, value: object) -> str:
    if isinstance(column, models.BooleanField):
        return gettext("Yes") if value else gettext("No")
    if isinstance(column, ArrayField):
        return gettext(", ").join(isolated(_in_words(column.base_field, one)) for one in value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateTimeField):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(column, models.DateField):
        return date_format(value, "DATE_FORMAT")
    if isinstance(column, PartialDateField):
        return _partial_date(value)
    if isinstance(column, models.FileField):
        return str(value).rpartition("/")[2]
    return localize(value) if isinstance(value, int | float) else str(value)


def _partial_date(value: str) -> str:
    parts = value.split("-")
    whole_day = models.DateField().to_python("-".join([*parts, *["01"] * (3 - len(parts))]))
    return date_format(whole_day, FORMATS[len(parts)])


def _in_order(rows: list[dict], model: type[models.Model]) -> list[dict]:
    return sorted(rows, key=lambda row: (row.get("order") or 0, row["pk"]))


def _moved(old: list, new: list) -> set:
    """The keys that no longer stand where the others do: the fewest that were moved to make one order of the other."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {key for block in blocks for key in new[block.b : block.b + block.size]}
