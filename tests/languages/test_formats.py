"""Numbers and dates as Django prints them, and as forms read them."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

NUMBER = Decimal("1234567.89")
DAY = date(2026, 9, 7)
MOMENT = datetime(2026, 9, 7, 8, 5)  # noqa: DTZ001 - how it is written is all that matters
MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def render(source: str, language: str, **context: object) -> str:
    with override(language):
        return Template(source).render(Context(context))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_17_18_numbers_are_grouped_in_european_digits(language):
    assert render("{{ number }}", language, number=NUMBER) == "1,234,567.89"
    assert render("{{ number }}", language, number=-1234) == "-1,234"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_17_a_year_is_never_grouped(language):
    assert render("{{ number|year }} {{ day|year }} {{ day|date:'Y' }}", language, number=2024, day=DAY) == "2024 2026 2026"


def test_18_19_35_arabic_dates_have_no_leading_zero_and_keep_the_day_with_its_month():
    with override("ar"):
        assert formats.date_format(DAY) == "7\u00a0سبتمبر 2026"
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == "7\u00a0سبتمبر 2026، 08:05"
        assert formats.date_format(DAY, "YEAR_MONTH_FORMAT") == "سبتمبر 2026"
        assert formats.date_format(DAY, "MONTH_DAY_FORMAT") == "7\u00a0سبتمبر"
        assert formats.date_format(DAY, "SHORT_DATE_FORMAT") == "7/9/2026"
        assert formats.time_format(time(20, 5)) == "20:05"


def test_18_english_dates_put_the_day_first():
    with override("en"):
        assert formats.date_format(DAY) == "7\u00a0September 2026"
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == "7\u00a0September 2026, 08:05"


@pytest.mark.parametrize("form", ["F", "M", "N", "E", "b"])
def test_19_every_form_of_a_month_is_the_same_name(form):
    with override("ar"):
        assert [formats.date_format(date(2026, month, 1), form) for month in range(1, 13)] == MONTHS


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("written", ["2026-09-07", "2026/09/07", "07/09/2026", "7/9/2026", "7-9-2026", "7.9.2026"])
def test_17_18_forms_read_dates_as_people_write_them(language, written):
    with override(language):
        assert forms.DateField().clean(written) == DAY
        assert forms.DateField().widget.render("day", DAY).count('value="2026-09-07"') == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_18_a_moment_comes_back_from_its_input_as_it_was(language):
    moment = datetime(2026, 9, 7, 8, 5, 42)  # noqa: DTZ001
    with override(language):
        field = forms.DateTimeField()
        shown = field.widget.format_value(moment)
        assert shown == "2026-09-07 08:05:42"
        assert field.clean(shown).replace(tzinfo=None) == moment


def test_18_a_language_without_formats_of_its_own_has_those_of_django():
    with override("fr"):
        assert formats.date_format(DAY) == "7 septembre 2026"
        assert formats.localize(NUMBER) == "1\u00a0234\u00a0567,89"
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == "7 septembre 2026 08:05"
