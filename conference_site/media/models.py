"""Pictures, each with its alternative text and credit in every language."""

from collections.abc import Iterable

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import all_localized, codes, current, localized
from conference_site.languages.models import Normalised, require_text
from conference_site.media import renditions, storage
from conference_site.media.pictures import prepare
from conference_site.media.renditions import Rendition
from conference_site.search import indexing
from conference_site.search.models import Searchable


def share_field(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        name,
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("0 to 100. What lies there stays in sight where the picture is cut."),
    )


class ImageQuerySet(models.QuerySet):
    def lacking_alternatives(self):
        """Those that are shown, or may be, and lack their alternative text in some language."""
        lacking = Q()
        for column in all_localized("alternative_text"):
            lacking |= Q(**{column: ""}) | Q(**{column: None})
        return self.filter(lacking, withdrawn_at=None)


class Image(Searchable, Normalised):
    """A picture of the library. What an editor uploads is decoded and encoded again: nothing but its pixels is kept.

    A drawing (SVG) is sanitised, and shown as it is. One that is withdrawn is shown nowhere, whatever refers to it.
    """

    headline = "alternative_text"
    search_weights = {"A": ("alternative_text",), "D": ("credit",)}

    file = models.FileField(_("file"), upload_to="images/%Y/%m", help_text=_("A photograph or drawing: JPEG, PNG, WebP or SVG."))
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    focus_x = share_field(_("focal point, per cent from the left"))
    focus_y = share_field(_("focal point, per cent from above"))
    alternative_text = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for those who do not see it."),
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who took it, or to whom it belongs."))
    created_at = models.DateTimeField(_("added on"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        texts = (getattr(self, localized("alternative_text", code)) for code in (current(), *codes()))
        return next(filter(None, texts), None) or self.file.name

    def clean(self) -> None:
        require_text(self, "alternative_text")

    @property
    def is_shown(self) -> bool:
        return bool(self.file) and not self.withdrawn_at

    def lacks_alternative(self, language: str) -> bool:
        """Whether it would be shown without a word in this language to those who don't see it."""
        return self.is_shown and not getattr(self, localized("alternative_text", language))

    @property
    def is_drawing(self) -> bool:
        return self.file.name.endswith(".svg")

    @property
    def whole_url(self) -> str:
        """The address of the whole picture, in a format that every program can show."""
        return self.file.url if self.is_drawing else self.rendition(max(renditions.WIDTHS), renditions.JPEG).url

    def rendition(self, width: int, encoding: str, ratio: float | None = None) -> Rendition:
        """The picture that wide (at most as it is), of its own ratio of sides or cut to ``ratio`` around its focal point."""
        ratio = ratio or self.width / self.height
        width = max(1, min(width, self.width, round(self.height * ratio)))
        focus = (self.focus_x, self.focus_y)
        return Rendition(self.file.name, width, max(1, round(width / ratio)), focus, encoding)

    def renditions(self, encoding: str, ratio: float | None = None) -> Iterable[Rendition]:
        """One for each of the usual widths, and none wider than the picture."""
        return dict.fromkeys(self.rendition(width, encoding, ratio) for width in renditions.WIDTHS)

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Prepare what was uploaded; whatever `pictures.prepare` refuses is not saved. Its words are live at once."""
        if self.file and not self.file._committed:
            self.file, self.width, self.height = prepare(self.file)
        if self.pk:
            indexing.holders(self)  # locked before the picture, in the order in which a publication locks them
        super().save(*args, **kwargs)
        self._index()

    @transaction.atomic
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        without, name = indexing.holders(self), self.file.name
        deleted = super().delete(*args, **kwargs)
        for model, keys in without.items():
            indexing.refresh_all(model, keys)
        transaction.on_commit(lambda: _forget(name))
        return deleted

    @transaction.atomic
    def withdraw(self) -> None:
        """Take the picture from every page, feed and address at once; its file is kept where no address leads.

        Where that can't be (OSError), nothing has changed: nobody is told that a picture is withdrawn which can still be had.
        """
        self._set_withdrawn(timezone.now())
        _hide(self.file.name)

    @transaction.atomic
    def show_again(self) -> None:
        """Undo `withdraw`."""
        self._set_withdrawn(None)
        storage.move(storage.WITHDRAWN + self.file.name, self.file.name)

    def _set_withdrawn(self, moment: models.DateTimeField | None) -> None:
        indexing.holders(self)
        self.withdrawn_at = moment
        super().save(update_fields=["withdrawn_at"])
        self._index()

    def _index(self) -> None:
        indexing.refresh(self)
        for model, keys in indexing.holders(self).items():
            indexing.refresh_all(model, keys)


def _hide(name: str) -> None:
    storage.move(name, storage.WITHDRAWN + name)
    storage.clear(renditions.folder_of(name))


def _forget(name: str) -> None:
    for place in (name, storage.WITHDRAWN + name):
        storage.default_storage.delete(place)
    storage.clear(renditions.folder_of(name))
