"""What the search holds of publishable items: an entry for each language of a live row.

A model says in ``search_weights`` which of its texts are found, and by which weight: ``{"A": ("title",), "D": ("image.credit",
"milestones.text")}``; a dotted name is the text of what it refers to, or of its parts. Without weights it is not found.
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import translation

from conference_site.languages.content import codes, localized
from conference_site.publishing.models import Publishable
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import captions, plain_text
from conference_site.search.documents import vector
from conference_site.search.models import UNDATED, SearchEntry

IDENTITY = ("kind", "object_id", "language")
CONTENT = ("title", "text", "url", "day", "topics", "publish_at", "expires_at", "title_vector", "vector")
SHOWN = "BC"
"""The weights of which a result's passage is made."""
BATCH = 200


def searchable() -> list[type[Publishable]]:
    """The models whose items are found."""
    return [model for model in apps.get_models() if issubclass(model, Publishable) and model.search_weights]


def refresh(item: Publishable) -> None:
    """Make the entries those of the live row ``item``. To be called in the transaction that changed it."""
    if not item.search_weights:
        return
    found = list(entries(item))
    _of(item).exclude(language__in=[entry.language for entry in found]).delete()
    SearchEntry.objects.bulk_create(found, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT)


def forget(item: Publishable) -> None:
    """Remove the entries of an item that is about to be no more."""
    _of(item).delete()


def rebuild() -> int:
    """Write all entries anew, item by item, each locked for a moment only. Returns how many items there are."""
    number = 0
    for model in searchable():
        for key in list(model._base_manager.order_by("pk").values_list("pk", flat=True)):
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


def entries(item: Publishable) -> Iterator[SearchEntry]:
    """One for each language in which the item has a title; what is deleted is public in none."""
    for language in codes():
        title = " ".join((getattr(item, localized(item.headline, language)) or "").split())
        if not title:
            continue
        parts = [(weight, text) for weight, names in item.search_weights.items() for text in _texts(item, names, language)]
        with translation.override(language):
            url = item.get_absolute_url()
        yield SearchEntry(
            kind=item._meta.model_name,
            object_id=item.pk,
            language=language,
            title=title,
            text="\n".join(text for weight, text in parts if weight in SHOWN),
            url=url,
            day=item.search_day or UNDATED,
            topics=sorted(item.search_topics()),
            publish_at=None if item.deleted_at else getattr(item, localized("publish_at", language)),
            expires_at=getattr(item, localized("expires_at", language)),
            title_vector=vector((weight, language, text) for weight, text in parts if weight == "A"),
            vector=vector((weight, language, text) for weight, text in parts),
        )


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


def _of(item: Publishable) -> models.QuerySet[SearchEntry]:
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
