"""The news: all, by year, by topic, and one item."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference_site.publishing.pages import item_page
from conference_site.publishing.paging import keyset_page
from news.around import around
from news.models import NewsItem, Topic
from partners.models import Organisation, Partnership

PAGE_SIZE = 12


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    rows = NewsItem.objects.listed()
    return _list(request, rows, rows.pinned_and_newest)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _list(request, NewsItem.objects.listed().filter(listed_on__year=year), year=year)


@item_page(Topic.objects.in_use)
def topic(request: HttpRequest, topic: Topic) -> HttpResponse:
    return _list(request, NewsItem.objects.listed().filter(topics=topic), topic=topic)


def _list(request: HttpRequest, rows, first=None, **chosen: object) -> HttpResponse:
    """One page of a list of news, with the ways to other years and topics."""
    years = NewsItem.objects.years()
    if "year" in chosen and chosen["year"] not in years:
        raise Http404
    context = {
        "page": keyset_page(rows, request.GET, "listed_on", PAGE_SIZE, first),
        "years": years,
        "topics": Topic.objects.by_name(),
    }
    return render(request, "news/news.html", context | chosen)


def _items_with_all():
    return (
        NewsItem.objects.visible()
        .select_related("image", "video_poster")
        .prefetch_related(
            "topics",
            Prefetch("organisations", Organisation.objects.visible()),
            Prefetch("partnerships", Partnership.objects.visible()),
        )
    )


@item_page(_items_with_all)
def news_item(request: HttpRequest, item: NewsItem) -> HttpResponse:
    context = {
        "item": item,
        "goal_links": item.goal_links.to_visible("goal"),
        "gallery": item.gallery(),
        "around": around(item),
    }
    return render(request, "news/news_item.html", context)
