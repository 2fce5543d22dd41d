"""Visits on the desk: what is read, in which language, and what was searched for in vain. Everybody who edits may know."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.desk.csv_file import csv_file
from conference_site.languages.content import codes, language_name
from conference_site.visits import reading


class VisitsForm(forms.Form):
    """Of when and of what the page tells. What isn't one of the choices is as good as left out."""

    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[("days", _("The last 30 days")), ("months", _("The last 12 months"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    item = forms.RegexField(r"[a-z_]+\.[a-z_]+:\d{1,18}", required=False, widget=forms.HiddenInput)

    def __init__(self, data) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", _("Any")), *reading.kinds().items()]
        self.full_clean()


class VisitsMixin:
    """For the admin site: what was read."""

    def visits(self, request: HttpRequest) -> HttpResponse:
        """The counts as plots and tables; with ``csv`` in the address, as a file."""
        form = VisitsForm(request.GET)
        wanted = getattr(form, "cleaned_data", {})
        period, item = reading.period(wanted.get("period", "")), wanted.get("item", "")
        rows = reading.counted(period, wanted.get("kind", ""), item)
        if "csv" in request.GET:
            of_searches = request.GET["csv"] == "searches"
            table = reading.table_of_searches(period) if of_searches else reading.table(rows)
            return csv_file("searches" if of_searches else "visits", table)
        plots = reading.plots(rows, period)
        label, _colon, key = item.partition(":")
        context = self.each_context(request) | {
            "title": gettext("Visits"),
            "form": form,
            "chosen": reading.names_of([(label, int(key))])[label, int(key)] if item else "",
            "period": period,
            "plots": plots,
            "rows": [(bars[0].label, [bar.number for bar in bars]) for bars in zip(*(plot.bars for plot in plots), strict=True)],
            "languages": [language_name(code) for code in codes()],
            "top": [] if item else reading.top(rows),
            "fruitless": [] if item else reading.fruitless(period),
        }
        return TemplateResponse(request, "desk/visits.html", context)
