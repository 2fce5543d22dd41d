"""The base of whatever holds text."""

from django.db import models

from conference_site.languages.text import normalise_fields


class Normalised(models.Model):
    """A row whose texts are stored in their normal form, whichever way they came (24)."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        normalise_fields(self)
        super().save(*args, **kwargs)
