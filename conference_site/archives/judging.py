"""A folder of content is read to its end before anything of it is believed: whoever wrote it, and whoever changed it since."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models

from conference_site.archives import content, media
from conference_site.archives.content import Json
from conference_site.archives.exporting import FORMAT, NAME
from conference_site.archives.manifest import is_safe
from conference_site.archives.problems import ArchiveError
from conference_site.links.reading import LINKS
from conference_site.media import documents, pictures
from conference_site.media.models import Image
from conference_site.media.storage import WITHDRAWN
from conference_site.publishing.models import Revision
from conference_site.richtext.fields import RichTextField

MOST_BYTES = 16 * 1024 * 1024
"""Of the file of an item: more than twenty of its longest texts."""
MOST_BYTES_OF_LIST = 64 * 1024 * 1024
HIGHEST = 2**48
"""Of keys: there have to be others after it."""


@dataclass
class Rows:
    """What is to be written: rows, what is linked with what, and the names of the media."""

    items: int = 0
    instances: list[models.Model] = field(default_factory=list)
    links: dict[type[models.Model], list[dict[str, int]]] = field(default_factory=lambda: defaultdict(list))
    files: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)


class Judge:
    """Reads a folder. Whatever isn't as it should be ends it with an ArchiveError that names the file and the field.

    ``people`` are the accounts that there are, by name.
    """

    def __init__(self, folder: Path, people: dict[str, int]) -> None:
        self._folder, self._people, self._rows = folder, people, Rows()
        self._keys: dict[type[models.Model], set[int]] = defaultdict(set)
        self._references: list[tuple[str, type[models.Model], int]] = []
        self._named: dict[str, tuple[str, type[models.Model]]] = {}

    def read(self) -> Rows:
        missing = self._missing()
        for name in self._items():
            self._item(name, _json(self._folder / name, name, MOST_BYTES))
            self._rows.items += 1
        for where, model, key in self._references:
            if key not in self._keys[model]:
                raise ArchiveError(f"{where}: there is no {model._meta.label_lower} {key} in the folder.")
        self._rows.files = {
            name for name in self._named if name not in missing or (self._folder / media.EXPORTED / name).exists()
        }
        for name in sorted(self._rows.files):
            self._file(name, *self._named[name])
        return self._rows

    def _missing(self) -> set[str]:
        """The media of which the export itself says that it had them not."""
        said = _json(self._folder / NAME, NAME, MOST_BYTES_OF_LIST)
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            found = str(said.get("format"))[:20] if isinstance(said, dict) else "none"
            raise ArchiveError(f"{NAME}: the folder has the format {found}, and this site knows {FORMAT} only.")
        missing = said.get("missing", [])
        if not isinstance(missing, list) or not all(isinstance(name, str) for name in missing):
            raise ArchiveError(f"{NAME}: missing: must be a list of names.")
        return set(missing)

    def _items(self) -> Iterator[str]:
        """The files of items. What doesn't end in .json, and what begins with a dot, is not looked at."""
        entries = [
            entry for entry in self._folder.iterdir() if not entry.name.startswith(".") and f"{entry.name}/" != media.EXPORTED
        ]
        for path in sorted([*entries, *(path for entry in entries for path in entry.rglob("*"))]):
            name = path.relative_to(self._folder).as_posix()
            top, slash, _rest = name.partition("/")
            if name == NAME:
                continue
            if path.is_symlink():
                raise ArchiveError(f"{name}: is a link to elsewhere, and not a file.")
            if path.suffix == ".json" and path.is_file():
                if not slash or top not in content.kinds():
                    raise ArchiveError(f"{name}: {top} is no kind of content that this site has.")
                yield name

    # Items

    def _item(self, name: str, said: Json) -> None:
        model = content.kinds()[name.partition("/")[0]]
        if content.is_part(model):
            raise ArchiveError(f"{name}: stands in the file of the item to which it belongs.")
        _require_dict(name, said, {"pk", "fields", *_beside(model)})
        of = self._of(name, said.get("of")) if content.is_attached(model) else {}
        row = self._row(name, model, said, of)
        if name != (right := content.path_of(row)):
            raise ArchiveError(f"{name}: by what stands in it, this file has to be called {right}.")
        for link in model._meta.many_to_many:
            self._links(f"{name}: links.{link.name}", link, row, _within(name, said, "links", dict).get(link.name, []))
        _refuse_unknown(f"{name}: links", said.get("links", {}), {link.name for link in model._meta.many_to_many})
        parts = content.parts(model)
        _refuse_unknown(f"{name}: parts", _within(name, said, "parts", dict), parts)
        for reverse, part in parts.items():
            owner = {content.parent(part).attname: row.pk}
            for each in _within(f"{name}: parts", said.get("parts", {}), reverse, list):
                self._row(f"{name}: parts.{reverse}", part, each, owner)
        self._attached(name, row, _within(name, said, "attached", dict))

    def _attached(self, name: str, row: models.Model, said: dict) -> None:
        kind = ContentType.objects.get_for_model(row)
        kinds = {label: model for label, model in content.kinds().items() if content.is_attached(model) and model is not Revision}
        _refuse_unknown(f"{name}: attached", said, kinds)
        for label in said:
            for each in _within(f"{name}: attached", said, label, list):
                self._row(f"{name}: attached.{label}", kinds[label], each, {"content_type_id": kind.pk, "object_id": row.pk})

    def _of(self, name: str, said: Json) -> dict[str, int]:
        """The item of which a row is said that has a file of its own."""
        _require_dict(f"{name}: of", said, {"model", "pk"})
        label, key = said.get("model"), _key(f"{name}: of", said)
        app, _dot, model = label.partition(".") if isinstance(label, str) else ("", "", "")
        kind = ContentType.objects.filter(app_label=app, model=model).first()
        if kind is None:
            raise ArchiveError(f"{name}: of.model: {str(label)[:80]} is nothing that this site has.")
        return {"content_type_id": kind.pk, "object_id": key}

    def _row(self, where: str, model: type[models.Model], said: Json, belonging: dict[str, int]) -> models.Model:
        _require_dict(where, said, {"pk", "fields", *_beside(model)})
        row = model(pk=_key(where, said), **belonging)
        if row.pk in self._keys[model]:
            raise ArchiveError(f"{where}: there is another {model._meta.label_lower} {row.pk} in the folder.")
        self._keys[model].add(row.pk)
        values = self._values(where, model, _within(where, said, "fields", dict))
        for column in content.columns(model):
            if column in values:
                setattr(row, column.field.attname, self._value(f"{where}: {column.said}", row, column, values[column]))
        for column in content.columns(model):
            if isinstance(column.field, models.FileField) and (name := str(getattr(row, column.field.attname) or "")):
                place = WITHDRAWN if getattr(row, "withdrawn_at", None) else ""
                self._name(f"{where}: {column.said}", model, name, place)
        self._rows.instances.append(row)
        return row

    def _values(self, where: str, model: type[models.Model], said: dict) -> dict[content.Column, Json]:
        columns = content.columns(model)
        _refuse_unknown(where, said, {column.name for column in columns})
        found = {}
        for column in columns:
            if column.name not in said:
                continue
            if column.language is None:
                found[column] = said[column.name]
                continue
            texts = _within(where, said, column.name, dict)
            _refuse_unknown(f"{where}: {column.name}", texts, {each.language for each in columns if each.name == column.name})
            if column.language in texts:
                found[column] = texts[column.language]
        return found

    def _value(self, where: str, row: models.Model, column: content.Column, said: Json) -> object:
        if content.is_person(column.field):
            return self._person(where, said)
        if isinstance(row, Revision) and column.name == "data":
            return self._data(where, row, said)
        value = _judged(where, lambda: content.stored(column.field, said))
        if column.field.remote_field and value is not None:
            self._references.append((where, column.field.related_model, value))
        return value

    def _person(self, where: str, said: Json) -> int | None:
        if said is not None and not isinstance(said, str):
            raise ArchiveError(f"{where}: must be the name of an account, or null.")
        if said is not None and said not in self._people:
            self._rows.strangers.add(said)
        return self._people.get(said)

    def _links(self, where: str, link: models.ManyToManyField, row: models.Model, keys: Json) -> None:
        if not isinstance(keys, list) or len({*map(str, keys)}) != len(keys):
            raise ArchiveError(f"{where}: must be a list of keys, each once.")
        for key in keys:
            self._references.append((where, link.related_model, _key(where, {"pk": key})))
            self._rows.links[link.remote_field.through].append({link.m2m_column_name(): row.pk, link.m2m_reverse_name(): key})

    # Revisions

    def _data(self, where: str, row: Revision, said: Json) -> dict:
        """Of an earlier version the sanitiser changes whatever it would change when that is brought back."""
        _require_dict(where, said)
        for name, kind in (("fields", dict), ("links", dict), ("parts", dict), ("sources", dict)):
            _within(where, said, name, kind)
        for name in said.get("parts", {}):
            for each in _within(f"{where}: parts", said["parts"], name, list):
                _key(f"{where}: parts.{name}", each if isinstance(each, dict) else {})
        for name in said.get("links", {}):
            for key in _within(f"{where}: links", said["links"], name, list):
                _key(f"{where}: links.{name}", {"pk": key})
        if "fields" not in said:
            raise ArchiveError(f"{where}: lacks its fields.")

        def change(column: models.Field, value: Json) -> Json:
            value = content.together(column, value)
            if isinstance(column, models.FileField) and value:
                self._name(f"{where}: {column.attname}", column.model, value)
            if isinstance(column, LINKS) and value:
                _judged(f"{where}: {column.attname}", lambda: column.run_validators(value))
            is_rich = isinstance(column, RichTextField) and isinstance(value, str)
            return _judged(f"{where}: {column.attname}", lambda: column.to_python(value)) if is_rich else value

        return content.over_texts(content.item_model(row), said, change)

    # Media

    def _name(self, where: str, model: type[models.Model], name: Json, place: str = "") -> None:
        is_name = isinstance(name, str) and is_safe(name) and "/" in name
        if not is_name or name.partition("/")[0] in {*media.DRAWN, WITHDRAWN.rstrip("/")} or name.endswith(".part"):
            raise ArchiveError(f"{where}: {str(name)[:200]!r} can't be the name of a file of the site.")
        self._named.setdefault(place + name, (where, model))

    def _file(self, name: str, where: str, model: type[models.Model]) -> None:
        """Whether an upload could have become this file."""
        path = self._folder / media.EXPORTED / name
        if not path.is_file() or any(part.is_symlink() for part in [path, *path.parents[: name.count("/") + 1]]):
            raise ArchiveError(f"{where}: the file {media.EXPORTED}{name} is missing.")
        check = pictures.validate_kept if model is Image else documents.validate_kept
        with path.open("rb") as opened:
            _judged(f"{media.EXPORTED}{name}", lambda: check(File(opened, name)))
            if default_storage.exists(name) and not _is_same(opened, name):
                raise ArchiveError(
                    f"{media.EXPORTED}{name}: the site has another file of this name, which browsers keep: give this one another."
                )


def _is_same(file, name: str) -> bool:
    file.seek(0)
    with default_storage.open(name) as other:
        return file.read() == other.read()


def _beside(model: type[models.Model]) -> set[str]:
    """What may stand in the file of an item beside its key and columns."""
    if content.is_attached(model):
        return {"of"}
    return set() if content.is_part(model) else {"links", "parts", "attached"}


def _judged[Value](where: str, judge: Callable[[], Value]) -> Value:
    try:
        return judge()
    except ValidationError as error:
        raise ArchiveError(f"{where}: {' '.join(error.messages)}") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise ArchiveError(f"{where}: can't be read: {str(error)[:200]}.") from error


def _json(path: Path, name: str, most: int) -> Json:
    """What stands in a file: each name once, and no character that the database can't store."""
    if path.is_symlink() or not path.is_file():
        raise ArchiveError(f"{name}: is missing, so that this is no folder of an export.")
    if path.stat().st_size > most:
        raise ArchiveError(f"{name}: is larger than {most:,} bytes.")
    try:
        said = json.loads(path.read_text("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        _refuse_unstorable(said)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{name}: can't be read as JSON: {str(error)[:200]}.") from error
    return said


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"it says something twice, one of {', '.join(found)[:100]}")
    return found


def _no_number(word: str) -> Json:
    raise ValueError(f"{word} is no number")


def _refuse_unstorable(said: Json) -> None:
    if isinstance(said, dict):
        _refuse_unstorable([*said, *said.values()])
    elif isinstance(said, list):
        for each in said:
            _refuse_unstorable(each)
    elif isinstance(said, str) and ("\0" in said or said.encode("utf-8", "ignore").decode() != said):
        raise ValueError("it has a character that no text has")


def _require_dict(where: str, said: Json, known: set[str] | None = None) -> None:
    if not isinstance(said, dict):
        raise ArchiveError(f"{where}: must be an object.")
    if known is not None:
        _refuse_unknown(where, said, known)


def _refuse_unknown(where: str, said: dict, known) -> None:
    if unknown := sorted(said.keys() - set(known)):
        raise ArchiveError(f"{where}: {unknown[0][:80]} is no field that this site knows.")


def _within[Kind](where: str, said: dict, name: str, kind: type[Kind]) -> Kind:
    found = said.get(name, kind())
    if not isinstance(found, kind):
        raise ArchiveError(f"{where}: {name}: must be {'an object' if kind is dict else 'a list'}.")
    return found


def _key(where: str, said: dict) -> int:
    key = said.get("pk")
    if not isinstance(key, int) or isinstance(key, bool) or not 0 < key <= HIGHEST:
        raise ArchiveError(f"{where}: pk: must be a number from 1 to {HIGHEST}.")
    return key
