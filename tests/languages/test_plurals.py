"""Counts in words."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

NUMBERS = (0, 1, 2, 3, 11, 100, 103)
COUNTS = {
    "news": ("لا أخبار", "خبر واحد", "خبران", "3 أخبار", "11 خبرًا", "100 خبر", "103 أخبار"),
    "results": ("لا نتائج", "نتيجة واحدة", "نتيجتان", "3 نتائج", "11 نتيجة", "100 نتيجة", "103 نتائج"),
    "partners": ("لا شركاء", "شريك واحد", "شريكان", "3 شركاء", "11 شريكًا", "100 شريك", "103 شركاء"),
    "organisations": ("لا جهات", "جهة واحدة", "جهتان", "3 جهات", "11 جهة", "100 جهة", "103 جهات"),
    "partnerships": ("لا شراكات", "شراكة واحدة", "شراكتان", "3 شراكات", "11 شراكة", "100 شراكة", "103 شراكات"),
    "cities": (
        "لا مدن تعلّم",
        "مدينة تعلّم واحدة",
        "مدينتا تعلّم",
        "3 مدن تعلّم",
        "11 مدينة تعلّم",
        "100 مدينة تعلّم",
        "103 مدن تعلّم",
    ),
    "goals": ("لا أهداف", "هدف واحد", "هدفان", "3 أهداف", "11 هدفًا", "100 هدف", "103 أهداف"),
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
        words = [render_to_string("counts.html#cities", {"count": number}) for number in (0, 1, 2, 1234)]
    assert words == ["0 learning cities", "1 learning city", "2 learning cities", "1,234 learning cities"]


def test_21_large_counts_are_grouped():
    with override("ar"):
        assert render_to_string("counts.html#results", {"count": 1234}) == "1,234 نتيجة"
