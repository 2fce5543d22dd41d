"""How the pages lie on a screen, by a real browser's measure. The numbers are those of docs/arabic.md.

Every page is measured in Arabic at the least width and the greatest, and in English at the least; `make proof-pages` measures the
others.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from news.models import NewsItem
from pages.models import Announcement, Conference, Goal
from partners.models import Organisation
from tests import starting_content
from tests.browser import wire
from tests.builders import make

LANGUAGES = ("ar", "en")
PAGES = {
    "home": "/{}/",
    "conference": "/{}/conference/",
    "goals": "/{}/goals/",
    "goal": "/{}/goals/innovation-zones/",
    "goal of one language": "/{}/goals/one-language/",
    "questions": "/{}/questions/",
    "question": "/{}/questions/innovation-and-outcomes/",
    "page": "/{}/rationale/",
    "organisations": "/{}/organisations/",
    "organisation": "/{}/organisations/long/",
    "partnerships": "/{}/partnerships/",
    "partnership": "/{}/partnerships/saudi-learning-cities/",
    "cities": "/{}/learning-cities/",
    "city": "/{}/learning-cities/jubail-industrial-city/",
    "news": "/{}/news/",
    "news item": "/{}/news/global-smart-education-conference-2024/",
    "wide news item": "/{}/news/wide/",
    "parallel": "/{}/news/wide/parallel/",
    "search": "/{}/search/?q=UNESCO",
    "nothing found": "/{}/search/?q=nothingness+at+all",
    "not found": "/{}/nothing/",
}
WIDTHS = (320, 768, 1280)
"""In CSS pixels. The first is also what a screen of 1280 shows at 400 %."""

WORD_AR, WORD_EN = "مستشفياتهم" * 6, "Donaudampfschifffahrtsgesellschaft" * 3
TABLE = "<table><tbody><tr>" + "<td>عمود واسع</td>" * 12 + "</tr></tbody></table>"
MARKS = "لُجَّةٌ مُتَعَلِّمَةٌ"  # marks above marks, and below

MEASURES = """() => {
    const visible = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility());
    const shown = elements => elements.map(e => e.outerHTML.slice(0, 100));
    const outside = e => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1) };
    const arabic = visible.filter(e => e.matches(':lang(ar)') && !e.closest('svg'))
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
    const plain = e => {
        const s = getComputedStyle(e);
        return [s.letterSpacing, s.textTransform, s.fontStyle, s.opacity].join() === 'normal,none,normal,1' };
    const cramped = e => {
        const s = getComputedStyle(e), size = parseFloat(s.fontSize), isNumber = /^[0-9]+$/.test(e.textContent.trim());
        const least = e.closest('h1, h2, h3, h4, .brand, .tag, .parallel-title') ? 1.3 : 1.6;
        return size < 16 || s.textAlign === 'justify' || !isNumber && parseFloat(s.lineHeight) / size < least };
    const small = e => {
        const r = e.getBoundingClientRect();
        return getComputedStyle(e).display !== 'inline' && (r.width < 24 || r.height < 24) };
    // The lines of each text, without the room above and below its letters; and what cuts off what doesn't fit in it.
    // A table that is too wide scrolls in a window of its own.
    const texts = visible.filter(e => !e.closest('svg, .skip, .unseen, option, .prose table'))
        .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3 && n.data.trim()).map(n => [e, n]))
        .flatMap(([e, n]) => {
            const range = document.createRange();
            range.selectNodeContents(n);
            return [...range.getClientRects()].filter(r => r.width > 1)
                .map(r => ({e, left: r.left, right: r.right, top: r.top + r.height / 4, bottom: r.bottom - r.height / 4})) })
        .sort((one, other) => one.top - other.top);
    const overlapping = texts.flatMap((one, at) => {
        const found = [];
        for (let i = at + 1; i < texts.length && texts[i].top < one.bottom - 1; i++) {
            const other = texts[i];
            if (other.e !== one.e && other.left < one.right - 1 && other.right > one.left + 1) found.push(one.e, other.e) }
        return found });
    const cutting = e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) || getComputedStyle(e).overflowY === 'clip';
    const clipped = visible.filter(cutting).filter(e => !e.matches('svg, svg *, .unseen')).flatMap(frame => {
        const r = frame.getBoundingClientRect();
        return texts.filter(({e, left, right, top, bottom}) => frame.contains(e)
            && (left < r.left - 1 || right > r.right + 1 || top < r.top - 1 || bottom > r.bottom + 1)).map(({e}) => e) });
    // What is drawn stands with a determinant below 0 where it is mirrored, by itself or with what is around it.
    const turn = e => { const m = new DOMMatrix(getComputedStyle(e).transform); return Math.sign(m.a * m.d - m.b * m.c) };
    const signs = new Map([[null, 1]]);
    const sign = e => {
        if (!signs.has(e)) signs.set(e, turn(e) * sign(e.parentElement));
        return signs.get(e) };
    const isMirrored = e => sign(e) < 0;
    const readable = e => e.matches('img, video, svg:not([aria-hidden]), .brand *, .map *')
        || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    // An arrow head is two borders that meet, turned: where their corner points, as [right, down].
    const tip = s => {
        const [top, right, bottom, left] = ['Top', 'Right', 'Bottom', 'Left']
            .map(side => parseFloat(s[`border${side}Width`]) > 0);
        const angle = parseFloat(s.rotate) * Math.PI / 180, x = right - left, y = bottom - top;
        return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)] };
    const forward = getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1;
    const arrows = visible.flatMap(e => ['::before', '::after'].map(part => [e, getComputedStyle(e, part)]))
        .filter(([, s]) => s.content === '""' && s.display !== 'none' && s.rotate !== 'none'
            && (parseFloat(s.borderTopWidth) > 0) !== (parseFloat(s.borderBottomWidth) > 0))
        .map(([e, s]) => [e, tip(s)]);
    const isAstray = ([e, [x, y]]) => {
        const way = e.matches('[rel="prev"]') ? -forward : forward;
        return x * way < 1 || Math.abs(y) > 0.01 };
    return {
        arrows: arrows.length,
        astray: shown(arrows.filter(isAstray).map(([e]) => e)),
        mirrored: shown(visible.filter(e => readable(e) && isMirrored(e))),
        typed: shown(visible.filter(e => [...e.childNodes].map(n => n.nodeType === 3 ? n.data : '')
            .concat(['::before', '::after'].map(part => getComputedStyle(e, part).content))
            .some(text => /[←-⇿▶◀►◄➔-➾⟰-⟿⬀-⬑]/.test(text)))),
        ownPictures: shown(visible.filter(e => e.matches('img[src*="/static/"], svg:not(.map > svg) text'))),
        overlapping: shown(overlapping),
        clipped: shown(clipped),
        outside: shown(visible.filter(e => !e.closest('.prose table, svg, .skip')).filter(outside)),
        scrolls: document.documentElement.scrollWidth > innerWidth,
        ornate: shown(arabic.filter(e => !plain(e))),
        cramped: shown(arabic.filter(cramped)),
        cut: shown(arabic.filter(e => getComputedStyle(e).textOverflow !== 'clip')),
        small: shown(visible.filter(e => e.matches('a, summary, button') && !e.closest('.prose, .announcement, .skip'))
            .filter(small)),
    } }"""
# What WCAG 1.4.12 lets a reader do to any text.
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    """A test may put a style of its own into a page, which the site's policy would refuse."""
    return browser_context_args | {"bypass_csp": True, "reduced_motion": "reduce"}


def fill_site() -> None:
    """The starting content, and what is hard to lay out."""
    starting_content.load()
    Conference.objects.update(phase="registration", registration_url="https://example.org/", starts_on="2027-03-01")
    make(Announcement, level="urgent", link="https://example.org/", link_text_ar="التفاصيل", link_text_en="Details")
    make(Goal, ["en"], slug="one-language", title_en="A goal that is written in English only")
    make(Organisation, slug="long", name_ar=WORD_AR, name_en=WORD_EN, website=f"https://example.org/{'a' * 120}")
    make(NewsItem, slug="wide", title_ar=WORD_AR, body_ar=TABLE, body_en=f"<p>{'x' * 200}</p>")


surveyed: dict[str, dict] = {}


@pytest.fixture
def survey(transactional_db, site, page: Page) -> dict[str, dict]:
    """``{page, language and width: measures}``. The first test that asks pays for all of them."""
    if not surveyed:
        fill_site()
        surveyed.update(look(page, site.url, "ar", WIDTHS[::2]) | look(page, site.url, "en", WIDTHS[:1]))
    return surveyed


def look(page: Page, address: str, language: str, widths: Sequence[int]) -> dict[str, dict]:
    found = {}
    for name, path in PAGES.items():
        answer = page.goto(address + path.format(language))
        assert answer.status == (404 if name == "not found" else 200), name
        found |= {f"{name} ({language}, {width})": measures for width, measures in measure(page, widths).items()}
    return found


def measure(page: Page, widths: Sequence[int]) -> dict[int, dict]:
    """``{width: measures}`` of the page that is open; with the first also whether it scrolls with spaced text when narrow."""
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(MEASURES)
    page.set_viewport_size({"width": WIDTHS[0], "height": 256})
    page.add_style_tag(content=TEXT_SPACING)
    found[widths[0]]["scrolls spaced"] = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found


def faults(survey: dict[str, dict], kind: str) -> dict[str, object]:
    return {place: measures[kind] for place, measures in survey.items() if measures.get(kind)}


def test_9_no_page_is_wider_than_its_screen(survey):
    assert faults(survey, "scrolls") == {}
    assert faults(survey, "outside") == {}


def test_9_nor_with_more_space_between_letters_words_and_lines(survey):
    assert faults(survey, "scrolls spaced") == {}


def test_9_no_text_lies_on_another_or_is_clipped(survey):
    assert faults(survey, "overlapping") == {}
    assert faults(survey, "clipped") == {}


def test_10_arrows_point_along_the_line_of_reading_and_back_against_it(survey):
    """Measured from their two borders and their angle. None is typed, for a typed one doesn't turn."""
    assert (faults(survey, "astray"), faults(survey, "typed")) == ({}, {})
    seen = {
        language: {page.split(" (")[0] for page in faults(survey, "arrows") if f"({language}, " in page} for language in LANGUAGES
    }
    assert seen["ar"] == seen["en"] > {"home", "news item", "wide news item"}


def test_10_nothing_that_is_read_or_seen_is_mirrored(survey):
    """Texts, digits, pictures, the mark and the map: only the ornament turns."""
    assert faults(survey, "mirrored") == {}


def test_11_the_sites_own_pictures_hold_no_text(survey):
    """No picture of the site's own is shown as one, and only the map, whose names are text, has text in a drawing."""
    assert faults(survey, "ownPictures") == {}


def test_12_arabic_has_no_letter_spacing_capitals_italics_or_transparency(survey):
    assert faults(survey, "ornate") == {}


def test_13_arabic_is_large_and_has_air(survey):
    """At least 16 px; running text with 1.6 of its size from line to line, headings with 1.3; never justified."""
    assert faults(survey, "cramped") == {}


def test_15_no_text_is_cut_by_characters(survey):
    assert faults(survey, "cut") == {}


def test_targets_are_large_enough(survey):
    """24 by 24 px (WCAG 2.5.8), links within a sentence excepted."""
    assert faults(survey, "small") == {}


@pytest.mark.proof
@pytest.mark.parametrize(("language", "widths"), [("ar", WIDTHS[1:2]), ("en", WIDTHS[1:])])
def test_pages_at_other_widths_are_as_faultless(transactional_db, site, page: Page, language, widths):
    fill_site()
    found = look(page, site.url, language, widths)
    kinds = {kind for measures in found.values() for kind in measures} - {"arrows"}
    assert {kind: at for kind in kinds if (at := faults(found, kind))} == {}


@pytest.fixture
def home(site) -> str:
    """A site with something of most kinds; the address of its home page, for a language to be put in."""
    make(
        Conference,
        title_ar=f"{MARKS}\nمن التعليم إلى التعلّم",
        purpose_ar="غرض المؤتمر",
        purpose_en="What it is for",
        phase="registration",
        registration_url="https://example.org/",
        registration_during_ar=MARKS,
    )
    make(Goal, slug="one", body_ar="<p>نص <em>مؤكَّد</em></p>")
    make(NewsItem)
    return site.url + "/{}/"


def style(page: Page, selector: str, *names: str, pseudo: str = "") -> list[str]:
    script = "(e, [names, pseudo]) => names.map(name => getComputedStyle(e, pseudo)[name])"
    return page.locator(selector).first.evaluate(script, [names, pseudo])


def test_8_both_languages_have_one_order_of_focus(page: Page, home):
    """The same elements in the same order, and none is moved against it."""

    def order(language: str) -> list[str]:
        page.goto(home.format(language))
        targets = page.evaluate(
            "() => [...document.querySelectorAll('a, summary')].map(e => e.getAttribute('href') || e.tagName)"
        )
        return [re.sub("^/(ar|en)/", "/", target) for target in targets]

    assert order("ar") == order("en")
    moved = "() => [...document.querySelectorAll('*')].filter(e => e.tabIndex > 0 || getComputedStyle(e).order !== '0').length"
    assert page.evaluate(moved) == 0


def test_9_stacked_marks_are_not_clipped(page: Page, home):
    page.goto(home.format("ar"))
    button = page.locator(".site-header .button")
    assert (button.inner_text(), style(page, ".site-header .button", "overflow")) == (MARKS, ["visible"])
    room = button.evaluate(
        """e => { const text = document.createRange(); text.selectNodeContents(e);
            const box = e.getBoundingClientRect(), ink = text.getBoundingClientRect();
            return [ink.top - box.top, box.bottom - ink.bottom] }"""
    )
    assert min(room) >= 0


@pytest.mark.parametrize(("language", "sign"), [("ar", -1), ("en", 1)])
def test_10_the_lattice_and_the_arrows_follow_the_line_of_reading(page: Page, home, language, sign):
    page.goto(home.format(language))
    assert style(page, ".hero", "transform", pseudo="::after") == [f"matrix({sign}, 0, 0, 1, 0, 0)"]
    assert style(page, ".more", "rotate", pseudo="::after") == [f"{45 * sign}deg"]


def test_12_emphasis_in_arabic_is_weight(page: Page, home):
    page.goto(f"{home.format('ar')}goals/one/")
    assert style(page, "em", "fontStyle", "fontWeight") == ["normal", "600"]
    assert style(page, "body", "fontSynthesis") == ["none"]


def test_14_underlines_keep_clear_of_descenders(page: Page, home):
    page.goto(home.format("ar"))
    size, offset, skip = style(page, "main a.more", "fontSize", "textUnderlineOffset", "textDecorationSkipInk")
    assert float(offset.removesuffix("px")) >= 0.3 * float(size.removesuffix("px"))
    assert skip == "auto"


@pytest.mark.parametrize("language", LANGUAGES)
def test_16_a_first_visit_is_light_and_asks_nobody_else(browser: Browser, site, transactional_db, language):
    """At most 120 kB in Arabic and 90 kB in English, 5 kB of it scripts, in 12 requests to one host; the fonts that it needs.

    `make proof-readers` asks this of every kind of page.
    """
    starting_content.load()
    fonts = {"ar": {"readex-pro-arabic"}, "en": {"readex-pro-latin", "readex-pro-names"}}[language]
    visit = wire.first_visit(browser, site.url + PAGES["home"].format(language))
    assert wire.faults(visit, language, urlsplit(site.url).netloc) == []
    assert visit.fonts == fonts


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_menu_opens_without_a_script(browser: Browser, home, language):
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(home.format(language))
    link = page.locator(f'.menu a[href="/{language}/organisations/"]')
    assert not link.is_visible()
    page.locator("summary").click()
    assert link.is_visible()
    assert link.bounding_box()["height"] >= 44
    link.click()
    assert urlsplit(page.url).path == f"/{language}/organisations/"
    context.close()


def test_the_focus_is_seen(page: Page, home):
    page.goto(home.format("ar"))
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").bounding_box()["y"] >= 0
    for _step in range(12):
        page.keyboard.press("Tab")
        line, width = style(page, ":focus", "outlineStyle", "outlineWidth")
        assert (line, float(width.removesuffix("px")) >= 2) == ("solid", True)


def test_print_leaves_out_what_paper_cannot_do(page: Page, home):
    page.emulate_media(media="print")
    page.goto(f"{home.format('ar')}goals/one/")
    assert page.locator("h1").is_visible()
    Goal.objects.update(body_ar='<p><a href="https://example.org/">خارج</a> <a href="/ar/news/">داخل</a></p>')
    page.reload()
    spelled = "() => [...document.querySelectorAll('.prose a')].map(e => getComputedStyle(e, '::after').content)"
    assert page.evaluate(spelled) == ['" (https://example.org/)"', '" (/ar/news/)"']
    assert [name for name in (".menu", ".versions", ".star-field", ".siblings") if page.locator(name).first.is_visible()] == []
