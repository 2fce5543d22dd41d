"""Columns for text that reads from left to right in every language: a date that is known in part, a link."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference_site.languages.validators import validate_link

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def validate_partial_date(value: str) -> None:
    """Refuse what isn't ``2024``, ``2024-08`` or ``2024-08-18`` (ISO 8601 with reduced precision)."""
    match = PARTIAL_DATE.fullmatch(value)
    try:
        year, month, day = (int(part or 1) for part in match.groups())
        date(year, month, day)
    except (AttributeError, ValueError):
        raise ValidationError(_("Write a date as 2024-08-18, or 2024-08, or 2024.")) from None


class PartialDateField(models.CharField):
    """An ISO 8601 date of the precision that is known; empty when nothing is. Sorts as text.

    The same string is the ``datetime`` attribute of ``<time>``; `languages.dates` puts it in words.
    """

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{"max_length": 10, "blank": True, "default": ""} | kwargs)


class LinkField(models.CharField):
    """An address of the Web, or a path of this site with its language."""

    default_validators = [validate_link]
