"""Who else has a form open: said beside it, so that two people talk before they collide."""

from datetime import timedelta

from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from conference_site.publishing.models import Presence, Publishable

STAYS = timedelta(seconds=60)
"""How long somebody counts as there after their browser's last sign; it gives one every twenty seconds (desk/presence.js)."""


def others_at(item: Publishable, user) -> str:
    """A sentence that names who else has the item's form open now; empty if nobody has."""
    there = Presence.objects.filter(**_key(item), seen_at__gt=Now() - STAYS).exclude(user=user).select_related("user")
    names = sorted(each.user.get_full_name() or each.user.get_username() for each in there)
    if not names:
        return ""
    words = ngettext("%(names)s has this open too.", "%(names)s have this open too.", len(names))
    return words % {"names": gettext(", ").join(names)}


def enter(item: Publishable, user) -> None:
    """Write down that the user has the item's form open at this moment; forget who left long ago."""
    Presence.objects.filter(seen_at__lt=Now() - STAYS).delete()
    Presence.objects.update_or_create(**_key(item), user=user, defaults={"seen_at": Now()})


def _key(item: Publishable) -> dict:
    return {"content_type": ContentType.objects.get_for_model(item), "object_id": item.pk}


class PresenceMixin:
    """For a ModelAdmin of publishable content: ``<pk>/present/``, asked by the form's script."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_present"
        view = require_POST(self.admin_site.admin_view(self.present_view))
        return [path("<path:object_id>/present/", view, name=name), *super().get_urls()]

    def present_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        item = self.get_object(request, unquote(object_id))
        if item is None:
            raise Http404
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        enter(item, request.user)
        return JsonResponse({"others": others_at(item, request.user)})
