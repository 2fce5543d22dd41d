"""The map as a browser draws it: names that can be read, places that can be pressed, at 320 px and on a desk."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.test_map import SAUDI_CITIES, make_cities

MEASURES = """() => {
    const frame = document.querySelector('.map > svg').getBoundingClientRect();
    const texts = [...document.querySelectorAll('.map text')].filter(text => getComputedStyle(text).visibility === 'visible')
        .filter(text => text.getBoundingClientRect().width);
    const boxes = texts.map(text => text.getBoundingClientRect());
    const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 4 && b.top < a.bottom - 4;
    const small = [...document.querySelectorAll('.map circle')].map(circle => circle.getBoundingClientRect())
        .filter(box => box.width < 24 || box.height < 24);
    return {
        names: texts.map(text => text.textContent),
        touching: boxes.filter((a, i) => boxes.some((b, j) => i < j && touch(a, b))).length,
        outside: boxes.filter(box => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top).length,
        size: Math.min(...texts.map(text => parseFloat(getComputedStyle(text).fontSize))),
        small: small.length,
        riyadh: (circle => Math.round(100 * (circle.left + circle.width / 2 - frame.left) / frame.width))(
            document.querySelectorAll('.map circle')[2].getBoundingClientRect()),
    } }"""

ARABIC = dict(zip(SAUDI_CITIES, [
    "مدينة الجبيل الصناعية", "مدينة ينبع الصناعية", "الرياض", "الدمام", "الخبر", "المدينة المنورة", "مكة المكرمة", "جدة",
    "الطائف", "تبوك", "أبها", "بريدة",
], strict=True))  # fmt: skip


@pytest.fixture
def crowded(site):
    for city in make_cities(SAUDI_CITIES):
        city.name_ar = ARABIC[city.name_en]
        city.save()
    return site.url + "/{}/learning-cities/"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_10_twelve_cities_of_one_country_can_be_read_and_pressed(page: Page, crowded, language):
    page.goto(crowded.format(language))
    named = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(MEASURES)
        named[width] = len(found.pop("names"))
        assert found == {"touching": 0, "outside": 0, "size": 16 if language == "ar" else 15, "small": 0, "riyadh": 81}
    assert 1 < named[320] < named[1280] < 12
    assert findings(page, part=".map") == []


def test_a_name_without_room_comes_when_its_city_has_the_focus(page: Page, crowded):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(crowded.format("en"))
    page.locator(".map a").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    found = page.evaluate(MEASURES)
    assert (found["names"], found["outside"]) == (["Jubail Industrial City"], 0)
    width, colour = page.locator(".map a:focus circle").evaluate(
        "e => [getComputedStyle(e).strokeWidth, getComputedStyle(e).stroke]"
    )
    assert (width, colour) == ("4px", "rgb(156, 65, 20)")
