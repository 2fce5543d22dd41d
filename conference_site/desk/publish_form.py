"""The question before publishing: which languages, from when, until when."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.languages import dates
from conference_site.languages.content import codes, language_name, localized
from conference_site.languages.inputs import DateAndTimeInputs
from conference_site.languages.validators import validate_plausible
from conference_site.publishing import replacements, working_copies
from conference_site.publishing.models import Publishable, Revision, State


class MomentField(forms.SplitDateTimeField):
    """A day and a time of the site's own time zone, or nothing.

    Two text inputs, because a browser's own input for dates keeps a half-typed date to itself: the text would become public now.
    """

    widget = DateAndTimeInputs
    default_validators = [validate_plausible]

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs["dir"] = "ltr"


class PublishForm(forms.Form):
    """One row a language: whether to publish it, and its two dates; then when what is public is to be replaced."""

    def __init__(self, item: Publishable, sent=None) -> None:
        super().__init__(sent)
        self.item = item
        newest = working_copies.revisions_of(item).first()
        self.changed = newest.changed if newest else []
        data = working_copies.working_copy(item)
        fields, self.barriers = data["fields"], item.publication_barriers(data, codes())
        for code in codes():
            has_text = bool(fields.get(localized(item.headline, code)))
            is_due = has_text and (code in self.changed or item.state(code) == State.UNPUBLISHED)
            self.fields[f"publish_{code}"] = forms.BooleanField(
                label=language_name(code), required=False, initial=is_due, disabled=not has_text
            )
            for name, label in (("publish_at", _("Public from")), ("expires_at", _("Public until"))):
                column = localized(name, code)
                moment = item._meta.get_field(column).to_python(fields.get(column))
                if name == "expires_at" and item.state(code) == State.EXPIRED:
                    moment = None  # who publishes a withdrawn text again wants it to stay
                self.fields[column] = MomentField(label=format_lazy("{} ({})", label, language_name(code)), initial=moment)
        self.shares_changes = "*" in self.changed
        self.plan = replacements.plan_of(item)
        self.has_newer_work = bool(self.plan and self.plan.lacks(data, type(item)))
        if any(item.is_public(code) for code in codes()) or "replace_at_0" in (sent or {}):  # it may have ended meanwhile
            self.fields["replace_at"] = MomentField(label=_("Replace on"), initial=self.plan and self.plan.moment)

    @property
    def time_zone(self) -> str:
        """The place in whose time the dates are typed and shown."""
        return dates.time_zone(settings.TIME_ZONE)

    @property
    def rows(self) -> list[dict]:
        """For the template: each language with its state and its three fields."""
        return [
            {
                "code": code,
                "state": self.item.state(code),
                "is_public": self.item.is_public(code),
                "is_scheduled": self.item.state(code) == State.SCHEDULED,
                "changed": code in self.changed,
                "barriers": self.barriers.get(code, ()),
                "publish": self[f"publish_{code}"],
                "moments": [self[localized("publish_at", code)], self[localized("expires_at", code)]],
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

    def publish(self, author) -> Revision | None:
        """Publish now or plan it; where that can't be, say why on the form and return None."""
        columns = [localized(name, code) for code in self.chosen for name in ("publish_at", "expires_at")]
        dates = {column: self.cleaned_data[column] for column in columns}
        try:
            if moment := self.cleaned_data.get("replace_at"):
                return replacements.plan(self.item, self.chosen, moment, author, dates)
            return working_copies.publish(self.item, self.chosen, author, dates)
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
            return None
