"""axe-core finds nothing on any public page, in either language and in the dark, and neither does IBM's Equal Access.

`make test` asks the first one about pages of each build in Arabic, and about a few in the dark; `make proof-pages` about all of
them, in both languages and both schemes. `make proof-readers` asks the second one about every page in both schemes.
"""

import pytest
from playwright.sync_api import Page

from news.models import NewsItem
from pages.models import Announcement, Conference, Goal
from tests import starting_content
from tests.browser import ibm
from tests.browser.axe import COLOURS, findings
from tests.browser.pages import ALL as PAGES
from tests.builders import make
from tests.test_html import error_pages

LANGUAGES = ["ar", pytest.param("en", marks=pytest.mark.proof)]
"""The pages of both have the same templates and colours: `make proof-pages` looks at the second."""

SAMPLE = {
    "home",
    "conference",
    "goal",
    "goal of the other language",
    "organisations",
    "partnership",
    "parallel",
    "city",
    "second page of news",
    "news item",
    "documents",
    "search",
    "bad request",
    "server error",
}
"""At least one of all that differ in what they are made of: lists, items, tables, the map, forms, errors."""

IN_THE_DARK = {"home", "news item", "search"}

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


ASKED_OF_IBM = ("home", "goal of the other language", "news", "news item", "organisation", "search", "not found")


@pytest.fixture
def filled_site(site, transactional_db):
    starting_content.load()
    Conference.objects.update(phase="postponed", starts_on="2027-03-01", former_starts_on="2027-01-01", venue_en="Tunis")
    make(Announcement, level="urgent", link="/ar/news/", link_text_ar="التفاصيل", link_text_en="Details")
    make(Goal, ["en"], slug="one-language")
    make(NewsItem, ["ar"], correction_ar="تصحيح", corrected_on="2024-09-01")
    for day in range(1, 29):
        make(NewsItem, ["ar"] if day % 2 else ["en"], event_on=f"2024-06-{day:02}")
    return site


def test_axe_finds_nothing(page, filled_site):
    assert found_on({name: PAGES[name] for name in SAMPLE}, IN_THE_DARK, page, filled_site, "ar") == {}


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_nothing_on_any_page(page, filled_site, language):
    assert found_on(PAGES, set(PAGES), page, filled_site, language) == {}


def found_on(pages: dict[str, str], dark: set[str], page: Page, filled_site, language: str) -> dict[str, list[str]]:
    """What axe-core finds on these pages, and on some of them in the dark."""
    for path, answer in unreachable(language).items():
        page.route(filled_site.url + path, lambda route, _request, answer=answer: route.fulfill(**answer))
    found = {}
    for name, path in pages.items():
        answer = page.goto(filled_site.url + path.format(language))
        assert answer.status == (ERRORS | UNREACHABLE).get(name, 200), name
        # Without motion, so that no colour is measured on its way from one scheme to the other.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found[name] = findings(page)
        if name in dark:
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            found[f"{name} (dark)"] = findings(page, COLOURS)
    return {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize("language", LANGUAGES)
def test_ibm_equal_access_finds_nothing(page, filled_site, language):
    found = {}
    for name in ASKED_OF_IBM:
        page.goto(filled_site.url + PAGES[name].format(language))
        found[name] = ibm.findings(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
