"""A copy of an item, as a draft to go on from."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from conference_site.publishing import working_copies


class DuplicatingMixin:
    """For a ModelAdmin of publishable content: ``<pk>/duplicate/``."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_duplicate"
        view = require_POST(self.admin_site.admin_view(self.duplicate_view))
        return [path("<path:object_id>/duplicate/", view, name=name), *super().get_urls()]

    @transaction.atomic
    def duplicate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_add_permission(request) and self.has_view_or_change_permission(request, item)):
            raise PermissionDenied
        copy = working_copies.duplicate(item, request.user)
        super().log_addition(request, copy, gettext("Made as a copy of “%(item)s”.") % {"item": item})
        messages.success(request, gettext("This is the copy, a draft that is public nowhere. The original stays as it is."))
        return HttpResponseRedirect(self._url("change", copy.pk))
