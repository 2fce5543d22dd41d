"""Pictures, each with its alternative text and credit in every language."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, localized
from conference_site.languages.models import Normalised, require_text
from conference_site.media.pictures import re_encode
from conference_site.search import indexing
from conference_site.search.models import Searchable


class Image(Searchable, Normalised):
    """A picture of the library. What an editor uploads is decoded and encoded again: nothing but its pixels is kept."""

    headline = "alternative_text"
    search_weights = {"A": ("alternative_text",), "D": ("credit",)}

    file = models.ImageField(_("file"), upload_to="images/%Y/%m", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for those who do not see it."),
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("added on"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        texts = (getattr(self, localized("alternative_text", code)) for code in codes())
        return next(filter(None, texts), None) or self.file.name

    def clean(self) -> None:
        require_text(self, "alternative_text")

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Encode what was uploaded again; whatever `pictures.re_encode` refuses is not saved. Its words are live at once."""
        if self.file and not self.file._committed:
            self.file = re_encode(self.file)
        if self.pk:
            indexing.holders(self)  # locked before the picture, in the order in which a publication locks them
        super().save(*args, **kwargs)
        indexing.refresh(self)
        for model, keys in indexing.holders(self).items():
            indexing.refresh_all(model, keys)

    @transaction.atomic
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        without = indexing.holders(self)
        deleted = super().delete(*args, **kwargs)
        for model, keys in without.items():
            indexing.refresh_all(model, keys)
        return deleted
