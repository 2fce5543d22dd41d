"""Which rows are content, and how each is written down: an item in one file, with its texts in all languages and its parts.

Known of models is only what Django, modeltranslation and the bases of `publishing` say of them. Accounts, sessions, the log,
mail, visits and links to previews are people's; what the search and the check of links hold is computed. None of it is content.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from modeltranslation.fields import TranslationField

from conference_site.delivery import triggers
from conference_site.languages.models import Normalised
from conference_site.languages.text import normalise
from conference_site.publishing.aggregate import part_model, translated_fields
from conference_site.publishing.models import Part, Revision
from conference_site.richtext.fields import RichTextField

ALSO = {
    "operations.loadeditem",  # else what was deleted for ever would be loaded again
    "proofreading.dismissal",
    "proofreading.officialname",
    "publishing.languageversion",
    "publishing.revision",
}
"""What no public page shows, and is content nevertheless."""
BLOCK = re.compile(r"(?<=\n)|(?=<(?:p|h[2-4]|ul|ol|li|blockquote|figure|figcaption|hr|table|tr)[ >])")
"""Where a long text is taken apart, so that a change of a paragraph is one of its line."""

Json = Any


class Column(NamedTuple):
    """A column that is written down, by the field's name; of a translated one the language."""

    name: str
    language: str | None
    field: models.Field

    @property
    def said(self) -> str:
        return f"{self.name}.{self.language}" if self.language else self.name


@cache
def kinds() -> dict[str, type[models.Model]]:
    """The models whose rows are content, by their labels."""
    shown = triggers.shown()
    found = (model for model in apps.get_models() if model._meta.db_table in shown or model._meta.label_lower in ALSO)
    return {model._meta.label_lower: model for model in sorted(found, key=lambda model: model._meta.label_lower)}


def is_attached(model: type[models.Model]) -> bool:
    """Whether its rows are said of an item of any kind."""
    return {"content_type", "object_id"} <= {field.name for field in model._meta.concrete_fields}


def is_part(model: type[models.Model]) -> bool:
    return issubclass(model, Part)


def parts(model: type[models.Model]) -> dict[str, type[Part]]:
    """What belongs to each of its items, by the reverse names."""
    return {name: part_model(model, name) for name in getattr(model, "parts", ())}


def parent(model: type[Part]) -> models.ForeignKey:
    return model._meta.get_field(model.part_of)


@cache
def columns(model: type[models.Model]) -> tuple[Column, ...]:
    """Those of a row, but for its key, what can be computed, and of whom it is a part or is said."""
    left_out = {model._meta.pk.name, *translated_fields(model), *getattr(model, "computed", ())}
    left_out |= {model.part_of} if is_part(model) else set()
    left_out |= {"content_type", "object_id"} if is_attached(model) else set()
    found = []
    for field in model._meta.concrete_fields:
        if field.name in left_out or isinstance(field, SearchVectorField):
            continue
        if isinstance(field, TranslationField):
            found.append(Column(field.translated_field.name, field.language, field))
        else:
            found.append(Column(field.name, None, field))
    return tuple(found)


def is_person(field: models.Field) -> bool:
    return field.many_to_one and field.related_model is get_user_model()


# Rows as they are written


def path_of(row: models.Model) -> str:
    """The file of a row that has one."""
    label, key = row._meta.label_lower, str(row.pk)
    if is_attached(type(row)):
        kind = ContentType.objects.get_for_id(row.content_type_id)
        return f"{label}/{kind.app_label}.{kind.model}/{row.object_id}/{key}.json"
    slug = getattr(row, "slug", "")
    return f"{label}/{key}-{slug}.json" if slug else f"{label}/{key}.json"


def items() -> Iterator[tuple[str, Json]]:
    """The file of each item and what stands in it; within a transaction that reads one state."""
    people = dict(get_user_model().objects.values_list("pk", "username"))
    attached = _attached(people)
    for model in kinds().values():
        if is_part(model) or is_attached(model):
            continue
        links, belonging = _links(model), {name: _parts(part, people) for name, part in parts(model).items()}
        for row in model._base_manager.order_by("pk").iterator():
            said = {"pk": row.pk, "fields": fields(row, people)}
            if links:
                said["links"] = {name: sorted(keys[row.pk]) for name, keys in links.items()}
            if belonging:
                said["parts"] = {name: found.pop(row.pk, []) for name, found in belonging.items()}
            if here := attached.pop((model._meta.label_lower, row.pk), None):
                said["attached"] = here
            yield path_of(row), said
    yield from _of_nothing(people, attached)
    for row in Revision._base_manager.order_by("pk").iterator():
        yield path_of(row), {"pk": row.pk, "of": _of(row), "fields": fields(row, people)}


def fields(row: models.Model, people: dict[int, str]) -> Json:
    """The columns of a row; the texts of a translated field by language."""
    found: dict = {}
    for column in columns(type(row)):
        value = getattr(row, column.field.attname)
        said = people.get(value) if is_person(column.field) else plain(column.field, canonical(column.field, value))
        if isinstance(row, Revision) and column.name == "data":
            said = over_texts(item_model(row), said, plain)
        if column.language:
            found.setdefault(column.name, {})[column.language] = said
        else:
            found[column.name] = said
    return found


def _links(model: type[models.Model]) -> dict[str, dict[int, list[int]]]:
    """For each many-to-many field the keys to which each row leads."""
    found: dict = {}
    for field in model._meta.many_to_many:
        keys = found[field.name] = defaultdict(list)
        through = field.remote_field.through._base_manager
        for key, other in through.values_list(field.m2m_column_name(), field.m2m_reverse_name()):
            keys[key].append(other)
    return found


def _parts(model: type[Part], people: dict[int, str]) -> dict[int, list[Json]]:
    found = defaultdict(list)
    for row in model._base_manager.order_by("pk").iterator():
        found[getattr(row, parent(model).attname)].append({"pk": row.pk, "fields": fields(row, people)})
    return found


def _attached(people: dict[int, str]) -> dict[tuple[str, int], dict[str, list[Json]]]:
    """What is said of each item, but for its revisions, of which each has a file, for there are many and none ever changes."""
    found: dict = defaultdict(dict)
    for label, model in kinds().items():
        if is_attached(model) and model is not Revision:
            for row in model._base_manager.order_by("pk").iterator():
                place = found[tuple(_of(row).values())]
                place.setdefault(label, []).append({"pk": row.pk, "fields": fields(row, people)})
    return found


def _of_nothing(people: dict[int, str], attached: dict) -> Iterator[tuple[str, Json]]:
    """What is said of items that are no more, as the ledger of the starting content does."""
    for here in attached.values():
        for label, rows in here.items():
            for row in kinds()[label]._base_manager.filter(pk__in=[row["pk"] for row in rows]):
                yield path_of(row), {"pk": row.pk, "of": _of(row), "fields": fields(row, people)}


def _of(row: models.Model) -> dict[str, Json]:
    kind = ContentType.objects.get_for_id(row.content_type_id)
    return {"model": f"{kind.app_label}.{kind.model}", "pk": row.object_id}


# Values


def canonical(field: models.Field, value: object) -> object:
    """A column's value as the site would store it now, whatever it was when it was stored. ValidationError where it wouldn't."""
    if isinstance(field, RichTextField):
        return field.to_python(value)
    is_text = isinstance(value, str) and isinstance(field, models.CharField | models.TextField)
    return normalise(value) if is_text and issubclass(field.model, Normalised) else value


def plain(field: models.Field, value: object) -> Json:
    """A column's value as JSON: a long text as its lines and paragraphs."""
    if isinstance(field, models.FileField):
        return None if value is None else str(value)
    if isinstance(value, str) and isinstance(field, models.TextField):
        pieces = [piece for piece in BLOCK.split(value) if piece]
        return pieces if len(pieces) > 1 else value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def stored(field: models.Field, said: Json) -> object:
    """The column's value. ValidationError unless it is one that `plain` would write so, and the field takes it."""
    value = together(field, said)
    if value is None:
        if not field.null:
            raise ValidationError("must not be null")
        return None
    if isinstance(field, ArrayField):
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        value = [stored(field.base_field, each) for each in value]
    if isinstance(field, models.CharField | models.TextField | models.FileField) and not isinstance(value, str):
        raise ValidationError("must be a text")
    if not isinstance(field, models.FileField | models.JSONField):
        value = canonical(field, field.to_python(value))
        written = plain(field, value)
        if together(field, said) != together(field, written) or isinstance(said, bool) != isinstance(written, bool):
            raise ValidationError(f"is not as the site would write it: {_first_difference(said, written)}")
    if not field.remote_field and value not in field.empty_values:
        field.validate(value, None)
        field.run_validators(value)
    return value


def together(field: models.Field, said: Json) -> Json:
    """A text from its pieces."""
    is_pieces = isinstance(field, models.TextField) and isinstance(said, list) and all(isinstance(each, str) for each in said)
    return "".join(said) if is_pieces else said


def _first_difference(said: Json, written: Json) -> str:
    """What stands there and what would, from where they part."""
    both = [each if isinstance(each, list) else [each] for each in (said, written)]
    place = next((at for at, (one, other) in enumerate(zip(*both, strict=False)) if one != other), min(map(len, both)))
    one, other = (repr(each[place])[:80] if place < len(each) else "nothing" for each in both)
    return f"{one} would be {other}"


def item_model(row: models.Model) -> type[models.Model] | None:
    """The model of the item of which a row is said, where the code still has it."""
    return ContentType.objects.get_for_id(row.content_type_id).model_class()


def over_texts(model: type[models.Model] | None, data: Json, change: Callable[[models.Field, Json], Json]) -> Json:
    """A revision's data, whose columns that the models know ``change`` has gone over."""
    if model is None:
        return data

    def row(model: type[models.Model], values: dict) -> dict:
        known = {field.attname: field for field in model._meta.concrete_fields}
        return {name: change(known[name], value) if name in known else value for name, value in values.items()}

    known = parts(model)
    changed = {name: [row(known[name], each) for each in data["parts"][name]] for name in known if name in data.get("parts", {})}
    return data | {"fields": row(model, data["fields"])} | ({"parts": data["parts"] | changed} if changed else {})


def numbered(rows: Iterable[models.Model]) -> dict[type[models.Model], int]:
    """The highest key that any of the rows says of each model: its own, that of an item that is gone, that of a draft's part."""
    highest: dict = defaultdict(int)
    for row in rows:
        highest[type(row)] = max(highest[type(row)], row.pk)
        if not is_attached(type(row)):
            continue
        model = item_model(row)
        if model is None:
            continue
        highest[model] = max(highest[model], row.object_id)
        for name, part in parts(model).items() if isinstance(row, Revision) else ():
            for each in row.data.get("parts", {}).get(name, []):
                highest[part] = max(highest[part], each["pk"])
    return highest
