"""An item with all that belongs to it, as plain data, and back.

``{"fields": {column: value}, "links": {many-to-many field: [pk]}, "parts": {reverse name: [{"pk": …, column: value}]}}``

modeltranslation's base columns are left out: they hold whatever language was active. So are the columns that nobody edits, for
they belong to the row itself (deletion, time stamps), and the order of items, which is live at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db import connection, models
from django.db.models.fields.files import FieldFile
from modeltranslation.translator import NotRegistered, translator

from conference_site.languages.content import all_localized, codes, localized
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


def assign(item: models.Model, data: dict, languages: Iterable[str] | None = None, existing: Mapping | None = None) -> None:
    """Put the data's values on ``item``: texts of ``languages`` (all, unless given), and the columns that languages share.

    ``existing`` is `existing_in` of the data, where that was asked already.
    """
    values = _chosen(type(item), data["fields"], languages)
    _assign(item, values, existing or _existing(references(type(item), [values])))


def existing_in(model: type[models.Model], data: dict) -> Mapping[type[models.Model], set[int]]:
    """Which of the rows that the data refer to are there. One query."""
    links = {field: data["links"].get(field.name, []) for field in model._meta.many_to_many}
    return _existing(
        [
            *references(model, [data["fields"]]),
            *((field.related_model, keys) for field, keys in links.items()),
            *(each for name in model.parts for each in references(part_model(model, name), data["parts"].get(name, []))),
        ]
    )


def save(item: models.Model, data: dict, languages: Iterable[str] | None = None, existing: Mapping | None = None) -> None:
    """Write the item, and the data's links and parts, to the live rows; of the parts' texts only those of ``languages``.

    What is referred to and no longer there is left out; links and parts of which the data know nothing stay as they are.
    """
    item.save()
    links = {field: data["links"][field.name] for field in item._meta.many_to_many if field.name in data["links"]}
    parts = {name: data["parts"][name] for name in item.parts if name in data["parts"]}
    existing = existing or existing_in(type(item), data)
    live = _all_linked(item, list(links))
    for field, keys in links.items():
        if live[field.name] != (wanted := existing[field.related_model] & set(keys)):
            getattr(item, field.name).set(wanted)
    for name, rows in parts.items():
        _replace_parts(item, name, [_chosen(part_model(type(item), name), row, languages) for row in rows], existing)


def with_new_parts(model: type[models.Model], data: dict) -> dict:
    """The data as those of another item: each part under a primary key of its own, also where ``sources`` names it."""
    parts, keys = {}, {}
    for name, rows in data["parts"].items():
        if name in model.parts:
            fresh = _fresh_keys(part_model(model, name), len(rows))
            parts[name] = [row | {"pk": pk} for row, pk in zip(rows, fresh, strict=True)]
            keys |= {f"{name}.{row['pk']}.": f"{name}.{pk}." for row, pk in zip(rows, fresh, strict=True)}
    sources = {}
    for path, digest in data.get("sources", {}).items():
        prefix, dot, column = path.rpartition(".")
        sources[keys.get(prefix + dot, prefix + dot) + column] = digest
    return {"fields": dict(data["fields"]), "links": dict(data["links"]), "parts": parts, "sources": sources}


def _fresh_keys(model: type[models.Model], number: int) -> list[int]:
    """Primary keys that no row has or will get."""
    sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.db_table, model._meta.pk.column, number])
        return [row[0] for row in cursor]


def merged(now: dict, was: dict, model: type[models.Model], languages: Iterable[str], but: Iterable[str] = ()) -> dict:
    """``now`` with the columns, links and parts of ``was`` in their places, but for these columns; of texts only ``languages``.

    What the model no longer knows, and what is referred to and no longer there, is left out; what ``was`` doesn't know stays.
    """
    links = {field: was.get("links", {}).get(field.name) for field in model._meta.many_to_many}
    links = {field: keys for field, keys in links.items() if keys is not None}
    parts = {name: rows for name, rows in was.get("parts", {}).items() if name in model.parts}
    existing = _existing(
        [
            *references(model, [was["fields"]]),
            *((field.related_model, keys) for field, keys in links.items()),
            *(reference for name, rows in parts.items() for reference in references(part_model(model, name), rows)),
        ]
    )
    fields = _known(_chosen(model, was["fields"], languages), model, existing)
    return {
        "fields": now["fields"] | {name: value for name, value in fields.items() if name not in set(but)},
        "links": now["links"] | {field.name: sorted(existing[field.related_model] & set(keys)) for field, keys in links.items()},
        "parts": now["parts"]
        | {
            name: list(_merged_parts(now["parts"].get(name, []), rows, part_model(model, name), languages, existing))
            for name, rows in parts.items()
        },
    }


def has_unfinished_parts(data: dict, model: type[models.Model]) -> bool:
    """Whether a part in the data waits for a text that it can't be without, and so is not live."""
    return any(
        not any(row.get(column) for column in all_localized(text))
        for name in model.parts
        for row in data["parts"].get(name, [])
        for text in part_model(model, name).required_texts()
    )


def _merged_parts(
    now: list[dict], was: list[dict], model: type[models.Model], languages: Iterable[str], existing: Mapping
) -> Iterator[dict]:
    """The parts of ``was``, each with what stays as it is now; but for those that lack what they can't be without."""
    rows = {row["pk"]: row for row in now}
    needed = [field.attname for field in content_fields(model) if field.remote_field and not field.null]
    texts = [all_localized(name) for name in model.required_texts()]
    for row in was:
        columns = rows.get(row["pk"], {}) | {"pk": row["pk"]} | _known(_chosen(model, row, languages), model, existing)
        refers = all(columns[name] is not None for name in needed if name in columns)
        if refers and all(any(columns.get(column) for column in names) for names in texts):
            yield columns


def _known(values: dict, model: type[models.Model], existing: Mapping) -> dict:
    """The values of columns that the model has, without references to what is no longer there."""
    columns = {field.attname: field for field in content_fields(model) if field.attname in values}
    return {
        name: None if field.remote_field and values[name] not in existing[field.related_model] else values[name]
        for name, field in columns.items()
    }


def differences(old: dict, new: dict, model: type[models.Model]) -> list[str]:
    """The languages whose texts differ between two snapshots, then ``*`` if anything shared does.

    A column, link or kind of part that one of them doesn't know makes no difference.
    """
    changed = _differing(old["fields"], new["fields"], model)
    if any(old["links"][name] != new["links"][name] for name in old["links"].keys() & new["links"].keys()):
        changed.add("*")
    for name in model.parts:
        if name in old["parts"] and name in new["parts"]:
            changed |= _differing_parts(old["parts"][name], new["parts"][name], part_model(model, name))
    return [code for code in [*codes(), "*"] if code in changed]


def _differing(old: dict, new: dict, model: type[models.Model]) -> set[str]:
    languages = _language_of_column(model)
    return {languages.get(name, "*") for name in old.keys() & new.keys() if old[name] != new[name]}


def _differing_parts(old_rows: list[dict], new_rows: list[dict], model: type[models.Model]) -> set[str]:
    old, new = ({row["pk"]: row for row in rows} for rows in (old_rows, new_rows))
    changed = {"*"} if old.keys() - new.keys() else set()
    for pk, row in new.items():
        if pk in old:
            changed |= _differing(old[pk], row, model)
            continue
        changed |= {code for column, code in _language_of_column(model).items() if row.get(column)}
        if not model.required_texts():  # else it waits for its text
            changed.add("*")
    return changed


def _language_of_column(model: type[models.Model]) -> dict[str, str]:
    return {localized(field, code): code for field in translated_fields(model) for code in codes()}


def _chosen(model: type[models.Model], values: dict, languages: Iterable[str] | None) -> dict:
    """The values but for texts of other languages than these (all, unless given)."""
    others = set(codes()) - set(codes() if languages is None else languages)
    left_out = {column for column, code in _language_of_column(model).items() if code in others}
    return {name: value for name, value in values.items() if name not in left_out}


def translated_fields(model: type[models.Model]) -> list[str]:
    """The names of the fields that have a column for each language."""
    try:
        return list(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def content_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns that hold content."""
    left_out = {*translated_fields(model), *(["order"] if issubclass(model, Ordered) else [])}
    for field in model._meta.concrete_fields:
        if field.editable and not field.primary_key and field.name not in left_out:
            yield field


def _values(item: models.Model, but: str = "") -> dict:
    return {field.attname: _value(item, field) for field in content_fields(type(item)) if field.attname != but}


def _value(item: models.Model, field: models.Field) -> object:
    """A column's value. A text that isn't there is "", whether its column is NULL (as translated ones may be) or empty."""
    value = getattr(item, field.attname)
    if isinstance(value, FieldFile):
        return value.name
    return "" if value is None and isinstance(field, models.CharField | models.TextField) else value


def _assign(item: models.Model, values: dict, existing: Mapping[type[models.Model], set[int]]) -> None:
    for field in content_fields(type(item)):
        if field.attname not in values:
            continue
        value = field.to_python(values[field.attname])
        if field.remote_field and value not in existing[field.related_model]:
            value = None
        setattr(item, field.attname, value)


def _linked(item: models.Model, field: models.ManyToManyField) -> list[int]:
    return sorted(
        field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): item}).values_list(
            field.m2m_reverse_field_name(), flat=True
        )
    )


def _all_linked(item: models.Model, fields: list[models.Field]) -> dict[str, set[int]]:
    """What each of these many-to-many fields leads to. One query."""
    found: dict[str, set[int]] = {field.name: set() for field in fields}
    rows = [
        field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): item})
        .order_by()
        .values_list(models.Value(field.name), field.m2m_reverse_field_name())
        for field in fields
    ]
    for name, key in _together(rows):
        found[name].add(key)
    return found


def _together(querysets: list[models.QuerySet]) -> Iterable[tuple]:
    """The rows of all of these, in no order. One query."""
    return querysets[0].union(*querysets[1:], all=True).order_by() if querysets else ()


def _parts(item: models.Model, name: str) -> models.QuerySet:
    relation = item._meta.get_field(name)
    return relation.related_model._base_manager.filter(**{relation.field.name: item}).order_by("pk")


def _parent_column(item: models.Model, name: str) -> str:
    return item._meta.get_field(name).field.attname


def part_model(model: type[models.Model], name: str) -> type[models.Model]:
    """The model of the parts that ``name``, a reverse name, leads to."""
    return model._meta.get_field(name).related_model


def _replace_parts(item: models.Model, name: str, rows: list[dict], existing: Mapping[type[models.Model], set[int]]) -> None:
    """Make the item's parts those of ``rows``, under the primary keys that the rows name.

    A part that lacks what it can't be without (what it refers to, a text in any language) is left out until it has it.
    """
    model, column = part_model(type(item), name), _parent_column(item, name)
    live = {part.pk: part for part in _parts(item, name)}
    for pk in live.keys() - {row["pk"] for row in rows}:
        live[pk].delete()
    for row in rows:
        part = live.get(row["pk"]) or model(pk=row["pk"])
        before = _values(part) if row["pk"] in live else None
        setattr(part, column, item.pk)
        _assign(part, row, existing)
        if _is_whole(part):
            if _values(part) != before:
                part.save()
        elif before:
            part.delete()


def _is_whole(part: models.Model) -> bool:
    """Whether all that the part must refer to is still there, and what it must say is said in some language."""
    references = [field.attname for field in content_fields(type(part)) if field.remote_field and not field.null]
    texts = [all_localized(name) for name in part.required_texts()]
    return all(getattr(part, name) is not None for name in references) and all(
        any(getattr(part, column) for column in columns) for columns in texts
    )


def references(model: type[models.Model], rows: list[dict]) -> Iterator[tuple[type[models.Model], list]]:
    """For each column that refers to another row: to which model, and to which rows."""
    for field in content_fields(model):
        if field.remote_field:
            yield field.related_model, [row.get(field.attname) for row in rows]


def _existing(references: Iterable[tuple[type[models.Model], Iterable]]) -> dict[type[models.Model], set[int]]:
    """Which of the rows that are referred to are there: one query, and none where nothing is referred to."""
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for model, keys in references:
        wanted[model].update(keys)
    asked = [(model, keys - {None}) for model, keys in wanted.items() if keys - {None}]
    found: dict[type[models.Model], set[int]] = {model: set() for model in wanted}
    rows = [
        model._base_manager.filter(pk__in=keys).order_by().values_list(models.Value(number), "pk")
        for number, (model, keys) in enumerate(asked)
    ]
    for number, key in _together(rows):
        found[asked[number][0]].add(key)
    return found
