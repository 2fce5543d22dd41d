"""The starting content: TOML files, one a kind, read once.

A row is read by the model's own fields: a table of languages is a translated field; a string for a foreign key, or a list of
strings for a many-to-many field, are keys of other rows; a list of tables are the item's parts.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from conference_site.languages.content import codes, localized
from conference_site.operations.models import LoadedItem
from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import Addressed, Ordered, Publishable, Revision

FOLDER = Path(__file__).parent / "starting_content"

KINDS = {
    "name_group": "search.NameGroup",
    "official_name": "proofreading.OfficialName",
    "topic": "news.Topic",
    "conference": "pages.Conference",
    "page": "pages.Page",
    "goal": "pages.Goal",
    "question": "pages.ResearchQuestion",
    "organisation": "partners.Organisation",
    "partnership": "partners.Partnership",
    "city": "partners.LearningCity",
    "news": "news.NewsItem",
    "menu_link": "navigation.MenuEntry",
}
"""The tables of the files, in an order in which each refers only to earlier ones."""

AS_A_WHOLE = ("conference", "menu_link")
"""The kinds of which an editor's items, be it one, stand in place of all of ours."""

LOCK = 0x5354415254  # any number that no other lock of this database has


@transaction.atomic
def load(folder: Path = FOLDER) -> int:
    """Load the rows whose keys the ledger doesn't have, and publish them. Returns how many there were.

    A second process waits for the first one's end, and finds everything loaded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows = {kind: content for kind, content in _read(folder).items() if not _stands_already(kind)}
    known = set(LoadedItem.objects.values_list("key", flat=True))
    ordered = [(apps.get_model(KINDS[kind]), number, row) for kind in KINDS for number, row in enumerate(rows.get(kind, []))]
    new = [(model, number, row) for model, number, row in ordered if _key(model, row["key"]) not in known]
    for model, number, row in new:
        _load_row(model, row, number)
    return len(new)


def starting_names() -> list[list[str]]:
    """The groups of names that a new site begins with, each a list of forms."""
    return [row["forms"] for row in _read(FOLDER)["name_group"]]


def examples(kind: str, public: Iterable[str]) -> list[models.Model]:
    """The rows of a kind as items that no database knows, public in these languages, without what they refer to."""
    model = apps.get_model(KINDS[kind])
    items = []
    for number, row in enumerate(_read(FOLDER)[kind], start=1):
        own = {name: value for name, value in row.items() if name == "key" or not model._meta.get_field(name).is_relation}
        item = model(pk=-number, **_columns(model, own))
        item.read_at = timezone.now()
        for code in public:
            setattr(item, localized("publish_at", code), item.read_at)
        items.append(item)
    return items


def _stands_already(kind: str) -> bool:
    return kind in AS_A_WHOLE and apps.get_model(KINDS[kind])._base_manager.exists()


def _read(folder: Path) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {}
    for path in sorted(folder.glob("*.toml")):
        for kind, content in tomllib.loads(path.read_text()).items():
            rows.setdefault(kind, []).extend(content if isinstance(content, list) else [{"key": kind} | content])
    return rows


def _load_row(model: type[models.Model], row: dict, number: int) -> None:
    item = model(**_columns(model, row))
    if isinstance(item, Ordered):
        item.order = 10 * (number + 1)
    if isinstance(item, Addressed) and item.slug in item.taken_slugs(item.slug):
        item.slug = ""  # an editor was here first; save() finds a free one
    item.save()
    for name, value in row.items():
        _load_relation(item, name, value)
    LoadedItem.objects.create(
        key=_key(model, row["key"]), content_type=ContentType.objects.get_for_model(item), object_id=item.pk
    )
    if isinstance(item, Publishable):
        working_copies.record(item, Revision.Action.LOADED)
        working_copies.publish(item, [code for code in codes() if getattr(item, localized(item.headline, code))])


def _columns(model: type[models.Model], row: dict) -> dict:
    """The row's own columns: everything but its key, its lists of other rows and its parts."""
    translated, columns = aggregate.translated_fields(model), {}
    for name, value in row.items():
        field = None if name == "key" else model._meta.get_field(name)
        if name in translated:
            columns |= {localized(name, code): text for code, text in value.items()}
        elif field and field.many_to_one:
            columns[name] = _item(field.related_model, value)
        elif field and not field.is_relation:
            columns[name] = field.to_python(value)
    return columns


def _load_relation(item: models.Model, name: str, value: object) -> None:
    field = None if name == "key" else item._meta.get_field(name)
    if field and field.many_to_many:
        getattr(item, name).set(filter(None, (_item(field.related_model, key) for key in value)))
    elif field and field.one_to_many:
        for row in value:
            columns = _columns(field.related_model, row)
            if None not in columns.values():
                field.related_model.objects.create(**{field.field.name: item}, **columns)


def _key(model: type[models.Model], key: str) -> str:
    """A row's name in the ledger: keys are unique among rows of one kind."""
    return f"{model._meta.model_name}/{key}"


def _item(model: type[models.Model], key: str) -> models.Model | None:
    """What an earlier row became; None where an administrator has purged it."""
    return LoadedItem.objects.get(key=_key(model, key)).item()
