"""The pages by which translations are handed out as a spreadsheet and taken back: for a translator who has no account."""

from collections.abc import Iterable
from io import BytesIO

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from conference_site.desk import handing_out, taking_back, work, workbooks
from conference_site.desk.taking_back import Sheet
from conference_site.desk.workbooks import Row
from conference_site.languages.content import codes, language_name
from conference_site.publishing.models import Stage, State

MOST_SHOWN = 50
"""Items whose differences are shown, and refused texts that are named; the others are counted, and treated alike."""

A_DAY = 24 * 60 * 60
SALT = "conference_site.desk.spreadsheets"


class HandingOutForm(forms.Form):
    """What goes into the spreadsheet. What isn't one of the choices is as good as left out."""

    language = forms.ChoiceField(label=_("Into"), required=False)
    need = forms.ChoiceField(label=_("Translation"), required=False)
    stage = forms.ChoiceField(label=_("Work"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *State.choices])
    q = forms.CharField(label=_("Title"), required=False, max_length=100)
    kind = forms.TypedMultipleChoiceField(label=_("Kind"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user, data) -> None:
        super().__init__(data)
        anything = [("", _("Any"))]
        kinds = sorted((str(capfirst(model._meta.verbose_name_plural)), pk) for pk, model in work.kinds(user).items())
        needs = [(name, label) for name, (label, _condition) in work.NEEDS.items()]
        self.fields["kind"].choices = [(pk, name) for name, pk in kinds]
        self.fields["language"].choices = [*anything, *((code, language_name(code)) for code in codes())]
        self.fields["stage"].choices = [*anything, *((value, label) for value, label in Stage.choices if value)]
        self.fields["need"].choices = [("", _("Missing or outdated")), *needs]
        self.full_clean()
        self.user, self.wanted = user, dict(self.cleaned_data)
        self.kinds = self.wanted.pop("kind", [])

    @property
    def versions(self):
        return handing_out.asked_for(self.user, self.wanted, self.kinds)


class TakingBackForm(forms.Form):
    """The file that came back, and its ``rows`` once it is valid."""

    file = forms.FileField(label=_("The spreadsheet that came back"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))

    def clean_file(self) -> File:
        file = self.cleaned_data["file"]
        self.rows = workbooks.read(file)
        return file


class SpreadsheetsMixin:
    """For the desk: ``work/spreadsheet/``."""

    def get_urls(self) -> list:
        views = {
            "": (self.spreadsheet, "spreadsheet"),
            "new/": (require_GET(self.new_spreadsheet), "spreadsheet_new"),
            "take/": (require_POST(self.take_spreadsheet), "spreadsheet_take"),
            "refused/": (require_POST(self.refused_spreadsheet), "spreadsheet_refused"),
        }
        paths = [path(f"work/spreadsheet/{end}", self.admin_view(view), name=name) for end, (view, name) in views.items()]
        return [*paths, *super().get_urls()]

    def spreadsheet(self, request: HttpRequest) -> HttpResponse:
        """What can be handed out, and a place for what came back; on POST, what would be done with it."""
        form = TakingBackForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_bound:
            _require_any_right(request, "change")
            if form.is_valid() and (response := self._judged(request, form)):
                return response
        handing = HandingOutForm(request.user, request.GET)
        number = handing.versions.count()
        context = self.each_context(request) | {
            "title": gettext("Translations by spreadsheet"),
            "handing": handing,
            "number": number,
            "most": handing_out.MOST_ITEMS if number > handing_out.MOST_ITEMS else None,
            "form": form if work.kinds(request.user, "change") else None,
        }
        return TemplateResponse(request, "desk/spreadsheet.html", context)

    def new_spreadsheet(self, request: HttpRequest) -> HttpResponse:
        """The spreadsheet of what is asked for."""
        form = HandingOutForm(request.user, request.GET)
        return spreadsheet_of(form.versions, form.wanted.get("need"), form.wanted.get("language", ""))

    def _judged(self, request: HttpRequest, form: TakingBackForm) -> HttpResponse | None:
        sheet = taking_back.judge(request, self, form.rows)
        try:
            kept = _kept(request, sheet.touched)
        except ValidationError as error:
            form.add_error("file", error)
            return None
        return self._shown(request, sheet, kept, gettext("What would be taken over"), is_done=False)

    def take_spreadsheet(self, request: HttpRequest) -> HttpResponse:
        """Take over what was shown, as far as it still can be."""
        _require_any_right(request, "change")
        if (rows := _given_back(request)) is None:
            return self._asked_again(request)
        sheet = taking_back.take(request, self, rows)
        number = sheet.number_accepted
        said = ngettext("%(number)s text was taken over.", "%(number)s texts were taken over.", number) % {"number": number}
        messages.success(request, said + " " + gettext("What the public sees has not changed."))
        if not sheet.refused:
            return HttpResponseRedirect(reverse("admin:spreadsheet"))
        return self._shown(request, sheet, request.POST["rows"], gettext("What was taken over"), is_done=True)

    def refused_spreadsheet(self, request: HttpRequest) -> HttpResponse:
        """The rows that were refused, as they came, each with the reason."""
        if (rows := _given_back(request)) is None:
            return self._asked_again(request)
        refused = taking_back.judge(request, self, rows).refused
        return _file(refused, "refused", with_reasons=True)

    def _asked_again(self, request: HttpRequest) -> HttpResponse:
        messages.warning(request, gettext("Too much time has passed since the file was sent. Please send it again."))
        return HttpResponseRedirect(reverse("admin:spreadsheet"))

    def _shown(self, request: HttpRequest, sheet: Sheet, kept: str, title: str, *, is_done: bool) -> HttpResponse:
        context = self.each_context(request) | {
            "title": title,
            "sheet": sheet,
            "shown": sheet.accepted[:MOST_SHOWN],
            "number_left_out": max(0, len(sheet.accepted) - MOST_SHOWN),
            "refused": sheet.blamed[:MOST_SHOWN],
            "number_refused": len(sheet.blamed),
            "rows": kept,
            "is_done": is_done,
        }
        return TemplateResponse(request, "desk/spreadsheet_judged.html", context)


def spreadsheet_of(versions, need: str | None = None, name: str = "") -> HttpResponse:
    """The answer that is a spreadsheet of what is to be translated."""
    return _file(handing_out.rows_of(versions, need), name)


def _file(rows: Iterable[Row], name: str, *, with_reasons: bool = False) -> HttpResponse:
    target = BytesIO()
    workbooks.written(rows, target, handing_out.guide(), with_reasons=with_reasons)
    end = "-".join(filter(None, ["translation", name, f"{timezone.localdate():%Y-%m-%d}"]))
    headers = {"Content-Disposition": f'attachment; filename="{end}.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=workbooks.CONTENT_TYPE, headers=headers)


def _require_any_right(request: HttpRequest, right: str) -> None:
    if not work.kinds(request.user, right):
        raise PermissionDenied


def _kept(request: HttpRequest, rows: list[Row]) -> str:
    """The rows for a field of the page, signed: what is taken over is what was shown, by whom it was shown."""
    value = [request.user.pk, [workbooks.as_list(row) for row in rows]]
    kept = signing.dumps(value, salt=SALT, compress=True)
    if len(kept) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000:
        raise ValidationError(workbooks.TOO_MUCH)
    return kept


def _given_back(request: HttpRequest) -> list[Row] | None:
    try:
        user, rows = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return [workbooks.from_list(row) for row in rows] if user == request.user.pk else None
