"""The preview of a working copy on the desk: in every language, as on a phone and on a desk, and links to it for others."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from conference_site.languages.content import codes, direction, language_name
from conference_site.publishing import previews
from conference_site.publishing.models import PreviewLink, Publishable
from conference_site.publishing.previews import Preview

FRAMING = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
FRAMED = settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]}
ALL = "all"
WIDTHS = {"phone": _("Phone"), "desktop": _("Desktop")}
DAYS = (1, 7, 30)
"""How long a link may lead to a preview."""


class PreviewMixin:
    """For a ModelAdmin of publishable content. Who sees the form sees the preview; who may change the item makes links to it."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        page, framed = self.admin_site.admin_view(self.preview_view), self.admin_site.admin_view(self.framed_view)
        return [
            path("<path:object_id>/preview/", page, name=f"{name}_preview"),
            path("<path:object_id>/preview/framed/", framed, name=f"{name}_framed"),
            *super().get_urls(),
        ]

    @method_decorator(csp_override(FRAMING))
    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Frames around the previews, the choice of them, and the links. They show what was saved last."""
        item = self._previewed(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        link = self._change_links(request, item) if request.method == "POST" else None
        if request.method == "POST" and not link:
            return HttpResponseRedirect(request.get_full_path())
        chosen = self._chosen(request.GET, item)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Preview"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "media": self.media,
            "is_nav_sidebar_enabled": False,  # two windows of a desktop need the room
            "choices": self._choices(chosen, item),
            "width": chosen["width"],
            "frames": self._frames(chosen, item),
            "may_link": self.has_change_permission(request, item),
            "link": link,
            "links": PreviewLink.objects.of(item).open().select_related("created_by"),
            "days": DAYS,
        }
        return TemplateResponse(request, "desk/preview.html", context)

    @method_decorator([require_safe, xframe_options_sameorigin, csp_override(FRAMED)])
    def framed_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What stands in a frame: the page itself, in the language that the address asks for."""
        item = self._previewed(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        chosen = self._chosen(request.GET, item)
        language = codes()[0] if chosen["language"] == ALL else chosen["language"]
        return previews.show(request, item, language, Preview(), int(chosen["place"]))

    def _previewed(self, request: HttpRequest, object_id: str) -> Publishable | None:
        item = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        return item

    # What is shown

    def _options(self, item: Publishable) -> dict[str, dict[str, str]]:
        """What can be chosen by the address, the first of each unless it says otherwise."""
        among = _("On the home page") if item.also_shown_on == "home" else _("In the list")
        places = [among] if len(previews.addresses(item)) == 1 else [_("Its own page"), among]
        return {
            "language": {ALL: _("All side by side")} | {code: language_name(code) for code in codes()},
            "width": WIDTHS,
            "place": {str(number): label for number, label in enumerate(places)},
        }

    def _chosen(self, query: QueryDict, item: Publishable) -> dict[str, str]:
        options = self._options(item)
        return {name: query[name] if query.get(name) in labels else next(iter(labels)) for name, labels in options.items()}

    def _choices(self, chosen: dict[str, str], item: Publishable) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """For the template: the heading of each choice, and its links."""
        headings = {"language": _("Language"), "width": _("Width"), "place": _("Where")}
        return [
            (headings[name], [(label, _query(chosen | {name: value}), chosen[name] == value) for value, label in labels.items()])
            for name, labels in self._options(item).items()
            if len(labels) > 1
        ]

    def _frames(self, chosen: dict[str, str], item: Publishable) -> list[tuple[str, str, str]]:
        """The name of each language that is shown, its direction, and the address of its frame."""
        languages = codes() if chosen["language"] == ALL else [chosen["language"]]
        framed = self._url("framed", item.pk)
        return [
            (language_name(code), direction(code), framed + _query({"language": code, "place": chosen["place"]}))
            for code in languages
        ]

    # Links

    @transaction.atomic
    def _change_links(self, request: HttpRequest, item: Publishable) -> str | None:
        """Make the link that was asked for, and return its address, which is shown this once; or end all of them."""
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        if "_end" in request.POST:
            PreviewLink.objects.of(item).delete()
            self.log_change(request, item, gettext("Ended all preview links."))
            messages.success(request, gettext("All preview links of this item have ended."))
            return None
        days = next((days for days in DAYS if str(days) == request.POST.get("days")), None)
        if days is None:
            return None
        token = PreviewLink.objects.add_to(item, days, request.user)
        said = ngettext("Made a preview link for %(count)s day.", "Made a preview link for %(count)s days.", days)
        self.log_change(request, item, said % {"count": days})
        return settings.SITE_URL + reverse("preview", args=[token])


def _query(values: dict[str, str]) -> str:
    return f"?{urlencode(values)}"
