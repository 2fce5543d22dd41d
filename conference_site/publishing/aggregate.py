"""An item with all that belongs to it, as plain data, and back.

``{"fields": {column: value}, "links": {many-to-many field: [pk]}, "parts": {reverse name: [{"pk": …, column: value}]}}``

modeltranslation's base columns are left out: they hold whatever language was active. So are the columns that nobody edits, for they
belong to the row itself (deletion, time stamps), and the order of items, which is live at once.
"""

from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models.fields.files import FieldFile
from modeltranslation.translator import NotRegistered, translator

from conference_site.languages.content import codes, localized
from conference_site.publishing.models import Ordered


def snapshot(item: models.Model) -> dict:
    """The item as data: the JSON of a `Revision`. Reads links and parts from the database."""
    return {
        "fields": _values(item),
        "links": {field.name: _linked(item, field) for field in item._meta.many_to_many},
        "parts": {
            name: [{"pk": part.pk} | _values(part, but=_parent_column(item, name)) for part in _parts(item, name)]
            for name in item.parts
        },
    }


def assign(item: models.Model, data: dict, languages: Iterable[str] | None = None) -> None:
    """Put the data's values on ``item``: texts of ``languages`` (all, unless given), and the columns that languages share."""
    others = set(codes()) - set(codes() if languages is None else languages)
    kept = {localized(field, code) for field in translated_fields(type(item)) for code in others}
    _assign(item, {name: value for name, value in data["fields"].items() if name not in kept})


def save(item: models.Model, data: dict) -> None:
    """Write the item, and the data's links and parts, to the live rows. What is referred to and no longer there is left out."""
    item.save()
    for name, keys in data["links"].items():
        getattr(item, name).set(_existing(item._meta.get_field(name).remote_field.model, keys))
    for name, rows in data["parts"].items():
        _replace_parts(item, name, rows)


def differences(old: dict, new: dict, model: type[models.Model]) -> list[str]:
    """The languages whose texts differ between two snapshots, then ``*`` if anything shared does."""
    columns = {localized(field, code): code for field in translated_fields(model) for code in codes()}
    differing = {
        name for name in old["fields"].keys() | new["fields"].keys() if old["fields"].get(name) != new["fields"].get(name)
    }
    changed = [code for code in codes() if any(columns.get(name) == code for name in differing)]
    shared = differing - columns.keys() or any(old[kind] != new[kind] for kind in ("links", "parts"))
    return [*changed, "*"] if shared else changed


def translated_fields(model: type[models.Model]) -> list[str]:
    """The names of the fields that have a column for each language."""
    try:
        return list(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def _fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns that hold content."""
    left_out = {*translated_fields(model), *(["order"] if issubclass(model, Ordered) else [])}
    for field in model._meta.concrete_fields:
        if field.editable and not field.primary_key and field.name not in left_out:
            yield field


def _values(item: models.Model, but: str = "") -> dict:
    return {field.attname: _value(item, field) for field in _fields(type(item)) if field.attname != but}


def _value(item: models.Model, field: models.Field) -> object:
    """A column's value. A text that isn't there is "", whether its column is NULL (as translated ones may be) or empty."""
    value = getattr(item, field.attname)
    if isinstance(value, FieldFile):
        return value.name
    return "" if value is None and isinstance(field, models.CharField | models.TextField) else value


def _assign(item: models.Model, values: dict) -> None:
    for field in _fields(type(item)):
        if field.attname not in values:
            continue
        value = field.to_python(values[field.attname])
        if field.remote_field and value is not None and not _existing(field.remote_field.model, [value]):
            value = None
        setattr(item, field.attname, value)


def _linked(item: models.Model, field: models.ManyToManyField) -> list[int]:
    return sorted(
        field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): item}).values_list(
            field.m2m_reverse_field_name(), flat=True
        )
    )


def _parts(item: models.Model, name: str) -> models.QuerySet:
    relation = item._meta.get_field(name)
    return relation.related_model._base_manager.filter(**{relation.field.name: item}).order_by("pk")


def _parent_column(item: models.Model, name: str) -> str:
    return item._meta.get_field(name).field.attname


def _replace_parts(item: models.Model, name: str, rows: list[dict]) -> None:
    """Make the item's parts those of ``rows``, under the primary keys that the rows name."""
    model, column = item._meta.get_field(name).related_model, _parent_column(item, name)
    live = {part.pk: part for part in _parts(item, name)}
    for pk in live.keys() - {row["pk"] for row in rows}:
        live[pk].delete()
    for row in rows:
        part = live.get(row["pk"]) or model(pk=row["pk"])
        setattr(part, column, item.pk)
        _assign(part, row)
        if _is_whole(part):
            part.save()


def _is_whole(part: models.Model) -> bool:
    """Whether all that the part must refer to is still there."""
    return all(getattr(part, field.attname) is not None for field in _fields(type(part)) if field.remote_field and not field.null)


def _existing(model: type[models.Model], keys: Iterable[int]) -> list[int]:
    return list(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
