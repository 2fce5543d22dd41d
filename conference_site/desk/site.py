"""The desk: Django's admin under the site's own name, with what is to be done on its first page and on a board."""

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.accounts import views
from conference_site.desk import finding, guide, items, links, work
from conference_site.desk.log import LogMixin
from conference_site.desk.spreadsheets import SpreadsheetsMixin
from conference_site.desk.visits import VisitsMixin
from conference_site.languages.content import codes, language_name
from conference_site.publishing.models import Stage, State


class BoardForm(forms.Form):
    """Which items the board shows, and in which order. What isn't one of the choices is as good as left out."""

    q = forms.CharField(label=_("Title"), required=False, max_length=100)
    kind = forms.TypedChoiceField(label=_("Kind"), required=False, coerce=int)
    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *State.choices])
    stage = forms.ChoiceField(label=_("Work"), required=False)
    need = forms.ChoiceField(label=_("Translation"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, user, data) -> None:
        super().__init__(data)
        anything = [("", _("Any"))]
        kinds = sorted((str(capfirst(model._meta.verbose_name_plural)), pk) for pk, model in work.kinds(user).items())
        self.fields["kind"].choices = [*anything, *((pk, name) for name, pk in kinds)]
        self.fields["language"].choices = [*anything, *((code, language_name(code)) for code in codes())]
        self.fields["stage"].choices = [*anything, *((value, label) for value, label in Stage.choices if value)]
        self.fields["need"].choices = [*anything, *((name, label) for name, (label, _condition) in work.NEEDS.items())]
        self.fields["order"].choices = [
            ("", _("Changed last, first")),
            ("title", _("By title")),
            ("due", _("By the date for the translation")),
        ]
        self.full_clean()


class Choices(AutocompleteJsonView):
    """What an autocompletion offers, with a picture's address where the model's admin knows one (static/desk/choices.js)."""

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        choice = super().serialize_result(obj, to_field_name)
        preview = getattr(self.model_admin, "preview_of_choice", None)
        return choice | {"preview": preview(obj)} if preview else choice


class Desk(SpreadsheetsMixin, LogMixin, VisitsMixin, AdminSite):
    site_title = site_header = _("The editors’ desk")
    index_title = _("Content")
    site_url = None

    def get_urls(self) -> list:
        own = [
            path("work/", self.admin_view(self.board), name="board"),
            path("find/", self.admin_view(self.find), name="find"),
            path("log/", self.admin_view(self.log), name="log"),
            path("visits/", self.admin_view(self.visits), name="visits"),
            path("links/", self.admin_view(links.page), name="links"),
            path("links/<int:pk>/check/", self.admin_view(links.check), name="check_link"),
            path("help/", self.admin_view(guide.page), name="help"),
            path("items/", self.admin_view(items.offered), name="items"),
            path("settings/", self.admin_view(views.own_settings), name="settings"),
            path("language/", views.switch_language, name="language"),
        ]
        return [*own, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {"lists": work.lists(request.user)} | (extra_context or {}))

    def board(self, request: HttpRequest) -> HttpResponse:
        """All items with each of their languages."""
        form = BoardForm(request.user, request.GET)
        wanted = getattr(form, "cleaned_data", {})
        context = self.each_context(request) | {
            "title": gettext("All content and its translations"),
            "form": form,
            "counts": [(language_name(code), numbers) for code, numbers in work.counts(request.user)],
            "page": work.page_of(request.user, wanted, request.GET.get("page", "1")),
            "languages": [language_name(code) for code in codes()],
        }
        return TemplateResponse(request, "desk/board.html", context)

    def find(self, request: HttpRequest) -> HttpResponse:
        """Everything that some words find."""
        form = finding.FindForm(request.GET)
        words = form.cleaned_data["q"] if form.is_valid() else ""
        context = self.each_context(request) | {
            "title": gettext("Search the desk"),
            "form": form,
            "words": words,
            "groups": finding.found_by(request, list(self._registry.values()), words) if words else [],
        }
        return TemplateResponse(request, "desk/find.html", context)

    def autocomplete_view(self, request: HttpRequest) -> JsonResponse:
        return Choices.as_view(admin_site=self)(request)
