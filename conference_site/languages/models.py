"""The base of whatever holds text."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from conference_site.languages.content import all_localized
from conference_site.languages.text import normalise_fields


def require_text(item: models.Model, field: str) -> None:
    """Refuse an item whose translated ``field`` has a text in no language, at the first of them. To be called by ``clean()``."""
    columns = all_localized(field)
    if not any(getattr(item, column) for column in columns):
        raise ValidationError({columns[0]: _("At least one language needs a text here.")})


class Normalised(models.Model):
    """A row whose texts are stored in their normal form, whichever way they came (24)."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        normalise_fields(self)
        super().save(*args, **kwargs)
