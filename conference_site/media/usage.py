"""Where a picture is used: in live rows and in what editors have saved since, by reference and by its address in a text."""

import json
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from conference_site.media.models import Image
from conference_site.publishing.aggregate import translated_fields
from conference_site.publishing.models import LanguageVersion, Part, Publishable, Revision
from conference_site.richtext.fields import RichTextField


def uses(image: Image) -> list[Publishable]:
    """The items that show the picture, or would if what stands at the desk were published. A few queries for each model."""
    return uses_of([image])[image.pk]


def uses_of(images: Iterable[Image]) -> dict[int, list[Publishable]]:
    """The same for many pictures, by their primary keys. No more queries for many than for one."""
    found: dict[int, list[Publishable]] = {image.pk: [] for image in images}
    for model in apps.get_models():
        if issubclass(model, Publishable):
            shown = sorted({*_live(model, images), *_drafts(model, images)})
            items = model._base_manager.filter(deleted_at=None).in_bulk({item for item, _image in shown})
            for item, image in shown:
                found[image] += [items[item]] if item in items else []
    return found


def used_first(images: models.QuerySet[Image]) -> models.QuerySet[Image]:
    """These pictures, each with ``is_used``, whether a kept item refers to it; those first, then the newest. One query."""
    uses = Q(pk__in=[])
    for model in apps.get_models():
        if issubclass(model, Publishable | Part):
            kept = {"deleted_at" if issubclass(model, Publishable) else f"{model.part_of}__deleted_at": None}
            for name in _references(model):
                uses |= Q(models.Exists(model._base_manager.filter(**{name: models.OuterRef("pk")}, **kept)))
    is_used = models.Case(models.When(uses, then=True), default=False, output_field=models.BooleanField())
    return images.annotate(is_used=is_used).order_by("-is_used", "-created_at", "-pk")


def _live(model: type[Publishable], images: Iterable[Image]) -> Iterator[tuple[int, int]]:
    """Item and picture, of what is live."""
    tables = [(model, "pk"), *((part, part.part_of) for part in _parts(model))]
    for table, owner in tables:
        columns = [*_references(table), *_texts(table)]
        condition = Q(pk__in=[])
        for image in images:
            names = dict.fromkeys(_references(table), image.pk)
            names |= {f"{name}__contains": image.file.name for name in _texts(table) if image.file}
            condition |= Q(*names.items(), _connector=Q.OR)
        for item, *values in table._base_manager.filter(condition).values_list(owner, *columns):
            yield from ((item, image.pk) for image in images if any(_shows(value, image) for value in values))


def _shows(value: int | str | None, image: Image) -> bool:
    """Whether a column refers to the picture, or has its name in a rich text."""
    return bool(image.file) and image.file.name in value if isinstance(value, str) else value == image.pk


def _parts(model: type[Publishable]) -> list[type[Part]]:
    return [model._meta.get_field(name).related_model for name in model.parts]


def _references(model: type[models.Model]) -> list[str]:
    """Its columns that refer to a picture."""
    return [field.attname for field in model._meta.concrete_fields if field.related_model is Image]


def _texts(model: type[models.Model]) -> list[str]:
    """Its columns of rich text."""
    texts = [field.name for field in model._meta.concrete_fields if isinstance(field, RichTextField)]
    return [name for name in texts if name not in translated_fields(model)]


def _drafts(model: type[Publishable], images: Iterable[Image]) -> Iterator[tuple[int, int]]:
    """Item and picture, of the newest revision of each item and of what is planned to replace it.

    JSON has references by number, and texts with the picture's name.
    """
    revisions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(model))
    newer = revisions.filter(object_id=models.OuterRef("object_id"), pk__gt=models.OuterRef("pk"))
    planned = LanguageVersion.objects.filter(planned=models.OuterRef("pk"))
    mentions = Q(pk__in=[])
    for image in images:
        if image.file:
            mentions |= Q(data__icontains=image.file.name)
        for name in _references(model):
            mentions |= Q(**{f"data__fields__{name}": image.pk})
        for part, table in zip(model.parts, _parts(model), strict=True):
            for name in _references(table):
                mentions |= Q(data__parts__contains={part: [{name: image.pk}]})
    pending = revisions.filter(mentions).filter(~models.Exists(newer) | models.Exists(planned))
    for item, data in pending.values_list("object_id", "data"):
        values = list(_values(model, data))
        yield from ((item, image.pk) for image in images if any(_shows(value, image) for value in values))


def _values(model: type[Publishable], data: dict) -> Iterator[int | str | None]:
    """What stands in a working copy where a picture can."""
    yield json.dumps(data)  # for the names in texts
    yield from (data["fields"].get(name) for name in _references(model))
    for part, table in zip(model.parts, _parts(model), strict=True):
        yield from (row.get(name) for row in data["parts"].get(part, ()) for name in _references(table))
