"""Dates in words."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

NBSP = "\u00a0"


def render(source: str, language: str, **context: object) -> str:
    with override(language):
        return Template(source).render(Context(context))


def time(iso: str, words: str) -> str:
    return f'<time datetime="{iso}">{words}</time>'


def day_range(language: str, start: date | None, end: date | None) -> str:
    return render("{% day_range start end %}", language, start=start, end=end)


def test_18_35_a_day_stands_in_a_time_element():
    day = date(2026, 9, 7)
    assert render("{{ day|day }}", "ar", day=day) == time("2026-09-07", f"7{NBSP}سبتمبر 2026")
    assert render("{{ day|day }}", "en", day=day) == time("2026-09-07", f"7{NBSP}September 2026")
    assert render("{{ day|day }}", "fr", day=day) == time("2026-09-07", "7 septembre 2026")
    assert render("{{ day|day }}", "ar", day=None) == ""


def test_18_the_day_of_a_moment_is_that_of_the_active_time_zone():
    moment = datetime(2026, 9, 6, 22, 30, tzinfo=UTC)
    with timezone.override("Asia/Riyadh"):
        assert render("{{ moment|day }}", "en", moment=moment) == time("2026-09-07", f"7{NBSP}September 2026")
    with timezone.override("UTC"):
        assert render("{{ moment|day }}", "en", moment=moment) == time("2026-09-06", f"6{NBSP}September 2026")


@pytest.mark.parametrize(
    ("value", "arabic", "english"),
    [
        ("2024", time("2024", "2024"), time("2024", "2024")),
        ("2024-08", time("2024-08", "أغسطس 2024"), time("2024-08", "August 2024")),
        ("2024-08-08", time("2024-08-08", f"8{NBSP}أغسطس 2024"), time("2024-08-08", f"8{NBSP}August 2024")),
        ("", "غير محدد التاريخ بعد", "date not known yet"),
    ],
)
def test_18_35_a_partial_date_is_as_exact_as_it_is_known(value, arabic, english):
    assert render("{{ value|partial_date }}", "ar", value=value) == arabic
    assert render("{{ value|partial_date }}", "en", value=value) == english


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "first_english", "last_english"),
    [
        (date(2026, 9, 17), date(2026, 9, 19), "17", "19 سبتمبر 2026", "17", "19 September 2026"),
        (date(2026, 9, 30), date(2026, 10, 2), "30 سبتمبر", "2 أكتوبر 2026", "30 September", "2 October 2026"),
        (date(2026, 12, 31), date(2027, 1, 2), "31 ديسمبر 2026", "2 يناير 2027", "31 December 2026", "2 January 2027"),
        (date(2025, 9, 17), date(2026, 9, 17), "17 سبتمبر 2025", "17 سبتمبر 2026", "17 September 2025", "17 September 2026"),
    ],
)
def test_7_a_range_is_in_words_and_each_end_in_its_own_time_element(start, end, first, last, first_english, last_english):
    def plain(html: str) -> str:
        return html.replace(NBSP, " ")

    assert plain(day_range("ar", start, end)) == f"من {time(str(start), first)} إلى {time(str(end), last)}"
    assert plain(day_range("en", start, end)) == f"{time(str(start), first_english)} to {time(str(end), last_english)}"


def test_7_a_range_keeps_each_day_with_its_month():
    html = day_range("ar", date(2026, 9, 30), date(2026, 10, 2))
    assert (f"30{NBSP}سبتمبر" in html, f"2{NBSP}أكتوبر" in html) == (True, True)


def test_7_a_range_of_one_day_is_that_day():
    day = date(2026, 9, 17)
    one_day = time("2026-09-17", f"17{NBSP}سبتمبر 2026")
    assert day_range("ar", day, day) == day_range("ar", day, None) == day_range("ar", None, day) == one_day
    assert day_range("ar", None, None) == ""


@pytest.mark.parametrize(
    ("day", "arabic", "english"),
    [
        (date(2026, 9, 17), "(6 ربيع الآخر 1448هـ)", "(6 Rabi al-Akhir 1448 AH)"),
        (date(2026, 2, 18), "(1 رمضان 1447هـ)", "(1 Ramadan 1447 AH)"),
        (date(2024, 8, 18), "(14 صفر 1446هـ)", "(14 Safar 1446 AH)"),
        (date(1924, 8, 1), "(1 محرم 1343هـ)", "(1 Muharram 1343 AH)"),
        (date(2077, 11, 16), "(30 ذو الحجة 1500هـ)", "(30 Dhu al-Hijjah 1500 AH)"),
    ],
)
def test_20_35_the_hijri_date_stands_beside_the_gregorian_one(day, arabic, english):
    source = "{% day_with_hijri day %} {{ day|day }}"
    both, gregorian = render(source, "ar", day=day).split(" <time", 1)
    assert both == f"<time{gregorian}م {arabic.replace(' ', NBSP, 1)}"
    both, gregorian = render(source, "en", day=day).split(" <time", 1)
    assert both == f"<time{gregorian} {english.replace(' ', NBSP, 1)}"


@pytest.mark.parametrize("day", [date(1924, 7, 31), date(2077, 11, 17)])
def test_20_35_beyond_the_tables_there_is_the_gregorian_date_alone_and_without_its_letter(day):
    assert render("{% day_with_hijri day %}", "ar", day=day) == render("{{ day|day }}", "ar", day=day)


def test_20_no_date_is_nothing():
    assert render("{% day_with_hijri day %}", "ar", day=None) == ""
