"""What the home page shows, and how it hangs together: goals, questions, news, partnerships and learning cities."""

from collections.abc import Iterable

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conference_site.publishing.models import is_visible
from news.models import NewsGoalLink, NewsItem
from pages.models import Goal, GoalLink, Page, ResearchQuestion
from partners.models import LearningCity, Partnership, PartnershipGoalLink

NEWS, FIRST_PARTNERSHIPS, FIRST_CITIES = 3, 3, 6


def overview() -> dict[str, object]:
    """The context of the home page. Each thing names its relations, so that the page can be read from any of them."""
    goals, questions = list(_counted_goals()), list(ResearchQuestion.objects.visible())
    news, partnerships = NewsItem.objects.listed().featured_first(NEWS), list(Partnership.objects.visible()[:FIRST_PARTNERSHIPS])
    cities = list(LearningCity.objects.visible()[:FIRST_CITIES])
    _name_goals(news, NewsGoalLink.objects.filter(item__in=news), goals)
    _name_goals(partnerships, PartnershipGoalLink.objects.filter(partnership__in=partnerships), goals)
    _name_pages(questions)
    for partnership in partnerships:
        partnership.shown_cities = [city for city in cities if city.partnership_id == partnership.pk]
    shown = {partnership.pk for partnership in partnerships}
    return {
        "goals": goals,
        "questions": questions,
        "news": news,
        "partnerships": partnerships,
        "has_cities": bool(cities),
        "other_cities": [city for city in cities if city.partnership_id not in shown],
    }


def _counted_goals() -> QuerySet[Goal]:
    """The goals, each with ``news_count`` and ``partnership_count``: how much that is shown relates to it."""
    return Goal.objects.visible().annotate(news_count=_count(NewsGoalLink), partnership_count=_count(PartnershipGoalLink))


def _count(model: type[GoalLink]) -> Coalesce:
    """The number of different things that are shown, and that relate to one goal by links of this kind."""
    of_goal = model.objects.filter(is_visible(f"{model.part_of}__"), goal=OuterRef("pk")).order_by().values("goal")
    number = of_goal.annotate(number=Count(model.part_of, distinct=True)).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _name_goals(items: list, links: Iterable[GoalLink], goals: list[Goal]) -> None:
    """Give each item its ``shown_goal_links``, those to goals that are shown, which are read already."""
    shown = {goal.pk: goal for goal in goals}
    links = [link for link in links if link.goal_id in shown]
    for link in links:
        link.goal = shown[link.goal_id]
    for item in items:
        item.shown_goal_links = [link for link in links if getattr(link, f"{link.part_of}_id") == item.pk]


def _name_pages(questions: list[ResearchQuestion]) -> None:
    """Give each question its ``shown_pages``, in the order of its links."""
    rows = Page.objects.visible().filter(question_links__question__in=questions)
    rows = rows.annotate(question=F("question_links__question")).order_by("question_links")
    pages = list(rows)
    for question in questions:
        question.shown_pages = [page for page in pages if page.question == question.pk]
