"""The glossary as rows that editors keep, and what they have said is right as it is."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conference_site.languages.text import isolated, normalise


class OfficialName(models.Model):
    """A name in the one form in which the site writes it, and the forms that it replaces.

    Not the forms by which something is found (`search.NameGroup`): of these, many are right too. Live as soon as it is saved.
    """

    name = models.CharField(_("official name"), max_length=200, unique=True)
    replaces = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("forms to be replaced"),
        help_text=_("One a line: other spellings and old names. The content check offers the official name in their place."),
    )

    class Meta:
        verbose_name = _("official name")
        verbose_name_plural = _("official names")
        ordering = ["name"]

    def __str__(self) -> str:
        return isolated(self.name)

    def save(self, *args, **kwargs) -> None:
        self._tidy()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self._tidy()
        if self.name in self.replaces:
            raise ValidationError({"replaces": _("The official name cannot be replaced by itself.")})
        if official := OfficialName.objects.exclude(pk=self.pk).filter(name__in=self.replaces).first():
            raise ValidationError({"replaces": _("This is the official form of another name: %(name)s.") % {"name": official}})

    def _tidy(self) -> None:
        self.name = " ".join(normalise(self.name or "").split())
        forms = [" ".join(normalise(form).split()) for form in self.replaces or ()]
        self.replaces = list(dict.fromkeys(filter(None, forms)))


class Dismissal(models.Model):
    """An editor's word that something in an item is right as it is, by the digest of the remark (`remarks.Remark.digest`)."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=32)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "digest"], name="dismissed_once")]

    def __str__(self) -> str:
        return self.digest
