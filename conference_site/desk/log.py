"""The log on the desk: what was changed, by whom, from what to what. It is read, filtered, taken away as a table."""

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.accounts.guarded import ask_again
from conference_site.audit import reading, tables
from conference_site.audit.models import Action, Entry, action_names
from conference_site.desk.csv_file import csv_file

MOST_EXPORTED = 10_000
MOST_NAMES = 200
"""Names that are suggested beside the field; any other can be typed."""


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LogForm(forms.Form):
    """Which entries are shown. What isn't one of the choices is as good as left out."""

    who = forms.CharField(
        label=_("Who"), required=False, max_length=150, widget=forms.TextInput(attrs={"list": "log-names", "dir": "auto"})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    since = forms.DateField(label=pgettext_lazy("beginning of a period", "From"), required=False, widget=_day())
    until = forms.DateField(label=pgettext_lazy("end of a period", "Until"), required=False, widget=_day())
    q = forms.CharField(
        label=_("Text before or after the change"), required=False, max_length=100, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    item = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data) -> None:
        super().__init__(data)
        anything = [("", _("Any"))]
        models = {apps.get_model(each.item_model) for each in tables.watched().values() if each.item_model}
        kinds = sorted((str(capfirst(model._meta.verbose_name_plural)), model._meta.label_lower) for model in models)
        self.fields["kind"].choices = [*anything, *((label, name) for name, label in kinds)]
        self.fields["action"].choices = [*anything, *((value, capfirst(str(name))) for value, name in action_names().items())]
        self.full_clean()

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())


class LogMixin:
    """For the admin site: the log, for those who may see it."""

    def log(self, request: HttpRequest) -> HttpResponse:
        """A page of the log; with ``csv`` in the address, all that the form asks for as a table."""
        if not request.user.has_perm("audit.view_entry"):
            raise PermissionDenied
        form = LogForm(request.GET)
        wanted = getattr(form, "cleaned_data", {})
        entries = Entry.objects.for_user(request.user)
        if "csv" in request.GET:
            ask_again(request)
            return csv_file("log", reading.table(entries, wanted, MOST_EXPORTED))
        page = reading.page_of(reading.filtered(entries, wanted), wanted.get("q", ""), request.GET.get("before", ""))
        context = self.each_context(request) | {
            "title": gettext("Log of changes and sign-ins"),
            "form": form,
            "is_filtered": any(wanted.values()),
            "names": _names(request.user),
            "page": page,
            "lines": with_addresses(reading.lines(page.entries), request.user),
            "most_searched": reading.MOST_SEARCHED,
            "months": settings.LOG_MONTHS,
        }
        return TemplateResponse(request, "desk/log.html", context)


def _names(user: User) -> list[str]:
    users = User.objects.filter(is_staff=True) if user.is_superuser else User.objects.filter(is_staff=True, is_superuser=False)
    return list(users.order_by("-last_login").values_list("username", flat=True)[:MOST_NAMES])


def with_addresses(lines: list[reading.Line], user: User) -> list[reading.Line]:
    """The lines, each with the address of its item's form and history, where the user may open these."""
    for line in lines:
        if line.model in admin.site._registry and line.entry.item_id and line.entry.action != Action.REMOVED:
            name = f"{line.model._meta.app_label}_{line.model._meta.model_name}"
            if user.has_perm(f"{line.model._meta.app_label}.view_{line.model._meta.model_name}"):
                line.form = reverse(f"admin:{name}_change", args=[line.entry.item_id])
                line.history = reverse(f"admin:{name}_history", args=[line.entry.item_id])
    return lines
