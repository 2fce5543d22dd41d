"""Deleting on the desk: an item leaves the site and the lists; who may delete brings it back, an administrator purges it."""

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.proofreading.models import Dismissal
from conference_site.publishing import working_copies
from conference_site.publishing.models import Publishable

SHOWN = "deleted"  # in the address of a list: the deleted items in place of the others


class DeletedFilter(admin.SimpleListFilter):
    """Leads to the deleted items; `SoftDeletionMixin.get_queryset` does the filtering, because actions need it too."""

    title = _("deletion")
    parameter_name = SHOWN

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", _("Deleted"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset


class SoftDeletionMixin:
    """For a ModelAdmin of publishable content. Who may delete, may restore; administrators, who may delete revisions, purge."""

    delete_confirmation_template = "desk/delete_confirmation.html"
    actions = ["restore", "purge"]

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("publishing.delete_revision")

    def shows_deleted(self, request: HttpRequest) -> bool:
        return bool(request.GET.get(SHOWN)) and self.has_delete_permission(request)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        if getattr(request, "may_be_deleted", False):
            return rows
        return rows.exclude(deleted_at=None) if self.shows_deleted(request) else rows.kept()

    def get_list_filter(self, request: HttpRequest) -> list:
        filters = list(super().get_list_filter(request))
        return [*filters, DeletedFilter] if self.has_delete_permission(request) else filters

    def get_list_display_links(self, request: HttpRequest, list_display: list) -> list | None:
        """A deleted item has no form until it is restored."""
        return None if self.shows_deleted(request) else super().get_list_display_links(request, list_display)

    def get_actions(self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST) -> dict:
        actions = super().get_actions(request, action_location)
        wanted = {"restore", "purge"} if self.shows_deleted(request) else actions.keys() - {"restore", "purge", "delete_selected"}
        return {name: action for name, action in actions.items() if name in wanted}

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Who may not see this, or do it, is told so; Django would show the list as if nothing had been asked."""
        asked = request.POST.get("action")
        may_look = SHOWN not in request.GET or self.has_delete_permission(request)
        if not may_look or (asked and asked not in self.get_actions(request)):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts, object_id: str) -> HttpResponse:
        """An item that was deleted is called so, and who may bring it back is led to where that is done.

        Who may see no item of this kind isn't told either what was deleted.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key, deleted = unquote(object_id), self.model._base_manager.exclude(deleted_at=None)
        item = deleted.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
        if item is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        said = gettext("“%(title)s” was deleted.") % {"title": item}
        if self.has_delete_permission(request):
            address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist") + f"?{SHOWN}=1"
            said = format_html('{} <a href="{}">{}</a>', said, address, gettext("The list of what is deleted"))
        messages.warning(request, said)
        return HttpResponseRedirect(reverse("admin:index"))

    # Deleting

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple:
        """Only the items themselves: nothing is cascaded to, because nothing leaves the database."""
        refused = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        items = [str(item) for item in objs]
        return items, {self.opts.verbose_name_plural: len(items)}, refused, []

    def delete_model(self, request: HttpRequest, obj: Publishable) -> None:
        working_copies.delete(obj, request.user)

    # Bringing back, and purging

    @admin.action(description=_("Restore"), permissions=["delete"])
    @transaction.atomic
    def restore(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        if not (items := list(queryset)):
            self._tell_nothing_done(request)
            return
        for item in items:
            working_copies.restore(item, request.user)
            self.log_change(request, item, gettext("Restored."))
        messages.success(request, gettext("Restored: %(items)s.") % {"items": _titles(items)})

    @admin.action(description=_("Delete for ever"), permissions=["purge"])
    @transaction.atomic
    def purge(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        if not (items := list(queryset)):
            return self._tell_nothing_done(request)
        if not request.POST.get("post"):
            context = self.admin_site.each_context(request) | {
                "title": gettext("Delete for ever"),
                "opts": self.opts,
                "items": items,
                "media": self.media,
                "back": request.get_full_path(),
            }
            return TemplateResponse(request, "desk/purge_confirmation.html", context)
        titles = _titles(items)
        self.log_deletions(request, queryset)
        content_type = ContentType.objects.get_for_model(self.model)
        Dismissal.objects.filter(content_type=content_type, object_id__in=[item.pk for item in items]).delete()
        for item in items:
            working_copies.purge(item)
        messages.success(request, gettext("Deleted for ever: %(items)s.") % {"items": titles})
        return HttpResponseRedirect(request.get_full_path())

    def _tell_nothing_done(self, request: HttpRequest) -> None:
        """What was selected stands here no longer: somebody else was faster."""
        said = gettext("Somebody has changed this list meanwhile. Nothing was saved; this is how it stands now.")
        messages.warning(request, said)


def _titles(items: list[Publishable]) -> str:
    return gettext(", ").join(gettext("“%(title)s”") % {"title": item} for item in items)
