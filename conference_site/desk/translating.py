"""The page of an item's translations: what is missing, what is outdated, and what has changed in its source since."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from conference_site.desk.bilingual import label_of
from conference_site.desk.spreadsheets import spreadsheet_of
from conference_site.desk.work import to_translate
from conference_site.languages.content import Text, localized
from conference_site.publishing import comparison, translations, versions, working_copies
from conference_site.publishing.models import Publishable, Revision
from conference_site.publishing.translations import Passage, Translation

MOST_READ = 200
"""Revisions in which a former source is looked for, the newest first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text beside its source."""

    passage: Passage
    label: str
    source: Text
    text: Text
    change: comparison.Value | None
    """What has changed in the source since it was translated, where that is still known."""


def rows_of(item: Publishable, newest: Revision) -> list[Row]:
    """All texts that are to be translated, those that need somebody first."""
    passages = list(translations.passages(type(item), newest.data))
    former = dict(former_sources(item, [each for each in passages if each.state == Translation.OUTDATED]))
    urgency = [Translation.OUTDATED, Translation.MISSING, Translation.CURRENT]
    source = translations.source_language(type(item), newest.data)
    return sorted((_row(each, source, former) for each in passages), key=lambda row: urgency.index(row.passage.state))


def former_sources(item: Publishable, outdated: list[Passage]) -> Iterator[tuple[str, str]]:
    """For each of these texts the source that it was translated from, as the item's revisions still have it."""
    sought = {each.path: each.seen for each in outdated}
    if not sought:
        return
    for revision in working_copies.revisions_of(item).only("data")[:MOST_READ].iterator(chunk_size=20):
        for passage in translations.passages(type(item), revision.data):
            if passage.path in sought and sought[passage.path] == translations.digest(passage.source):
                del sought[passage.path]
                yield passage.path, passage.source
        if not sought:
            return


def _row(passage: Passage, source: str, former: dict[str, str]) -> Row:
    column = passage.model._meta.get_field(localized(passage.field, source))
    before = former.get(passage.path)
    change = comparison.text_change(column, before, passage.source) if before is not None else None
    label = label_of(passage.model._meta.get_field(localized(passage.field, passage.language)))
    words = (comparison.in_words(column, text) for text in (passage.source, passage.text))
    return Row(passage, label, *(Text(*each) for each in zip(words, (source, passage.language), strict=True)), change)


class TranslatingMixin:
    """For a ModelAdmin of publishable content: ``<pk>/translation/``."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_translation"
        return [
            path("<path:object_id>/translation/", self.admin_site.admin_view(self.translation_view), name=name),
            path(
                "<path:object_id>/translation/spreadsheet/",
                self.admin_site.admin_view(require_GET(self.spreadsheet_view)),
                name=f"{name}_spreadsheet",
            ),
            *super().get_urls(),
        ]

    def translation_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Each text beside its source; one press confirms that a translation still stands."""
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        if request.method == "POST":
            return self._confirm(request, item)
        newest = working_copies.revisions_of(item).first()
        context = self.admin_site.each_context(request) | {
            "title": gettext("Translation"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "newest": newest,
            "rows": rows_of(item, newest) if newest else [],
            "is_to_translate": newest and versions.of(item).filter(to_translate()).exists(),
            "may_confirm": self.has_change_permission(request, item),
            "media": self.media,
        }
        return TemplateResponse(request, "desk/translation.html", context)

    def spreadsheet_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is missing or outdated, for a translator without an account."""
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        return spreadsheet_of(versions.of(item).filter(to_translate()), name=self.opts.model_name)

    @transaction.atomic
    def _confirm(self, request: HttpRequest, item: Publishable) -> HttpResponse:
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        working_copies.lock(item)
        newest = working_copies.revisions_of(item).first()
        paths = set(request.POST.getlist("path"))
        passages = translations.passages(type(item), newest.data) if newest else []
        found = [each for each in passages if each.path in paths and each.text]
        if not found or request.POST.get("seen") != str(newest.pk):
            messages.warning(request, gettext("The text has changed since this was shown. Nothing was done; please look again."))
        else:
            working_copies.confirm(item, paths, request.user)
            messages.success(request, gettext("The translation stands as it is."))
        return HttpResponseRedirect(self._url("translation", item.pk))
