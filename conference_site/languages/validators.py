"""Checks of what editors type."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _


def validate_link(value: str) -> None:
    """Accept an ``https``/``http`` address, or a path of this site; refuse every other scheme."""
    if value.startswith("/") and not value.startswith("//") and "\\" not in value:
        return
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        raise ValidationError(
            _("Write an address that begins with https://, or a path of this site that begins with /.")
        ) from None
