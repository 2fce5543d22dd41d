"""Checks of what editors type."""

from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from conference_site.languages.middleware import prefix_language


def validate_link(value: str) -> None:
    """Accept an ``https``/``http`` address, or a path of this site under the prefix of a language; refuse every other one."""
    if prefix_language(value) and "\\" not in value:
        return
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        raise ValidationError(
            _("Write an address that begins with https://, or a path of this site with its language, such as /en/news/.")
        ) from None


def validate_time_zone(value: str) -> None:
    """Accept a name of the IANA time zone database."""
    if value not in available_timezones():
        raise ValidationError(_("Write a time zone as Asia/Riyadh or Africa/Tunis."))


def validate_plausible(value: date) -> None:
    """Refuse a day or moment of a year that nobody means: a slip of the finger, which a time zone may not even hold."""
    if not 1900 <= value.year <= 2200:
        raise ValidationError(_("The year must lie between 1900 and 2200."))
