"""The field of a model that holds rich text, and its field in a form."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference_site.richtext.sanitiser import clean, pictures_without_text
from conference_site.richtext.widgets import RichTextWidget


def validate_pictures(html: str) -> None:
    """Refuse a picture that says nothing to those who cannot see it."""
    if pictures := pictures_without_text(html):
        raise ValidationError(
            _("This picture has no alternative text: %(address)s. Say in a few words what it shows."),
            code="no_alternative_text",
            params={"address": pictures[0]},
        )


class RichTextFormField(forms.CharField):
    widget = RichTextWidget

    def to_python(self, value: str | None) -> str:
        return clean(super().to_python(value))

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        """The editor writes the same text in other HTML than the sanitiser: that is no change."""
        try:
            return clean(initial or "") != clean(data or "")
        except ValidationError:
            return True


class RichTextField(models.TextField):
    """HTML of the site's own kind, whichever way it comes in.

    ``to_python`` is on every one of them: forms, ``full_clean()``, fixtures, ``save()``, ``update()``, ``bulk_create()``.
    """

    default_validators = [validate_pictures]

    def to_python(self, value: object) -> str | None:
        value = super().to_python(value)
        return clean(value, getattr(self, "language", None)) if value else value  # modeltranslation's columns have one

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        """What is saved is what the instance then holds, for whoever reads on from it."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.to_python(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: object) -> forms.Field | None:
        defaults = {"form_class": RichTextFormField} | kwargs
        # The admin asks for its own textarea in every TextField.
        if not _is_rich(defaults.get("widget")):
            defaults["widget"] = RichTextWidget
        return super().formfield(**defaults)


def _is_rich(widget: object) -> bool:
    return isinstance(widget, RichTextWidget) or (isinstance(widget, type) and issubclass(widget, RichTextWidget))
