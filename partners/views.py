"""Organisations, partnerships and learning cities."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference_site.publishing.pages import item_page
from conference_site.publishing.paging import first_rows
from partners.models import LearningCity, Organisation, Partnership

MOST_NEWS = 20
"""How many news items a page shows of what it is about, before it refers to the list of all."""


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations by kind; the conference's partners first, if an organiser named any."""
    everyone = list(Organisation.objects.visible().select_related("logo"))
    groups = [(kind, [one for one in everyone if one.kind == kind and not one.is_partner]) for kind in Organisation.Kind]
    context = {
        "partners": [one for one in everyone if one.is_partner],
        "groups": [(kind, members) for kind, members in groups if members],
        "cities": LearningCity.objects.visible(),
    }
    return render(request, "partners/organisations.html", context)


@item_page(lambda: Organisation.objects.visible().select_related("logo"))
def organisation(request: HttpRequest, item: Organisation) -> HttpResponse:
    news, has_more_news = first_rows(item.news.listed(), MOST_NEWS)
    context = {"item": item, "partnerships": item.partnerships.visible(), "news": news, "has_more_news": has_more_news}
    return render(request, "partners/organisation.html", context)


@require_safe
def partnerships(request: HttpRequest) -> HttpResponse:
    parties = Prefetch("parties", Organisation.objects.visible())
    return render(
        request, "partners/partnerships.html", {"partnerships": Partnership.objects.visible().prefetch_related(parties)}
    )


def _partnerships_with_all():
    return Partnership.objects.visible().prefetch_related(
        "milestones",
        Prefetch("parties", Organisation.objects.visible()),
        Prefetch("cities", LearningCity.objects.visible()),
    )


@item_page(_partnerships_with_all)
def partnership(request: HttpRequest, item: Partnership) -> HttpResponse:
    news, has_more_news = first_rows(item.news.listed(), MOST_NEWS)
    goal_links = item.goal_links.to_visible("goal")
    context = {"item": item, "goal_links": goal_links, "news": news, "has_more_news": has_more_news}
    return render(request, "partners/partnership.html", context)


@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/cities.html", {"cities": LearningCity.objects.visible()})


@item_page(lambda: LearningCity.objects.visible().prefetch_related(Prefetch("partnership", Partnership.objects.visible())))
def city(request: HttpRequest, item: LearningCity) -> HttpResponse:
    return render(request, "partners/city.html", {"item": item, "cities": LearningCity.objects.visible()})
