"""The desk: Django's admin under the site's own name."""

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _


class Choices(AutocompleteJsonView):
    """What an autocompletion offers, with a picture's address where the model's admin knows one (static/desk/choices.js)."""

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        choice = super().serialize_result(obj, to_field_name)
        preview = getattr(self.model_admin, "preview_of_choice", None)
        return choice | {"preview": preview(obj)} if preview else choice


class Desk(AdminSite):
    site_title = site_header = _("The editors’ desk")
    index_title = _("Content")
    site_url = None

    def autocomplete_view(self, request: HttpRequest) -> JsonResponse:
        return Choices.as_view(admin_site=self)(request)
