"""What is to be looked at in a working copy: all of its texts in every language, those of its parts too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst, format_lazy
from modeltranslation.fields import TranslationField

from conference_site.languages.content import codes, direction, language_name, localized
from conference_site.languages.fields import LinkField
from conference_site.proofreading.findings import Finding
from conference_site.proofreading.names import Names
from conference_site.proofreading.reading import Reading
from conference_site.proofreading.rules import check, with_certain_fixes
from conference_site.publishing.aggregate import translated_fields
from conference_site.richtext.fields import RichTextField

CODES = (models.URLField, models.SlugField, models.EmailField, LinkField)  # no running text
MOST_ROUNDS = 5  # of fixes in one text: one may lay open another («‎ ،» has a character too many, then a space)


@dataclass(frozen=True)
class Place:
    """One text of a working copy: a column of the item, or of the row ``index`` of its ``part``."""

    field: TranslationField
    part: str = ""
    index: int = 0

    @property
    def language(self) -> str:
        return self.field.language

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def label(self) -> str:
        """How the form calls the field."""
        name = format_lazy("{} ({})", capfirst(self.field.translated_field.verbose_name), language_name(self.language))
        if not self.part:
            return name
        return format_lazy("{} {}: {}", capfirst(self.field.model._meta.verbose_name), self.index + 1, name)

    def row(self, data: dict) -> dict:
        return data["parts"][self.part][self.index] if self.part else data["fields"]

    def text(self, data: dict) -> str:
        return self.row(data).get(self.field.attname) or ""


@dataclass(frozen=True)
class Remark:
    """A finding at its place. ``token`` names it as long as not a letter of the text has changed."""

    place: Place
    finding: Finding
    token: str
    is_certain: bool

    @property
    def digest(self) -> str:
        """What an editor's word that it is right is remembered by: the rule, and the words with those beside them."""
        return _digest(self.finding.rule, *self.finding.excerpt)


def remarks(model: type[models.Model], data: dict, names: Names, dismissed: Iterable[str] = ()) -> list[Remark]:
    """All that the rules find in the texts of a working copy's ``data``, without what was dismissed."""
    dismissed = set(dismissed)
    return [
        remark
        for place in _places(model, data)
        for remark in _remarks_at(model, place, place.text(data), names)
        if remark.digest not in dismissed
    ]


def with_fix(model: type[models.Model], data: dict, remark: Remark) -> None:
    """Put one thing right in the data, in place."""
    reading = _reading(model, remark.place, remark.place.text(data))
    remark.place.row(data)[remark.place.field.attname] = reading.edited(remark.finding.edits)


def with_all_fixes(model: type[models.Model], data: dict, names: Names, dismissed: Iterable[str] = ()) -> None:
    """Put right in the data, in place, whatever has a certain fix and wasn't dismissed."""
    dismissed = set(dismissed)
    for place in _places(model, data):
        text = place.text(data)
        for _round in range(MOST_ROUNDS):
            found = _remarks_at(model, place, text, names)
            findings = [remark.finding for remark in found if remark.is_certain and remark.digest not in dismissed]
            fixed = with_certain_fixes(_reading(model, place, text), findings) if findings else text
            if fixed == text or not _fits(place, fixed):
                break
            text = fixed
        place.row(data)[place.field.attname] = text


def token_of_all(found: Iterable[Remark]) -> str:
    """Names all certain fixes together, as long as none of their texts changes."""
    return _digest(*(remark.token for remark in found if remark.is_certain))


def _places(model: type[models.Model], data: dict) -> Iterator[Place]:
    """The texts that there are, in the order of the languages and of the form's fields."""
    for language in codes():
        yield from (Place(field) for field in _text_columns(model, language) if data["fields"].get(field.attname))
        for part in model.parts:
            columns = _text_columns(model._meta.get_field(part).related_model, language)
            for index, row in enumerate(data["parts"].get(part, ())):
                yield from (Place(field, part, index) for field in columns if row.get(field.attname))


def _text_columns(model: type[models.Model], language: str) -> list[TranslationField]:
    """The columns of a language that hold words, in the order of the model: no dates, files or addresses."""
    columns = [model._meta.get_field(localized(name, language)) for name in translated_fields(model)]
    columns.sort(key=lambda field: field.translated_field.creation_counter)  # theirs differs from process to process
    texts = (field for field in columns if isinstance(field, models.CharField | models.TextField))
    return [field for field in texts if not isinstance(field, CODES)]


def _remarks_at(model: type[models.Model], place: Place, text: str, names: Names) -> list[Remark]:
    reading = _reading(model, place, text)
    return [
        Remark(place, finding, _token(place, text, finding, number), bool(finding.edits) and _grows_within(place, text, finding))
        for number, finding in enumerate(check(reading, names))
    ]


def _reading(model: type[models.Model], place: Place, text: str) -> Reading:
    name = place.field.translated_field.name
    read = f"{place.part}.{name}" if place.part else name
    order = getattr(model, "reading_order", ())
    return Reading(
        text,
        place.language,
        is_rich=isinstance(place.field, RichTextField),
        is_headline=not place.part and name == model.headline and name == "title" and isinstance(place.field, models.CharField),
        is_card=bool(order) and read == order[0],
        first_level=3 if read in getattr(model, "reading_headings", {}) else 2,
    )


def _grows_within(place: Place, text: str, finding: Finding) -> bool:
    """Whether the column can hold the text after the fix; rich text has no limit that one fix could reach."""
    longest = place.field.max_length
    growth = sum(len(getattr(edit, "text", "")) - (edit.end - edit.start) for edit in finding.edits)
    return longest is None or len(text) + growth <= longest


def _fits(place: Place, text: str) -> bool:
    try:
        place.field.run_validators(text)
    except ValidationError:
        return False
    return True


def _token(place: Place, text: str, finding: Finding, number: int) -> str:
    return _digest(place.part, str(place.index), place.field.attname, text, finding.rule, str(number))


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
