"""What the search holds of items: an entry for each language of a live row.

A model says in ``search_weights`` which of its texts are found, and by which weight: ``{"A": ("title",), "D": ("image.credit",
"milestones.text")}``; a dotted name is the text of what it refers to, or of its parts. Without weights it is not found.

What has no page, or is never published, is found at the desk only.
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import translation

from conference_site.languages.content import codes, localized
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import captions, plain_text
from conference_site.search.documents import vector
from conference_site.search.lexemes import quote
from conference_site.search.marks import topic_mark, year_mark
from conference_site.search.models import UNDATED, Searchable, SearchEntry
from conference_site.search.names import whole

IDENTITY = ("kind", "object_id", "language")
CONTENT = ("title", "text", "url", "day", "names", "publish_at", "expires_at", "title_vector", "vector")
SHOWN = "BC"
"""The weights of which a result's passage is made."""
BATCH = 200


def searchable() -> list[type[Searchable]]:
    """The models whose items are found."""
    return [model for model in apps.get_models() if issubclass(model, Searchable) and model.search_weights]


def is_for_visitors(model: type[Searchable]) -> bool:
    """Whether its items have pages, and dates from which they are public."""
    return hasattr(model, "get_absolute_url") and hasattr(model, "publish_at")


def kind_names(model: type[Searchable], language: str) -> list[str]:
    """What an item of ``model`` is called, alone and among others: who asks for goals finds them."""
    with translation.override(language):
        return [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]


@transaction.atomic
def refresh(item: Searchable) -> None:
    """Make the entries those of the live row ``item``. To be called in the transaction that changed it."""
    if not item.search_weights:
        return
    _lock_related(item)
    found = list(entries(item))
    _of(item).exclude(language__in=[entry.language for entry in found]).delete()
    SearchEntry.objects.bulk_create(found, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT)


@transaction.atomic
def refresh_all(model: type[Searchable], keys: Iterable[int]) -> None:
    """The same for the live rows with these primary keys."""
    for item in model._base_manager.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk"):
        refresh(item)


def forget(item: Searchable) -> None:
    """Remove the entries of an item that is no more."""
    _of(item).delete()


def holders(related: models.Model) -> dict[type[Searchable], list[int]]:
    """The primary keys of the items that are found by a text of ``related``, as news is by the words of its picture; locked."""
    found = {}
    for model in searchable():
        for relation in _relations(model):
            if isinstance(related, model._meta.get_field(relation).related_model):
                items = model._base_manager.select_for_update(no_key=True).filter(**{relation: related}).order_by("pk")
                found[model] = list(items.values_list("pk", flat=True))
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
    """A line for each entry that is missing, or says something else than its live row.

    What differs is looked at once more under the item's lock: an editor may have changed it since it was read.
    """
    for model in searchable():
        for items in batched(model._base_manager.order_by("pk").iterator(BATCH), BATCH, strict=False):
            for key in sorted({object_id for _kind, object_id, _language in _differences(model, items)}):
                with transaction.atomic():
                    found = _differences(model, model._base_manager.select_for_update(no_key=True).filter(pk=key))
                yield from sorted("/".join(map(str, identity)) for identity in found)
    yield from ("/".join(map(str, _identity(entry))) for entry in orphans())


def _differences(model: type[Searchable], items: Iterable[Searchable]) -> list[tuple]:
    """The identities of the entries that aren't as these items have them."""
    items = list(items)
    wanted = {_identity(entry): entry for item in items for entry in entries(item)}
    rows = SearchEntry.objects.filter(kind=model._meta.model_name, object_id__in=[item.pk for item in items])
    stored = {_identity(entry): _content(entry) for entry in rows}
    _as_stored(wanted.values())
    right = {identity: _content(entry) for identity, entry in wanted.items()}
    return [identity for identity in right.keys() | stored.keys() if right.get(identity) != stored.get(identity)]


def orphans() -> models.QuerySet[SearchEntry]:
    """Entries of what is no item any more."""
    found = SearchEntry.objects.exclude(kind__in=[model._meta.model_name for model in searchable()])
    for model in searchable():
        gone = SearchEntry.objects.filter(kind=model._meta.model_name)
        found |= gone.exclude(object_id__in=model._base_manager.values("pk"))
    return found


def entries(item: Searchable) -> Iterator[SearchEntry]:
    """One for each language in which the item has a title; what is deleted is public in none."""
    marks = [year_mark(item.search_day.year if item.search_day else None), *map(topic_mark, sorted(item.search_topics()))]
    is_shown = is_for_visitors(type(item)) and not item.deleted_at
    for language in codes():
        title = " ".join((getattr(item, localized(item.headline, language)) or "").split())
        if not title:
            continue
        parts = [(weight, text) for weight, names in item.search_weights.items() for text in _texts(item, names, language)]
        titles = [text for weight, text in parts if weight == "A"]
        kinds = [("D", name) for name in kind_names(type(item), language)] if is_shown else []
        yield SearchEntry(
            kind=item._meta.model_name,
            object_id=item.pk,
            language=language,
            title=title,
            text="\n".join(text for weight, text in parts if weight in SHOWN),
            url=_url(item, language) if is_shown else "",
            day=item.search_day or UNDATED,
            names=list(_texts(item, item.search_names, language)),
            publish_at=getattr(item, localized("publish_at", language)) if is_shown else None,
            expires_at=getattr(item, localized("expires_at", language)) if is_shown else None,
            title_vector=vector(
                (("A", language, text) for text in titles),
                [quote(whole(text, language)) for text in titles],
            ),
            vector=vector(((weight, language, text) for weight, text in [*parts, *kinds]), marks),
        )


def _url(item: Searchable, language: str) -> str:
    with translation.override(language):
        return item.get_absolute_url()


def _relations(model: type[Searchable]) -> list[str]:
    """The foreign keys to what an item is found by too."""
    names = dict.fromkeys(name.partition(".")[0] for fields in model.search_weights.values() for name in fields if "." in name)
    return [name for name in names if model._meta.get_field(name).many_to_one]


def _lock_related(item: Searchable) -> None:
    """Read what the item refers to anew, and let nobody change it before this transaction has ended."""
    for relation in _relations(type(item)):
        if getattr(item, relation):
            rows = item._meta.get_field(relation).related_model._base_manager.select_for_update(no_key=True)
            setattr(item, relation, rows.get(pk=getattr(item, relation).pk))


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
    found = related.all() if isinstance(related, models.Manager) else filter(None, [related])
    return (holder for holder in found if getattr(holder, "withdrawn_at", None) is None)


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
