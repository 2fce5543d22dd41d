"""Paragraph beside paragraph on a wide screen, and one after the other on a phone."""

import pytest
from playwright.sync_api import Page

from pages.models import Goal
from tests.builders import make

CELLS = """() => [...document.querySelectorAll('.parallel-row')].map(row => [...row.children]
    .map(cell => cell.getBoundingClientRect()).map(box => ({top: box.top, bottom: box.bottom, left: box.left})))"""
TEXTS = {
    "title_ar": "مناطق الابتكار",
    "title_en": "Innovation zones in every part of the Arab world",
    "body_ar": "<p>فقرة</p><h2>عنوان</h2><p>قصيرة</p>",
    "body_en": f"<p>{'A paragraph. ' * 20}</p><h2>Heading</h2><p>{'x' * 90}</p>",
}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_8_cells_lie_beside_each_other_or_beneath(page: Page, site, language):
    make(Goal, slug="one", **TEXTS)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.url}/{language}/goals/one/parallel/")
    beside = page.evaluate(CELLS)
    assert len(beside) == 4
    assert [first["top"] - second["top"] for first, second in beside] == [0] * 4
    line_of_reading = 1 if language == "en" else -1
    assert [(second["left"] - first["left"]) * line_of_reading > 0 for first, second in beside] == [True] * 4
    page.set_viewport_size({"width": 360, "height": 900})
    beneath = page.evaluate(CELLS)
    assert [second["top"] - first["bottom"] >= 0 for first, second in beneath] == [True] * 4
    assert [first["left"] - second["left"] for first, second in beneath] == [0] * 4
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".parallel-language:visible").count() == 8
