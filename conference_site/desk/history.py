"""The history of an item: every act of an editor, what it changed, any two versions compared, any version brought back."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext

from conference_site.languages.content import codes, names_in_words
from conference_site.publishing import comparison, working_copies
from conference_site.publishing.models import Publishable, Revision

VERSIONS_A_PAGE = 25
"""Each is read whole. Lists may have more rows than that: those of `OrderedAdmin` stand on one page."""


class HistoryMixin:
    """For a ModelAdmin of publishable content: revisions in the place of Django's log."""

    def get_urls(self) -> list:
        name, views = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("<path:object_id>/history/compare/", views(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/history/<int:revision_id>/", views(self.version_view), name=f"{name}_version"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """The versions, newest first, with what each changed."""
        item = self._item_to_look_at(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        versions = working_copies.revisions_of(item).select_related("author")
        page = Paginator(versions.defer("data"), VERSIONS_A_PAGE).get_page(request.GET.get(PAGE_VAR))
        shown = _with_changes(versions, page, type(item))
        _mark_public(item, shown)
        chosen = _chosen(request, versions.defer("data"))
        context = {
            "versions": shown,
            "elsewhere": [version for version in chosen.values() if version not in shown],
            "chosen": {name: version.pk for name, version in chosen.items()} or _newest_two(page, shown),
            "page": page,
            "page_var": PAGE_VAR,
            "page_range": page.paginator.get_elided_page_range(page.number),
        }
        return self._history_page(request, item, "history", gettext("History"), context | (extra_context or {}))

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two versions of one item, the earlier one first, in whichever order they were chosen."""
        item = self._item_to_look_at(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        chosen = _chosen(request, working_copies.revisions_of(item).select_related("author"))
        if len(chosen) < 2:
            raise Http404
        old, new = sorted(chosen.values(), key=lambda version: version.pk)
        context = {"old": old, "new": new, "comparison": comparison.compare(old.data, new.data, type(item))}
        return self._history_page(request, item, "comparison", gettext("Two versions compared"), context)

    def version_view(self, request: HttpRequest, object_id: str, revision_id: int) -> HttpResponse:
        """One version, and what bringing it back would change in the working copy; on POST, bring it back."""
        item = self._item_to_look_at(request, object_id)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        versions = working_copies.revisions_of(item).select_related("author")
        version, newest = versions.filter(pk=revision_id).first(), versions.first()
        if version is None:
            raise Http404
        if request.method == "POST":
            return self._revert(request, item, version)
        data = working_copies.reverted(item, version)
        items = comparison.items_named_in(type(item), version.data, newest.data, data)
        context = {
            "version": version,
            "is_newest": version == newest,
            "may_bring_back": self.has_change_permission(request, item),
            "comparison": comparison.compare(newest.data, data, type(item), items),
            "whole": comparison.whole(version.data, type(item), items),
        }
        return self._history_page(request, item, "version", gettext("An earlier version"), context)

    @transaction.atomic
    def _revert(self, request: HttpRequest, item: Publishable, version: Revision) -> HttpResponse:
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        newest = working_copies.revisions_of(item).first()
        try:
            brought_back = working_copies.revert(item, version, request.user)
        except ValidationError as error:
            said = gettext("This version can’t be brought back as it is.")
            messages.error(request, " ".join([said, *error.messages]))
            return HttpResponseRedirect(request.path)
        if brought_back == newest:
            messages.info(request, gettext("The working copy is like this version already. Nothing was changed."))
        else:
            self.log_change(request, item, gettext("Brought back an earlier version."))
            said = gettext("The earlier version is the working copy again. Nothing was published by it.")
            messages.success(request, said)
        return HttpResponseRedirect(self._url("change", item.pk))

    def _item_to_look_at(self, request: HttpRequest, object_id: str) -> Publishable | None:
        item = self.get_object(request, unquote(object_id))
        if item is not None and not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        return item

    def _history_page(self, request: HttpRequest, item: Publishable, name: str, title: str, context: dict) -> HttpResponse:
        request.current_app = self.admin_site.name
        frame = {"title": title, "subtitle": str(item), "opts": self.opts, "original": item, "media": self.media}
        return TemplateResponse(request, f"desk/{name}.html", self.admin_site.each_context(request) | frame | context)


def _with_changes(versions: models.QuerySet[Revision], page: Page, model: type[Publishable]) -> list[Revision]:
    """The versions of a page, each with what it ``changes`` in the one before it; that of the last one is read with them."""
    first = max(page.start_index() - 1, 0)
    read = list(versions[first : first + VERSIONS_A_PAGE + 1])
    for version, before in zip(read, [*read[1:], None], strict=False):
        version.before = before
        version.changes = comparison.changed_names(before.data, version.data, model) if before else []
    return read[:VERSIONS_A_PAGE]


def _mark_public(item: Publishable, versions: list[Revision]) -> None:
    """Say with each version in which languages it is what the public sees: that which was published last."""
    loaded = models.Q(action=Revision.Action.LOADED)
    newest = {
        code: working_copies.revisions_of(item).filter(
            loaded | models.Q(action=Revision.Action.PUBLISHED, languages__contains=[code])
        )
        for code in codes()
        if item.is_public(code)
    }
    seen = {code: rows.values_list("pk", flat=True).first() for code, rows in newest.items()}
    for version in versions:
        version.public_in = names_in_words([code for code, key in seen.items() if key == version.pk])


def _chosen(request: HttpRequest, versions: models.QuerySet[Revision]) -> dict[str, Revision]:
    """The versions of the item that the address names as “from” and “to”, as far as they are there."""
    asked = {name: request.GET.get(name, "") for name in ("from", "to")}
    keys = {name: int(value) for name, value in asked.items() if value.isdecimal() and len(value) < 19}
    found = {version.pk: version for version in versions.filter(pk__in=keys.values())} if keys else {}
    return {name: found[key] for name, key in keys.items() if key in found}


def _newest_two(page: Page, shown: list[Revision]) -> dict[str, int]:
    return {"from": shown[1].pk, "to": shown[0].pk} if page.number == 1 and len(shown) > 1 else {}
