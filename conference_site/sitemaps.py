"""The sitemaps: every page in each language in which it is really public, with its true alternates (28).

``/sitemap.xml`` is the index of the others: one for lists, and for each kind of item one for each range of ids, so that each is
short, is answered by one query, and stays where it is whatever is added.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count, F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import conditional_page, require_safe

from conference_site.languages.content import all_localized, codes, is_page_in, localized
from conference_site.publishing.models import Publishable, is_visible, last_change
from news.models import NewsItem
from pages.documents import Document
from pages.models import Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership

RANGE = 1_000
"""How many ids a sitemap covers, so that none takes much memory however many items there are; the index may name 50,000."""
READ_AT_ONCE = 100
"""Items, with their main texts."""

MODELS = (Goal, ResearchQuestion, Page, NewsItem, Organisation, Partnership, LearningCity, Document)
KINDS = {model.page_name: model for model in MODELS}
LISTS = {
    "home": (Conference, *KINDS.values()),
    "conference": (Conference,),
    "goals": (Goal,),
    "questions": (ResearchQuestion,),
    "news": (NewsItem,),
    "organisations": (Organisation, LearningCity),
    "partnerships": (Partnership, Organisation),
    "cities": (LearningCity,),
    "documents": (Document,),
}
"""The pages that gather items, and the kinds that each of them shows."""


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml``. A sitemap is newer when an item of it changed, appeared or left."""
    ranges = {name: list(_ranges(model)) for name, model in KINDS.items()}
    everything = [_last_change(Conference), *(row["last"] for rows in ranges.values() for row in rows)]
    sitemaps = [{"location": settings.SITE_URL + reverse("sitemap_of_lists"), "lastmod": _newest(everything)}]
    for name, rows in ranges.items():
        sitemaps += [
            {
                "location": settings.SITE_URL + reverse("sitemap_of_items", args=[name, row["number"]]),
                "lastmod": _iso(row["last"]),
            }
            for row in rows
            if row["shown"]
        ]
    return _xml(request, "sitemap_index.xml", sitemaps=sitemaps)


@require_safe
@conditional_page
def lists(request: HttpRequest) -> HttpResponse:
    """A list exists in every language; the conference's page, where its record is public. It changes with what it lists."""
    changes = {model: _last_change(model) for model in LISTS["home"]}
    conference = Conference.objects.visible().first()
    urls = []
    for name, models in LISTS.items():
        languages = codes() if name != "conference" else _languages(conference) if conference else []
        lastmod = _newest(changes[model] for model in models)
        urls += _urls(lambda code, name=name: _path(name, code), dict.fromkeys(languages, lastmod))
    return _xml(request, "sitemap.xml", urls=urls)


@require_safe
@conditional_page
def items(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The items of one kind whose ids are in the ``number``-th range, from 1. Not found where none of them is shown."""
    if kind not in KINDS:
        raise Http404
    urls = []
    for item in _shown(KINDS[kind], number).iterator(READ_AT_ONCE):
        urls += _urls(item.url_in, {code: _changed_at(item, code) for code in _languages(item)})
    if not urls:
        raise Http404
    return _xml(request, "sitemap.xml", urls=urls)


def _ranges(model: type[Publishable]) -> QuerySet:
    """The ranges in which anything is, or was, public: each with its ``last`` change, and how many are ``shown`` now."""
    ranges = model.objects.ever_public().annotate(number=(F("pk") - 1) / RANGE + 1).values("number")
    return ranges.annotate(last=Max(last_change()), shown=Count("pk", filter=is_visible())).order_by("number")


def _shown(model: type[Publishable], number: int) -> QuerySet:
    """What is shown of a range, with no more columns than its addresses need."""
    main_text = getattr(model, "main_text", "body")
    rows = model.objects.visible().filter(pk__gt=(number - 1) * RANGE, pk__lte=number * RANGE).order_by("pk")
    return rows.only("slug", "modified_at", *all_localized("publish_at", "expires_at", main_text))


def _last_change(model: type[Publishable]) -> datetime | None:
    return model.objects.ever_public().aggregate(last=Max(last_change()))["last"]


def _languages(item: Publishable) -> list[str]:
    return [code for code in codes() if is_page_in(item, code)]


def _changed_at(item: Publishable, language: str) -> str:
    """When the item's page in ``language`` last changed: by an editor, or because its moment had come."""
    return _iso(max(item.modified_at, getattr(item, localized("publish_at", language))))


def _path(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def _urls(path_in: Callable[[str], str], changed_at: dict[str, str]) -> list[dict]:
    """A page's address in each language of ``changed_at``, with all of them as alternates.

    The x-default is the site's own language, where the page exists in it.
    """
    addresses = {code: settings.SITE_URL + path_in(code) for code in changed_at}
    own = codes()[0]
    alternates = {**addresses, "x-default": addresses[own]} if own in addresses else addresses
    return [{"location": address, "lastmod": changed_at[code], "alternates": alternates} for code, address in addresses.items()]


def _newest(moments) -> str:
    return _iso(max(filter(None, moments), default=None))


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def _xml(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    return render(request, template, context, "application/xml")
