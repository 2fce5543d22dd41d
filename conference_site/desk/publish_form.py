"""The question before publishing: which languages, from when, until when."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, language_name, localized
from conference_site.publishing import working_copies
from conference_site.publishing.models import Publishable


class MomentField(forms.DateTimeField):
    """A day and a time of the site's own time zone, or nothing."""

    def __init__(self, **kwargs) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, required=False, **kwargs)


class PublishForm(forms.Form):
    """One row a language: whether to publish it, and its two dates."""

    def __init__(self, item: Publishable, data=None) -> None:
        super().__init__(data)
        self.item = item
        newest = working_copies.revisions_of(item).first()
        self.changed = newest.changed if newest else []
        fields = working_copies.working_copy(item)["fields"]
        for code in codes():
            has_text = bool(fields.get(localized(item.headline, code)))
            is_due = has_text and (code in self.changed or not item.is_public(code))
            self.fields[f"publish_{code}"] = forms.BooleanField(
                label=language_name(code), required=False, initial=is_due, disabled=not has_text
            )
            for name, label in (("publish_at", _("From")), ("expires_at", _("Until"))):
                column = localized(name, code)
                moment = item._meta.get_field(column).to_python(fields.get(column))
                self.fields[column] = MomentField(label=label, initial=moment)
        self.shares_changes = "*" in self.changed

    @property
    def time_zone(self) -> str:
        """The name of the time zone in which the dates are typed and shown."""
        return settings.TIME_ZONE

    @property
    def rows(self) -> list[dict]:
        """For the template: each language with its state and its three fields."""
        return [
            {
                "code": code,
                "state": self.item.state(code),
                "is_public": self.item.is_public(code),
                "changed": code in self.changed,
                "publish": self[f"publish_{code}"],
                "publish_at": self[localized("publish_at", code)],
                "expires_at": self[localized("expires_at", code)],
            }
            for code in codes()
        ]

    @property
    def chosen(self) -> list[str]:
        return [code for code in codes() if self.cleaned_data[f"publish_{code}"]]

    def clean(self) -> dict:
        if not any(self.cleaned_data.get(f"publish_{code}") for code in codes()):
            raise ValidationError(_("Nothing would be published: no language is marked."))
        return self.cleaned_data

    def publish(self, author) -> bool:
        """Publish; where that can't be, say why on the form and return False."""
        columns = [localized(name, code) for code in self.chosen for name in ("publish_at", "expires_at")]
        try:
            working_copies.publish(self.item, self.chosen, author, {column: self.cleaned_data[column] for column in columns})
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
        return not self.errors
