"""Where a picture is used: in live rows and in what editors have saved since, by reference and by its address in a text."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from conference_site.media.models import Image
from conference_site.publishing.aggregate import translated_fields
from conference_site.publishing.models import Part, Publishable, Revision
from conference_site.richtext.fields import RichTextField


def uses(image: Image) -> list[Publishable]:
    """The items that show the picture, or would if what stands at the desk were published. A few queries for each model."""
    found: dict[tuple, Publishable] = {}
    for model in apps.get_models():
        if issubclass(model, Publishable):
            keys = {*_live(model, image), *_drafts(model, image)}
            found |= {(model, item.pk): item for item in model._base_manager.filter(pk__in=keys, deleted_at=None)}
    return list(found.values())


def used_first(images: models.QuerySet[Image]) -> models.QuerySet[Image]:
    """These pictures, each with ``is_used``, whether a kept item refers to it; those first, then the newest. One query."""
    uses = Q(pk__in=[])
    for model in apps.get_models():
        if issubclass(model, Publishable | Part):
            kept = {"deleted_at" if issubclass(model, Publishable) else f"{model.part_of}__deleted_at": None}
            for field in _references(model):
                uses |= Q(models.Exists(model._base_manager.filter(**{field.name: models.OuterRef("pk")}, **kept)))
    is_used = models.Case(models.When(uses, then=True), default=False, output_field=models.BooleanField())
    return images.annotate(is_used=is_used).order_by("-is_used", "-created_at", "-pk")


def _live(model: type[Publishable], image: Image) -> Iterator[int]:
    conditions = [_refers(model, image)]
    for name in model.parts:
        part = model._meta.get_field(name).related_model
        items = part._base_manager.filter(_refers(part, image)).values(part.part_of)
        conditions.append(Q(pk__in=items))
    for condition in filter(None, conditions):
        yield from model._base_manager.filter(condition).values_list("pk", flat=True)


def _refers(model: type[Publishable] | type[Part], image: Image) -> Q:
    """Rows with the picture in a column of their own, or its name in a rich text."""
    condition = Q(pk__in=[])
    for field in _references(model):
        condition |= Q(**{field.attname: image.pk})
    for field in model._meta.concrete_fields:
        if isinstance(field, RichTextField) and field.name not in translated_fields(model):
            condition |= Q(**{f"{field.name}__contains": image.file.name})
    return condition


def _references(model: type[models.Model]) -> list[models.Field]:
    """Its columns that refer to a picture."""
    return [field for field in model._meta.concrete_fields if field.related_model is Image]


def _drafts(model: type[Publishable], image: Image) -> Iterator[int]:
    """Of the newest revision of each item: JSON has references by number, and texts with the picture's name."""
    revisions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(model))
    newer = revisions.filter(object_id=models.OuterRef("object_id"), pk__gt=models.OuterRef("pk"))
    mentions = Q(data__icontains=image.file.name)
    for field in _references(model):
        mentions |= Q(**{f"data__fields__{field.attname}": image.pk})
    for name in model.parts:
        for field in _references(model._meta.get_field(name).related_model):
            mentions |= Q(data__parts__contains={name: [{field.attname: image.pk}]})
    yield from revisions.filter(mentions).exclude(models.Exists(newer)).values_list("object_id", flat=True)
