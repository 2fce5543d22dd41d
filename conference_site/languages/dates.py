"""Dates in words, each in a ``<time>`` that says the same to machines.

How a date looks in a language is said by its formats (`languages.formats`, else Django's own) and by the catalogue; nothing here
knows a language.
"""

from datetime import date, datetime

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy, to_locale
from hijridate import Gregorian

# The form of a date by the parts of it that are known, as `fields.PartialDateField` stores them: 2024, 2024-08, 2024-08-18.
FORMATS = {1: "Y", 2: "YEAR_MONTH_FORMAT", 3: "DATE_FORMAT"}

HIJRI_MONTHS = (
    pgettext_lazy("Hijri month", "Muharram"),
    pgettext_lazy("Hijri month", "Safar"),
    pgettext_lazy("Hijri month", "Rabi al-Awwal"),
    pgettext_lazy("Hijri month", "Rabi al-Akhir"),
    pgettext_lazy("Hijri month", "Jumada al-Ula"),
    pgettext_lazy("Hijri month", "Jumada al-Akhirah"),
    pgettext_lazy("Hijri month", "Rajab"),
    pgettext_lazy("Hijri month", "Shaban"),
    pgettext_lazy("Hijri month", "Ramadan"),
    pgettext_lazy("Hijri month", "Shawwal"),
    pgettext_lazy("Hijri month", "Dhu al-Qadah"),
    pgettext_lazy("Hijri month", "Dhu al-Hijjah"),
)


def day(value: date | datetime | None) -> SafeString:
    """``<time datetime="2026-09-17">17 September 2026</time>``; of a moment, its day in the active time zone; empty for None."""
    return _time(value, "DATE_FORMAT")


def moment(value: datetime) -> SafeString:
    """``<time datetime="…">17 September 2026, 09:30</time>``, in the active time zone."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, "DATETIME_FORMAT"))


def partial_date(value: str) -> SafeString:
    """A `fields.PartialDateField`'s value in words, as exact as it is; for an empty one, that the date isn't known yet."""
    if not value:
        return escape(gettext("date not known yet"))
    parts = value.split("-")
    whole = date(*map(int, parts), *[1] * (3 - len(parts)))
    return format_html('<time datetime="{}">{}</time>', value, date_format(whole, FORMATS[len(parts)]))


def day_range(start: date | datetime | None, end: date | datetime | None) -> SafeString:
    """Both days in words, with a word between them, for a hyphen would turn around in Arabic (7).

    What the days share is said once. Where one of them is missing or both are the same, there is one day.
    """
    start, end = _local_day(start), _local_day(end)
    if not start or not end or start == end:
        return day(start or end)
    if start.year != end.year:
        first = "DATE_FORMAT"
    elif start.month != end.month:
        first = "MONTH_DAY_FORMAT"
    else:
        # the form of a day's number without its month, in the letters of Django's date filter.
        first = pgettext("day of a range", "j")
    # two days, as in “17 to 19 September 2026”.
    return format_html(pgettext("range of days", "{start} to {end}"), start=_time(start, first), end=day(end))


def day_with_hijri(value: date | datetime | None) -> SafeString:
    """The day, and in brackets the same of the Umm al-Qura calendar (20), which is left out beyond its tables (1343–1500 AH)."""
    value = _local_day(value)
    try:
        hijri = value and Gregorian.fromdate(value).to_hijri()
    except OverflowError:
        hijri = None
    if not hijri:
        return day(value)
    # a Gregorian date, then the day, month and year of the same date in the Hijri calendar. A no-break space stands
    # between its day and its month.
    both = pgettext("date in both calendars", "{gregorian} ({day}\u00a0{month} {year} AH)")
    month = HIJRI_MONTHS[hijri.month - 1]
    return format_html(both, gregorian=day(value), day=hijri.day, month=month, year=hijri.year)


def time_zone(name: object) -> str:
    """The place whose time it is, “Riyadh”; of a zone without one, its name."""
    return get_timezone_location(str(name), locale=to_locale(get_language()), return_city=True)


def _local_day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _time(value: date | datetime | None, form: str) -> SafeString:
    value = _local_day(value)
    if not value:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, form))
