"""What the question before a deletion names: what an editor knows."""

from django.apps import apps
from django.db import models
from django.utils.text import capfirst


class KnownDeletionMixin:
    """Leaves out what nobody has rights to: rows that join two things, or that the site keeps for itself."""

    def get_deleted_objects(self, objs, request) -> tuple:
        nested, counts, *rest = super().get_deleted_objects(objs, request)
        kinds = unknown_kinds()
        plurals = {str(model._meta.verbose_name_plural) for model in kinds}
        counts = {name: count for name, count in counts.items() if str(name) not in plurals}
        return known_only(nested, tuple(f"{capfirst(model._meta.verbose_name)}: " for model in kinds)), counts, *rest


def known_only(nested: list, unknown: tuple[str, ...]) -> list:
    found = []
    for entry in nested:
        if isinstance(entry, list):
            found += [inner] if (inner := known_only(entry, unknown)) else []
        elif not entry.startswith(unknown):
            found.append(entry)
    return found


def unknown_kinds() -> list[type[models.Model]]:
    everything = apps.get_models(include_auto_created=True)
    return [model for model in everything if model._meta.auto_created or not model._meta.default_permissions]
