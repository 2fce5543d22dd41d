"""Which addresses stand where: read from the live rows, and from what editors have saved since.

Not while an editor saves: a moment later, by whoever looks for what is due (`checking.refresh`). An item is read again when its
newest revision is another than the one that was read.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import override

from conference_site.languages.content import codes, localized
from conference_site.languages.fields import LinkField
from conference_site.links.internal import is_internal
from conference_site.links.models import Address, Place, Source
from conference_site.navigation.addresses import PrintedPathField
from conference_site.publishing import aggregate
from conference_site.publishing.models import LanguageVersion, Part, Publishable, Revision
from conference_site.publishing.versions import title_in
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.tree import elements, parse

LINKS = (models.URLField, LinkField)
Found = dict[tuple[str, str], bool]
"""Address and language → whether it stands in what was published."""


def linking_models() -> list[type[models.Model]]:
    """The models without a working copy whose rows may lead somewhere, and are edited at the desk by themselves."""
    return [
        model
        for model in apps.get_models()
        if admin.site.is_registered(model)
        and not issubclass(model, Publishable | Part)
        and any(isinstance(field, (*LINKS, RichTextField)) for field in model._meta.concrete_fields)
    ]


@transaction.atomic
def refresh(most: int = 100) -> int:
    """Read the items that have changed since they were read, ``most`` at most. Returns how many those were."""
    with connection.cursor() as cursor:  # the command and the watcher may want to at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{__name__}.refresh"])
    changed = list(_changed()[:most])
    kinds: dict[int, dict[int, int]] = {}
    for content_type, pk, revision in changed:
        kinds.setdefault(content_type, {})[pk] = revision
    for content_type, wanted in kinds.items():
        _read_items(ContentType.objects.get_for_id(content_type), wanted)
    for model in linking_models():
        _read_rows(model)
    _forget_purged()
    Address.objects.exclude(pk__in=Address.objects.used()).delete()
    return len(changed)


def read_all() -> None:
    """Read every item anew, a hundred at a time."""
    Source.objects.filter(revision__isnull=False).update(revision=0)
    while refresh():
        continue


def _changed() -> models.QuerySet:
    key = {name: OuterRef(name) for name in ("content_type", "object_id")}
    is_read = Exists(Source.objects.filter(**key, revision=OuterRef("revision_id")))
    versions = LanguageVersion.objects.filter(language=codes()[0], revision__isnull=False).exclude(is_read)
    return versions.order_by("-revision").values_list("content_type", "object_id", "revision_id")


def _read_items(content_type: ContentType, wanted: dict[int, int]) -> None:
    model = content_type.model_class()
    items = model._base_manager.in_bulk(wanted)
    revisions = Revision.objects.in_bulk(wanted.values())
    for pk in items.keys() & wanted.keys():
        revision = revisions[wanted[pk]]
        titles = {code: title_in(model, revision.data, code) for code in codes()}
        _write(content_type, pk, titles, _of_item(items[pk], revision), revision.pk)


def _of_item(item: Publishable, revision: Revision) -> Found:
    """What is deleted leads nowhere. The live row is read only where the working copy says something else."""
    if item.deleted_at:
        return {}
    found = dict.fromkeys(addresses_in(type(item), revision.data), False)
    live = aggregate.snapshot(item) if revision.changed else revision.data
    for url, language in addresses_in(type(item), live):
        found[url, language] = bool(getattr(item, localized("publish_at", language)) if language else item.was_ever_published)
    return found


def _read_rows(model: type[models.Model]) -> None:
    content_type = ContentType.objects.get_for_model(model)
    rows = {row.pk: row for row in model._base_manager.all()}
    Source.objects.filter(content_type=content_type).exclude(object_id__in=rows).delete()
    sources = Source.objects.filter(content_type=content_type).prefetch_related("place_set__address")
    known = {source.object_id: (source.titles, _found_in(source)) for source in sources}
    for pk, row in rows.items():
        fields = {field.attname: field.value_from_object(row) for field in model._meta.concrete_fields}
        names, found = _names(row), dict.fromkeys(addresses_in(model, {"fields": fields}), True)
        if known.get(pk) != (names, found):
            _write(content_type, pk, names, found)


def _found_in(source: Source) -> Found:
    return {(place.address.url, place.language): place.is_live for place in source.place_set.all()}


def _names(row: models.Model) -> dict[str, str]:
    names = {}
    for code in codes():
        with override(code):
            names[code] = str(row)
    return names


def _forget_purged() -> None:
    versions = LanguageVersion.objects.filter(content_type=OuterRef("content_type"), object_id=OuterRef("object_id"))
    Source.objects.filter(revision__isnull=False).exclude(Exists(versions)).delete()


def _write(content_type: ContentType, pk: int, titles: dict, found: Found, revision: int | None = None) -> None:
    """Let the places of this item be those that were found."""
    values = {"titles": titles, "revision": revision}
    source, is_new = Source.objects.get_or_create(values, content_type=content_type, object_id=pk)
    if not is_new and (source.titles, source.revision) != (titles, revision):
        source.titles, source.revision = titles, revision
        source.save()
    known = {(place.address.url, place.language): place for place in source.place_set.select_related("address")}
    gone = [place.pk for key, place in known.items() if found.get(key) != place.is_live]
    new = [key for key in found if key not in known or found[key] != known[key].is_live]
    Place.objects.filter(pk__in=gone).delete()
    rows = _rows_of({url for url, _language in new})
    Place.objects.bulk_create(
        Place(source=source, address=rows[url], language=language, is_live=found[url, language]) for url, language in new
    )


def _rows_of(urls: set[str]) -> dict[str, Address]:
    if not urls:
        return {}
    wanted = [Address(url=url, digest=Address.digest_of(url), is_internal=is_internal(url)) for url in sorted(urls)]
    Address.objects.bulk_create(wanted, ignore_conflicts=True)
    return {row.url: row for row in Address.objects.filter(digest__in=[row.digest for row in wanted])}


def addresses_in(model: type[models.Model], data: dict) -> Iterator[tuple[str, str]]:
    """Each address of the Web in an item's data (see `aggregate`), with the language in whose texts it stands, if in one."""
    rows = [(model, data["fields"])]
    for name in getattr(model, "parts", ()):
        rows += [(aggregate.part_model(model, name), row) for row in data["parts"].get(name, ())]
    for each, row in rows:
        for field in aggregate.content_fields(each):
            for url in _in_field(field, row.get(field.attname) or ""):
                if url.startswith(("http://", "https://", "/")):
                    yield urldefrag(url).url, getattr(field, "language", "")


def _in_field(field: models.Field, value: object) -> Iterable[str]:
    if isinstance(field, LINKS):
        return [] if isinstance(field, PrintedPathField) else [value]  # a printed address is where somebody comes from
    if isinstance(field, RichTextField) and ("<a" in value or "<img" in value):
        named = {"a": "href", "img": "src"}
        return [each.attributes.get(named[each.tag], "") for each in elements(parse(value)) if each.tag in named]
    return []
