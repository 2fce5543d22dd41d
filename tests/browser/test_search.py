"""The search box in a browser: suggestions by keyboard and pointer, and a form where there is no script."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from conference_site.search import indexing
from partners.models import Organisation
from tests.browser.axe import findings
from tests.builders import make

ALECSO = "/en/organisations/alecso/"


@pytest.fixture
def pages(site, transactional_db) -> str:
    """A site with two organisations that begin alike; the address of its pages."""
    for slug, english, arabic in (("alecso", "Arab League Organization", "الألكسو"), ("arabic", "Arabic Academy", "مجمع اللغة")):
        indexing.refresh(make(Organisation, slug=slug, name_en=english, name_ar=arabic, acronym_en=slug.upper()))
    return site.url


def type_words(page: Page, address: str, words: str) -> None:
    page.goto(address)
    page.locator("#q").press_sequentially(words, delay=20)


def state(page: Page) -> tuple[str | None, ...]:
    """What assistive technology is told of the box."""
    return tuple(page.locator("#q").get_attribute(name) for name in ("role", "aria-expanded", "aria-activedescendant"))


def test_the_keyboard_walks_through_suggestions(page: Page, pages):
    type_words(page, f"{pages}/en/", "arab")
    options = page.get_by_role("option")
    expect(options).to_have_text(["Arab League Organization", "Arabic Academy"])
    assert state(page) == ("combobox", "true", "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert state(page) == ("combobox", "true", "option-1")
    expect(page.get_by_role("option", selected=True)).to_have_text("Arabic Academy")
    assert findings(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ALECSO}")


def test_escape_closes_them_and_keeps_what_was_typed(page: Page, pages):
    type_words(page, f"{pages}/en/", "alec")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    assert (page.locator("#q").input_value(), state(page)) == ("alec", ("combobox", "false", ""))
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=alec")


def test_escape_is_not_undone_by_an_answer_that_was_under_way(page: Page, pages):
    type_words(page, f"{pages}/en/", "alec")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.type("s")
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert state(page) == ("combobox", "false", "")


def test_a_pointer_chooses_one(page: Page, pages):
    type_words(page, f"{pages}/en/", "alec")
    page.get_by_role("option").click()
    page.wait_for_url(f"**{ALECSO}")


def test_typing_fast_asks_once(page: Page, pages):
    """The page's clock stands still while somebody types, so that a slow machine doesn't type slowly."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "suggestions/" in request.url else None)
    page.clock.install(time=0)
    page.goto(f"{pages}/en/")
    page.clock.pause_at(3_600_000)
    page.locator("#q").press_sequentially("arab league")
    page.clock.run_for(199)
    assert asked == []
    page.clock.run_for(1)
    expect(page.get_by_role("option")).to_have_count(1)
    assert [urlsplit(url).query for url in asked] == ["q=arab%20league"]


def test_where_the_suggestions_cannot_be_had_the_form_works(page: Page, pages):
    page.route("**/suggestions/**", lambda route: route.abort())
    type_words(page, f"{pages}/ar/", "ALECSO")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ar/search/?q=ALECSO")
    expect(page.locator("mark").first).to_have_text("الألكسو")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_without_a_script_the_box_is_a_form(browser: Browser, pages, language):
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pages}/{language}/")
    page.locator("#q").fill("ALECSO")
    page.locator(".search-box button").click()
    expect(page.locator(".entry a").first).to_have_attribute("href", f"/{language}/organisations/alecso/")
    context.close()
