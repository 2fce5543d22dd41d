"""The sitemap: every page in each language in which it is really public, with its true alternates (28)."""

from datetime import datetime

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from conference_site.languages.content import codes, is_page_in, localized
from conference_site.publishing.models import Publishable
from news.models import NewsItem
from pages.models import Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership

LISTS = ("home", "conference", "goals", "questions", "news", "organisations", "partnerships", "cities")


class BilingualSitemap(Sitemap):
    """Addresses under `SITE_URL`, each with its alternates and, as x-default, the site's own language where it exists."""

    i18n = alternates = True
    protocol, _separator, domain = settings.SITE_URL.partition("://")

    def get_domain(self, site: object = None) -> str:
        return self.domain

    def get_urls(self, page: int = 1, site: object = None, protocol: str | None = None) -> list[dict]:
        urls = super().get_urls(page, site, self.protocol)
        for url in urls:
            by_language = {alternate["lang_code"]: alternate for alternate in url["alternates"]}
            default = by_language.get(codes()[0])
            url["alternates"] += [default | {"lang_code": "x-default"}] if default else []
        return urls


class ListSitemap(BilingualSitemap):
    def items(self) -> tuple[str, ...]:
        return LISTS

    def location(self, name: str) -> str:
        return reverse(name)

    def get_languages_for_item(self, name: str) -> list[str]:
        """A list exists in every language; the conference's page, where its record is public."""
        if name != "conference":
            return codes()
        conference = Conference.objects.current()
        return [code for code in codes() if conference and is_page_in(conference, code)]


class ItemSitemap(BilingualSitemap):
    def __init__(self, model: type[Publishable]) -> None:
        self.model = model

    def items(self):
        return self.model.objects.visible().order_by("pk")

    def get_languages_for_item(self, item: Publishable) -> list[str]:
        return [code for code in codes() if is_page_in(item, code)]

    def get_urls(self, page: int = 1, site: object = None, protocol: str | None = None) -> list[dict]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            item, language = url["item"]
            url["lastmod"] = _changed_at(item, [language])
        return urls

    def lastmod(self, item: Publishable) -> datetime:
        """When any of its languages last changed: for the header of the whole sitemap."""
        return _changed_at(item, self.get_languages_for_item(item))


def _changed_at(item: Publishable, languages: list[str]) -> datetime:
    """When the item's page in one of ``languages`` last changed: by an editor, or because its moment had come."""
    return max([item.modified_at, *(getattr(item, localized("publish_at", code)) for code in languages)])


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml``."""
    models = (Goal, ResearchQuestion, Page, NewsItem, Organisation, Partnership, LearningCity)
    sections = {"lists": ListSitemap()} | {model._meta.model_name: ItemSitemap(model) for model in models}
    with translation.override(codes()[0]):
        return sitemap_view(request, sections)
