"""axe-core finds nothing on any public page, in either language, light or dark."""

import pytest

from conference_site.operations import content
from news.models import NewsItem
from pages.models import Announcement, Conference, Goal
from tests.browser.axe import COLOURS, findings
from tests.builders import make
from tests.test_html import error_pages

PAGES = {
    "home": "/{}/",
    "conference": "/{}/conference/",
    "goals": "/{}/goals/",
    "goal": "/{}/goals/innovation-zones/",
    "goal of the other language": "/{}/goals/one-language/",
    "questions": "/{}/questions/",
    "question": "/{}/questions/innovation-and-outcomes/",
    "rationale": "/{}/rationale/",
    "organisations": "/{}/organisations/",
    "organisation": "/{}/organisations/alecso/",
    "partnerships": "/{}/partnerships/",
    "partnership": "/{}/partnerships/saudi-learning-cities/",
    "parallel": "/{}/partnerships/saudi-learning-cities/parallel/",
    "cities": "/{}/learning-cities/",
    "city": "/{}/learning-cities/jubail-industrial-city/",
    "news": "/{}/news/",
    "news item": "/{}/news/global-smart-education-conference-2024/",
    "not found": "/{}/nothing/",
    "bad request": "/{}/news/?before=x",
    "second page of news": "/{}/news/?before=2024-06-30.1",
    "search": "/{}/search/?q=UNESCO",
    "nothing found": "/{}/search/?q=nothingness+at+all",
    "forbidden": "/{}/403",
    "wrong method": "/{}/405",
    "server error": "/{}/500",
}

ERRORS = {"not found": 404, "bad request": 400}
UNREACHABLE = {"forbidden": 403, "wrong method": 405, "server error": 500}
"""Errors that a browser can't be sent to by an address: their pages stand in for the answers of addresses of their own."""


def unreachable(language: str) -> dict[str, dict]:
    """The pages of `UNREACHABLE` in ``language``, by the paths at which they stand."""
    pages = error_pages(language)
    kind = "text/html; charset=utf-8"
    return {
        PAGES[name].format(language): {"status": status, "body": pages[name], "content_type": kind}
        for name, status in UNREACHABLE.items()
    }


@pytest.fixture
def filled_site(site, transactional_db):
    content.load()
    Conference.objects.update(phase="postponed", starts_on="2027-03-01", former_starts_on="2027-01-01", venue_en="Tunis")
    make(Announcement, level="urgent", link="/ar/news/", link_text_ar="التفاصيل", link_text_en="Details")
    make(Goal, ["en"], slug="one-language")
    make(NewsItem, ["ar"], correction_ar="تصحيح", corrected_on="2024-09-01")
    for day in range(1, 29):
        make(NewsItem, ["ar"] if day % 2 else ["en"], event_on=f"2024-06-{day:02}")
    return site


@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_nothing(page, filled_site, language):
    for path, answer in unreachable(language).items():
        page.route(filled_site.url + path, lambda route, _request, answer=answer: route.fulfill(**answer))
    found = {}
    for name, path in PAGES.items():
        answer = page.goto(filled_site.url + path.format(language))
        assert answer.status == (ERRORS | UNREACHABLE).get(name, 200), name
        # Without motion, so that no colour is measured on its way from one scheme to the other.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found[name] = findings(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found[f"{name} (dark)"] = findings(page, COLOURS)
    assert {name: faults for name, faults in found.items() if faults} == {}
