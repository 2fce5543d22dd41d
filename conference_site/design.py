"""The design on one page, for staff: its tokens as the stylesheets have them, its components as the pages draw them.

The stylesheets and the templates are the public pages' own, and the texts those of the starting content, so that nothing on it
can go stale.
"""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference_site.delivery import tokens
from conference_site.languages.content import Text, all_localized, codes, current, localized, text_of
from conference_site.operations.content import examples
from news.models import NewsGoalLink, NewsItem
from pages.models import Announcement, Conference, Goal, Phase
from pages.phase import CallToAction, Standing
from partners.models import PartnershipGoalLink

PHASES = (Phase.ANNOUNCED, Phase.REGISTRATION, Phase.POSTPONED, Phase.CANCELLED, Phase.OVER)
STARS = 7


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/design.html", _tokens() | _components())


def _tokens() -> dict[str, object]:
    names = tokens.values()
    return {
        "schemes": [(scheme, list(tokens.pairs(scheme))) for scheme in tokens.SCHEMES],
        "steps": [name for name in names if name.startswith("text")],
        "specimens": [(Text(_sentence(code), code), tokens.script_values(code)) for code in codes()],
        "spaces": [name for name in names if name.startswith(("space", "section", "gutter"))],
        "radii": [name for name in names if name.startswith("radius")],
        "motions": [name for name in names if name.startswith("motion")],
        "easings": [name for name in names if name.startswith("ease")],
        "values": names,
    }


def _components() -> dict[str, object]:
    """One of each thing as it mostly is, and as it hardly ever is: with a long title or a short one, in another language."""
    goals, partnerships = examples("goal", codes()), examples("partnership", codes())
    for number, goal in enumerate(goals):
        goal.news_count, goal.partnership_count = number * 4, number
    partnerships[0].standing = partnerships[0].Standing.ACTIVE
    foreign = examples("goal", [code for code in codes() if code != current()])[0]
    news = _news()
    return {
        "goals": [*goals, foreign],
        "foreign": foreign,
        "questions": examples("question", codes()),
        "news": news,
        "partnerships": partnerships,
        "cities": examples("city", codes()),
        "organisations": examples("organisation", codes()),
        "goal_links": [_link(NewsGoalLink, goal, item=news[0]) for goal in goals[:2]],
        "timeline": _timeline(goals[0], news, partnerships),
        "conferences": [
            (phase.label, conference, Standing(conference)) for phase in PHASES for conference in [_conference(phase)]
        ],
        "action": CallToAction(text_of(goals[0], "title"), "#buttons"),
        "announcements": [_announcement(level) for level in Announcement.Level],
        "stars": range(STARS),
    }


def _sentence(language: str) -> str:
    (conference,) = examples("conference", codes())
    return text_of(conference, "theme", language).text


def _news() -> list[NewsItem]:
    """The same piece of news as it is, under a long title, under a single word, and in another language only."""
    usual, long, short = (examples("news", codes())[0] for _ in range(3))
    (foreign,) = examples("news", [code for code in codes() if code != current()])
    for title, summary in zip(all_localized("title"), all_localized("summary"), strict=True):
        setattr(long, title, getattr(long, summary))
        setattr(short, title, getattr(short, title).split()[-1])
        for item in (long, short):
            setattr(item, summary, "")
    usual.published_on = date(2024, 8, 20)
    return [usual, long, short, foreign]


def _timeline(goal: Goal, news: list[NewsItem], partnerships: list) -> list:
    links = [_link(NewsGoalLink, goal, item=item) for item in (news[0], news[-1])]
    links += [_link(PartnershipGoalLink, goal, partnership=item) for item in partnerships]
    for link, known_on in zip(links, ("2024-08-18", "2024-08", ""), strict=True):
        link.known_on = known_on
    return links


def _link(model: type, goal: Goal, **holder: object):
    """A link whose note is the goal's summary."""
    notes = {localized("note", code): getattr(goal, localized("summary", code)) for code in codes()}
    return model(goal=goal, **holder, **notes)


def _conference(phase: Phase) -> Conference:
    """The conference in a phase, with days and a place that are examples, and not known."""
    (conference,) = examples("conference", codes())
    conference.phase, conference.registration_url = phase, "https://example.org/"
    conference.starts_on, conference.ends_on = date(2000, 3, 1), date(2000, 3, 3)
    for city, column in zip(all_localized("name"), all_localized("venue"), strict=True):
        setattr(conference, column, getattr(examples("city", codes())[0], city))
    return conference


def _announcement(level: Announcement.Level) -> Announcement:
    (conference,) = examples("conference", codes())
    messages = {
        column: getattr(conference, theme) for column, theme in zip(all_localized("message"), all_localized("theme"), strict=True)
    }
    announcement = Announcement(level=level, **messages, **dict.fromkeys(all_localized("link"), "#announcements"))
    for name in ("read_at", *all_localized("publish_at")):
        setattr(announcement, name, getattr(conference, name))
    return announcement
