"""What the search holds of items: an entry for each language of a live row.

A model says in ``search_weights`` which of its texts are found, and by which weight: ``{"A": ("title",), "D": ("image.credit",
"milestones.text")}``; a dotted name is the text of what it refers to, or of its parts. Without weights it is not found.

What has no page, or is never published, is found at the desk only.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import translation

from conference_site.languages.content import codes, localized
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import captions, plain_text
from conference_site.search.documents import vector
from conference_site.search.marks import topic_mark, year_mark
from conference_site.search.models import UNDATED, Searchable, SearchEntry

IDENTITY = ("kind", "object_id", "language")
CONTENT = ("title", "text", "url", "day", "names", "publish_at", "expires_at", "title_vector", "vector")
SHOWN = "BC"
"""The weights of which a result's passage is made."""
BATCH = 200


def searchable() -> list[type[Searchable]]:
    """The models whose items are found."""
    return [model for model in apps.get_models() if issubclass(model, Searchable) and model.search_weights]


def refresh(item: Searchable) -> None:
    """Make the entries those of the live row ``item``. To be called in the transaction that changed it."""
    if not item.search_weights:
        return
    found = list(entries(item))
    _of(item).exclude(language__in=[entry.language for entry in found]).delete()
    SearchEntry.objects.bulk_create(found, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT)


def forget(item: Searchable) -> None:
    """Remove the entries of an item that is no more."""
    _of(item).delete()


def holders(related: models.Model) -> list[Searchable]:
    """The items that are found by a text of ``related`` too, as news is by the words of its picture; locked."""
    found: list[Searchable] = []
    for model in searchable():
        names = [name.partition(".")[0] for fields in model.search_weights.values() for name in fields if "." in name]
        fields = [field for name in names if (field := model._meta.get_field(name)).many_to_one]
        for field in fields:
            if isinstance(related, field.related_model):
                found += model._base_manager.select_for_update(of=("self",), no_key=True).filter(**{field.name: related})
    return found


def rebuild(*, missing: bool = False) -> int:
    """Write all entries anew, or those of items that have none; item by item, each locked for a moment only.

    Returns how many items that were.
    """
    number = 0
    for model in searchable():
        items = model._base_manager.order_by("pk")
        if missing:
            items = items.exclude(pk__in=SearchEntry.objects.filter(kind=model._meta.model_name).values("object_id"))
        for key in list(items.values_list("pk", flat=True)):
            with transaction.atomic():
                if item := model._base_manager.select_for_update(no_key=True).filter(pk=key).first():
                    refresh(item)
                    number += 1
    orphans().delete()
    return number


def stale() -> Iterator[str]:
    """A line for each entry that is missing, or says something else than its live row."""
    for model in searchable():
        for items in batched(model._base_manager.order_by("pk").iterator(BATCH), BATCH, strict=False):
            wanted = {_identity(entry): entry for item in items for entry in entries(item)}
            rows = SearchEntry.objects.filter(kind=model._meta.model_name, object_id__in=[item.pk for item in items])
            stored = {_identity(entry): _content(entry) for entry in rows}
            _as_stored(wanted.values())
            right = {key: _content(entry) for key, entry in wanted.items()}
            yield from ("/".join(map(str, key)) for key in right.keys() | stored.keys() if right.get(key) != stored.get(key))
    yield from ("/".join(map(str, _identity(entry))) for entry in orphans())


def orphans() -> models.QuerySet[SearchEntry]:
    """Entries of what is no item any more."""
    found = SearchEntry.objects.exclude(kind__in=[model._meta.model_name for model in searchable()])
    for model in searchable():
        gone = SearchEntry.objects.filter(kind=model._meta.model_name)
        found |= gone.exclude(object_id__in=model._base_manager.values("pk"))
    return found


def entries(item: Searchable) -> Iterator[SearchEntry]:
    """One for each language in which the item has a title; what is deleted is public in none."""
    for language in codes():
        title = " ".join((getattr(item, localized(item.headline, language)) or "").split())
        if not title:
            continue
        parts = [(weight, text) for weight, names in item.search_weights.items() for text in _texts(item, names, language)]
        url = _url(item, language)
        yield SearchEntry(
            kind=item._meta.model_name,
            object_id=item.pk,
            language=language,
            title=title,
            text="\n".join(text for weight, text in parts if weight in SHOWN),
            url=url,
            day=item.search_day or UNDATED,
            names=list(_texts(item, item.search_names, language)),
            publish_at=_date(item, "publish_at", language) if url and not getattr(item, "deleted_at", None) else None,
            expires_at=_date(item, "expires_at", language),
            title_vector=vector((weight, language, text) for weight, text in parts if weight == "A"),
            vector=vector(((weight, language, text) for weight, text in parts), _marks(item)),
        )


def _marks(item: Searchable) -> list[str]:
    return [year_mark(item.search_day.year if item.search_day else None), *map(topic_mark, item.search_topics())]


def _url(item: Searchable, language: str) -> str:
    """The address of the item's page; empty, if it has none."""
    with translation.override(language):
        return item.get_absolute_url() if hasattr(item, "get_absolute_url") else ""


def _date(item: Searchable, name: str, language: str) -> datetime | None:
    """A date of publication; None of what is never published."""
    return getattr(item, localized(name, language), None)


def _texts(item: models.Model, names: Iterable[str], language: str) -> Iterator[str]:
    """The texts of these fields in ``language`` as they are read."""
    for name in names:
        relation, _dot, field = name.rpartition(".")
        for holder in _holders(item, relation):
            text = getattr(holder, localized(field, language)) or ""
            is_rich = isinstance(holder._meta.get_field(localized(field, language)), RichTextField)
            yield from filter(None, [plain_text(text), *captions(text)] if is_rich else [text])


def _holders(item: models.Model, relation: str) -> Iterable[models.Model]:
    if not relation:
        return [item]
    related = getattr(item, relation)
    return related.all() if isinstance(related, models.Manager) else filter(None, [related])


def _of(item: Searchable) -> models.QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(kind=item._meta.model_name, object_id=item.pk)


def _identity(entry: SearchEntry) -> tuple:
    return tuple(getattr(entry, name) for name in IDENTITY)


def _content(entry: SearchEntry) -> tuple:
    return tuple(getattr(entry, name) for name in CONTENT)


def _as_stored(found: Iterable[SearchEntry]) -> None:
    """Let the vectors of entries read as the database writes them."""
    found = list(found)
    literals = [literal for entry in found for literal in (entry.title_vector, entry.vector)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::tsvector::text FROM unnest(%s::text[]) WITH ORDINALITY AS t (v, n) ORDER BY n", [literals])
        written = iter([row[0] for row in cursor])
    for entry in found:
        entry.title_vector, entry.vector = next(written), next(written)
