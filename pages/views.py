"""The conference, its goals and questions, and the free pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from conference_site.publishing import parallel
from conference_site.publishing.pages import item_page
from pages.calendar import calendar, is_in_calendar
from pages.context_processors import Frame
from pages.models import Conference, Goal, Page, ResearchQuestion

MOST_NEWS = 20
"""How many news items a goal's page shows, before it refers to the list of all."""


@require_safe
def conference(request: HttpRequest) -> HttpResponse:
    """What is known of the conference. The record is in every page's frame; here it is also what the page is about."""
    frame = Frame()
    context = {"frame": frame, "item": frame.conference}
    if frame.conference:
        context["is_in_calendar"] = is_in_calendar(frame.conference)
    return render(request, "pages/conference.html", context)


@require_safe
def conference_parallel(request: HttpRequest) -> HttpResponse:
    frame = Frame()
    if frame.conference is None:
        raise Http404
    return parallel.show(request, frame.conference, frame=frame)


@require_safe
@conditional_page
def conference_calendar(request: HttpRequest) -> HttpResponse:
    """The conference for a calendar; there is none before its first day is known."""
    conference = Conference.objects.current()
    if conference is None or not is_in_calendar(conference):
        raise Http404
    return HttpResponse(calendar(conference), "text/calendar; charset=utf-8")


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/goals.html", {"goals": Goal.objects.visible()})


@item_page(Goal.objects.visible)
def goal(request: HttpRequest, item: Goal) -> HttpResponse:
    """A goal, and what news (the newest first) and partnerships say of their relation to it."""
    goals = list(Goal.objects.visible())
    shown_news = item.news_links.model._meta.get_field("item").related_model.objects.visible()
    # By "item" and "partnership": in the order that those have among themselves.
    news_links = item.news_links.filter(item__in=shown_news.values("pk")).order_by("item")[: MOST_NEWS + 1].to_visible("item")
    context = {
        "item": item,
        "place": next((place for place, goal in enumerate(goals) if goal == item), 0),
        "news_links": news_links[:MOST_NEWS],
        "has_more_news": len(news_links) > MOST_NEWS,
        "partnership_links": item.partners_links.order_by("partnership").to_visible("partnership"),
        "goals": goals,
    }
    return render(request, "pages/goal.html", context)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/questions.html", {"questions": ResearchQuestion.objects.visible()})


@item_page(ResearchQuestion.objects.visible)
def question(request: HttpRequest, item: ResearchQuestion) -> HttpResponse:
    context = {"item": item, "links": item.page_links.to_visible("page"), "questions": ResearchQuestion.objects.visible()}
    return render(request, "pages/question.html", context)


@item_page(Page.objects.visible)
def page(request: HttpRequest, item: Page) -> HttpResponse:
    return render(request, "pages/page.html", {"item": item, "links": item.question_links.to_visible("question")})
