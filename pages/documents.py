"""Documents to be downloaded, and the items to which they belong."""

from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, current, localized
from conference_site.media import documents
from conference_site.publishing.models import Addressed, Ordered, Publishable, public_text_constraints


class Document(Ordered, Addressed, Publishable):
    """A file to be downloaded, one for each language; its address stays when the file is replaced.

    Files of drafts are kept too: nothing leads to one before it is published.
    """

    page_name = "document"
    list_name = "documents"
    also_shown_on = "documents"
    main_text = "file"
    reading_order = ("description",)
    search_weights = {"A": ("title",), "B": ("description",)}

    title = models.CharField(_("title"), max_length=200, help_text=_("What the document is called, not its file."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences: for whom it is and what stands in it.")
    )
    file = models.FileField(
        _("file"),
        upload_to="documents/%Y/%m",
        blank=True,
        max_length=200,
        help_text=_("A PDF, or slides, tables and texts without macros. Each language may have a file of its own."),
    )
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = public_text_constraints("title")

    def clean(self) -> None:
        super().clean()
        if not any(getattr(self, localized("file", code)) for code in codes()):
            raise ValidationError(_("At least one language needs its file."))

    def save(self, *args, **kwargs) -> None:
        """What was uploaded gets a name of the site's own; what `media.documents` refuses is not saved."""
        for code in codes():
            file = getattr(self, localized("file", code))
            if file and not file._committed:
                setattr(self, localized("size", code), file.size)
                file.name = documents.name_for(file)
        super().save(*args, **kwargs)

    def public_file(self, language: str) -> "DocumentFile | None":
        """The file of a language, where that is public and has one."""
        file = getattr(self, localized("file", language))
        if not (file and self.is_public(language)):
            return None
        with translation.override(language):
            url = reverse("document_file", args=[self.slug])
        return DocumentFile(file, language, getattr(self, localized("size", language)) or 0, url)

    def public_files(self) -> list["DocumentFile"]:
        """The files that a visitor can have, that of the page's language first."""
        languages = sorted(codes(), key=lambda code: code != current())
        return [file for code in languages if (file := self.public_file(code))]


@dataclass(frozen=True)
class DocumentFile:
    """One language's file: ``size`` in bytes, ``url`` its address, which stays."""

    file: FieldFile
    language: str
    size: int
    url: str

    @property
    def suffix(self) -> str:
        return PurePath(self.file.name).suffix

    @property
    def kind(self) -> str:
        """What readers call this kind of file."""
        return documents.NAMES.get(self.suffix, self.suffix.removeprefix(".").upper())

    @property
    def is_foreign(self) -> bool:
        return self.language != current()


class Documented(models.Model):
    """An item to which documents belong."""

    documents = models.ManyToManyField(
        Document,
        related_name="+",
        blank=True,
        verbose_name=_("documents"),
        help_text=_("Offered for download at the end of the page."),
    )

    class Meta:
        abstract = True
