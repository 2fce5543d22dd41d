"""The conference, its goals and questions, and the free pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from conference_site.languages.content import current
from conference_site.media.views import answer
from conference_site.publishing import parallel
from conference_site.publishing.pages import item_page
from pages.calendar import calendar, is_in_calendar
from pages.context_processors import Frame
from pages.documents import Document
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
    """A goal, and what news and partnerships say of their relation to it."""
    goals = list(Goal.objects.visible())
    timeline, has_more_news = item.timeline(MOST_NEWS)
    context = {
        "item": item,
        "place": next((place for place, goal in enumerate(goals) if goal == item), 0),
        "timeline": timeline,
        "has_more_news": has_more_news,
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


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/documents.html", {"documents": Document.objects.visible()})


@item_page(Document.objects.visible)
def document(request: HttpRequest, item: Document) -> HttpResponse:
    return render(request, "pages/document.html", {"item": item})


@item_page(
    Document.objects.visible,
    address=lambda document: reverse("document_file", args=[document.slug]),
    is_there=lambda document: document.public_file(current()),
)
def document_file(request: HttpRequest, item: Document) -> HttpResponse:
    """The file itself, in the language of the address: under one address, whatever file stands there."""
    found = item.public_file(current())
    return answer(request, found.file, f"{item.slug}-{found.language}{found.suffix}")


@item_page(Page.objects.visible)
def page(request: HttpRequest, item: Page) -> HttpResponse:
    return render(request, "pages/page.html", {"item": item, "links": item.question_links.to_visible("question")})
