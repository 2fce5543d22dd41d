"""The question before publishing: which languages, from when, until when."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from conference_site.languages import dates
from conference_site.languages.content import codes, language_name, localized, names_in_words
from conference_site.languages.inputs import DateAndTimeInputs
from conference_site.languages.validators import validate_plausible
from conference_site.publishing import replacements, working_copies
from conference_site.publishing.models import Publishable, Revision, State

DATES = working_copies.DATES


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
        """Dates are kept with a publication only: one that is typed for a language that isn't marked would be lost."""
        unmarked = [code for code in codes() if not self.cleaned_data.get(f"publish_{code}")]
        columns = [localized(name, code) for code in unmarked for name in DATES if not self.fields[f"publish_{code}"].disabled]
        for column in columns:
            if f"{column}_0" in self.data and column in self.changed_data and column not in self.errors:
                self.add_error(column, _("This date was changed, but the language is not marked for publication. Mark it above."))
        if not self.errors and not any(self.cleaned_data.get(f"publish_{code}") for code in codes()):
            raise ValidationError(_("Nothing would be published: no language is marked."))
        return self.cleaned_data

    def publish(self, author) -> Revision | None:
        """Publish now or plan it; where that can't be, say why on the form and return None."""
        columns = [localized(name, code) for code in self.chosen for name in DATES]
        dates = {column: self.cleaned_data[column] for column in columns}
        try:
            if moment := self.cleaned_data.get("replace_at"):
                return replacements.plan(self.item, self.chosen, moment, author, dates)
            return working_copies.publish(self.item, self.chosen, author, dates)
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
            return None


def told(item: Publishable, revision: Revision, replace_at: datetime | None = None) -> str:
    """What came of a publication: which texts are public now, and when the others will be, or will replace those that are."""
    if revision.action == Revision.Action.PLANNED:
        to_be_replaced = ngettext_lazy(
            "To be replaced on %(moment)s: %(languages)s.", "To be replaced on %(moment)s: %(languages)s.", "number"
        )
        return _said(to_be_replaced, revision.languages, replace_at)
    published = ngettext_lazy("Published: %(languages)s.", "Published: %(languages)s.", "number")
    scheduled = ngettext_lazy("Scheduled: %(languages)s, for %(moment)s.", "Scheduled: %(languages)s, for %(moment)s.", "number")
    found: dict[datetime | None, list[str]] = {}
    for code in revision.languages:
        column = localized("publish_at", code)
        start = item._meta.get_field(column).to_python(revision.data["fields"][column])
        found.setdefault(start if start > timezone.now() else None, []).append(code)
    return " ".join(_said(scheduled if moment else published, languages, moment) for moment, languages in found.items())


def _said(sentence, languages: list[str], moment: datetime | None) -> str:
    when = date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
    return sentence % {"languages": names_in_words(languages), "moment": when, "number": len(languages)}
