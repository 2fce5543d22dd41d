"""Counts in words."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

NUMBERS = (0, 1, 2, 3, 11, 100, 103)
COUNTS = {
    "results": ("لا نتائج", "نتيجة واحدة", "نتيجتان", "3 نتائج", "11 نتيجة", "100 نتيجة", "103 نتائج"),
    "minutes": (
        "أقل من دقيقة",
        "دقيقة واحدة",
        "دقيقتان",
        "3\u00a0دقائق",
        "11\u00a0دقيقة",
        "100\u00a0دقيقة",
        "103\u00a0دقائق",
    ),
}


@pytest.mark.parametrize(("name", "forms"), COUNTS.items())
def test_21_counts_have_six_forms_in_arabic(name, forms):
    with override("ar"):
        assert tuple(render_to_string(f"counts.html#{name}", {"count": number}) for number in NUMBERS) == forms
    assert not any(character.isdigit() for form in forms[:3] for character in form)


def test_21_counts_have_two_forms_in_english():
    with override("en"):
        words = [render_to_string("counts.html#results", {"count": number}) for number in (0, 1, 2, 1234)]
    assert words == ["0 results", "1 result", "2 results", "1,234 results"]


def test_21_large_counts_are_grouped():
    with override("ar"):
        assert render_to_string("counts.html#results", {"count": 1234}) == "1,234 نتيجة"
