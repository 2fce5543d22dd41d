"""What readers bring with them: a keyboard, their own colours, no wish for motion, no scripts. In a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from conference_site.search import indexing
from news.models import NewsItem
from pages.models import Announcement, Conference, Goal
from partners.models import Organisation
from tests.builders import make

KINDS = {"home": "/ar/", "goal": "/ar/goals/one/", "news": "/ar/news/", "search": "/ar/search/?q=ALECSO"}
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def address(site, transactional_db) -> str:
    """A site with something of most kinds; the address before a path."""
    make(Conference, purpose_ar="غرض المؤتمر", purpose_en="What it is for", phase="postponed", contact_email="info@example.org")
    make(Announcement, level="urgent", link="https://example.org/", link_text_ar="التفاصيل", link_text_en="Details")
    make(Goal, slug="one", body_ar='<p>نص <a href="/ar/news/">رابط</a></p>')
    make(Goal)
    make(NewsItem)
    indexing.refresh(
        make(Organisation, slug="alecso", name_en="Arab League Organization", name_ar="الألكسو", acronym_en="ALECSO")
    )
    return site.url


def style(page: Page, selector: str, *names: str) -> list[str]:
    script = "(element, names) => names.map(name => getComputedStyle(element)[name])"
    return page.locator(selector).first.evaluate(script, names)


# Every element that can have the focus gets it; what is around it is the nearest ground that isn't transparent.
FOCUS = """() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => numbers(colour).slice(0, 3).map(each => each / 255)
        .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
    const contrast = (one, other) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05) };
    const ground = element => {
        for (let e = element.parentElement; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (numbers(colour)[3] !== 0) return colour } };
    const seen = element => {
        element.focus();
        const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
        return element === document.activeElement && outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2
            && contrast(outlineColor, ground(element)) >= 3 };
    const able = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
        .filter(e => e.checkVisibility());
    return [able.length, able.filter(e => !seen(e)).map(e => e.outerHTML.slice(0, 120))] }"""


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.proof)])
def test_the_focus_stands_out_from_every_ground(page: Page, address, scheme):
    """An outline of at least 2 px with a contrast of at least 3 to what is around it (WCAG 2.4.13, 1.4.11)."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    unseen = {}
    for name, path in KINDS.items():
        page.goto(address + path)
        page.keyboard.press("Tab")  # from here on the focus counts as the keyboard's
        number, unseen[name] = page.evaluate(FOCUS)
        assert number > 15
    assert {name: elements for name, elements in unseen.items() if elements} == {}


def walk(page: Page) -> list[int]:
    """Where the Tab key leads from the page's beginning: the places of the elements in the document, until it leaves the page."""
    script = "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"
    body = page.evaluate("() => [...document.querySelectorAll('*')].indexOf(document.body)")
    places = []
    for _step in range(200):
        page.keyboard.press("Tab")
        if (place := page.evaluate(script)) == body:
            return places
        places.append(place)
    raise AssertionError(f"The keyboard is caught among the elements {places[-5:]}")


def test_the_keyboard_reaches_everything_in_the_order_of_the_document(page: Page, address):
    page.set_viewport_size(PHONE)
    for path in KINDS.values():
        page.goto(address + path)
        places = walk(page)
        able = page.evaluate(
            """() => [...document.querySelectorAll('*')].map((e, at) => [e, at])
                .filter(([e]) => e.matches('a[href], button, input:not([type=hidden]), select, summary') && e.checkVisibility())
                .map(([, at]) => at)"""
        )
        assert places == able, path


def press_until(page: Page, selector: str) -> None:
    """Press Tab until the focus is on ``selector``."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The Tab key does not lead to {selector}")


def test_a_visit_by_keyboard_alone(page: Page, address):
    """On a phone: past the header, into the menu, to a page that the search suggests, and on to another's readers."""
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/en/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"
    page.goto(f"{address}/en/")
    press_until(page, "summary")
    page.keyboard.press("Enter")
    press_until(page, '.menu a[href="/en/goals/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/goals/")
    press_until(page, "#q")
    page.keyboard.type("arab", delay=20)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/organisations/alecso/")
    page.goto(f"{address}/en/goals/one/")
    press_until(page, '.share a[href^="https://wa.me/"]')


@pytest.mark.proof
def test_in_colours_of_the_reader_s_own_nothing_is_told_by_ours(page: Page, address):
    """With forced colours grounds and transparent lines are lost: what they said must be seen otherwise."""
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}/en/goals/one/")
    for place in (".menu", ".siblings"):
        current, others = (
            style(page, f"{place} a{which}", "textDecorationLine") for which in ("[aria-current]", ":not([aria-current])")
        )
        assert (current, others) == (["underline"], ["none"])
    page.keyboard.press("Tab")
    line, width, colour = style(page, ":focus", "outlineStyle", "outlineWidth", "outlineColor")
    assert (line, width, colour != style(page, ":focus", "backgroundColor")[0]) == ("solid", "3px", True)
    page.locator("#q").press_sequentially("arab")
    expect(page.get_by_role("option")).to_have_count(1)
    before = style(page, "#suggestions li", "outlineStyle", "backgroundColor")
    page.keyboard.press("ArrowDown")
    assert style(page, "#suggestions li", "outlineStyle", "backgroundColor") != before
    page.goto(f"{address}/en/search/?q=alecso")
    assert style(page, "mark", "backgroundColor") != style(page, "main", "backgroundColor")
    page.goto(f"{address}/en/")
    line, colour, ground = style(page, ".button", "borderBlockEndStyle", "borderBlockEndColor", "backgroundColor")
    assert (line, colour != ground) == ("solid", True)


MOVING = """() => [...document.querySelectorAll('*')]
    .flatMap(e => [null, '::before', '::after'].map(part => [e, getComputedStyle(e, part)]))
    .filter(([, s]) => s.animationName !== 'none' || s.transitionDuration.split(', ').some(time => time !== '0s'))
    .map(([e]) => e.outerHTML.slice(0, 80)).concat(document.getAnimations().map(each => each.constructor.name))"""


def test_nothing_moves_for_whoever_asks_for_less_motion(page: Page, address):
    page.goto(f"{address}/ar/")
    assert page.evaluate(MOVING) != []
    page.emulate_media(reduced_motion="reduce")
    for path in KINDS.values():
        page.goto(address + path)
        page.locator("main a").first.hover()
        assert page.evaluate(MOVING) == [], path


READ = """() => [document.body.innerText.replaceAll(/\\s+/g, ' '),
    [...document.querySelectorAll('a[href]')].filter(e => e.checkVisibility()).map(e => e.href)]"""


def test_nothing_is_lost_without_scripts(browser: Browser, address):
    """The same words and links, the browser's own button for sharing excepted, which headless chromium doesn't have."""
    contexts = [browser.new_context(viewport=PHONE, java_script_enabled=enabled) for enabled in (True, False)]
    pages = [context.new_page() for context in contexts]
    for path in KINDS.values():
        read = []
        for page in pages:
            page.goto(address + path)
            read.append(page.evaluate(READ))
        assert read[0] == read[1], path
        assert len(read[0][1]) > 5
    for context in contexts:
        context.close()
