"""The conference, its goals and questions, and the free pages."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference_site.publishing.pages import item_page
from pages.context_processors import Frame
from pages.models import Goal, Page, ResearchQuestion


@require_safe
def conference(request: HttpRequest) -> HttpResponse:
    """What is known of the conference. The record is in every page's frame; here it is also what the page is about."""
    frame = Frame()
    return render(request, "pages/conference.html", {"frame": frame, "item": frame.conference})


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/goals.html", {"goals": Goal.objects.visible()})


@item_page(Goal.objects.visible)
def goal(request: HttpRequest, item: Goal) -> HttpResponse:
    """A goal, and what news and partnerships say of their relation to it."""
    goals = list(Goal.objects.visible())
    context = {
        "item": item,
        "place": next((place for place, goal in enumerate(goals) if goal == item), 0),
        "news_links": item.news_links.to_visible("item"),
        "partnership_links": item.partners_links.to_visible("partnership"),
        "goals": goals,
    }
    return render(request, "pages/goal.html", context)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/questions.html", {"questions": ResearchQuestion.objects.visible()})


def _questions_with_pages():
    return ResearchQuestion.objects.visible().prefetch_related("page_links", Prefetch("page_links__page", Page.objects.visible()))


@item_page(_questions_with_pages)
def question(request: HttpRequest, item: ResearchQuestion) -> HttpResponse:
    links = [link for link in item.page_links.all() if hasattr(link, "page")]
    return render(request, "pages/question.html", {"item": item, "links": links, "questions": ResearchQuestion.objects.visible()})


def _pages_with_questions():
    questions = Prefetch("question_links__question", ResearchQuestion.objects.visible())
    return Page.objects.visible().prefetch_related("question_links", questions)


@item_page(_pages_with_questions)
def page(request: HttpRequest, item: Page) -> HttpResponse:
    links = [link for link in item.question_links.all() if hasattr(link, "question")]
    return render(request, "pages/page.html", {"item": item, "links": links})
