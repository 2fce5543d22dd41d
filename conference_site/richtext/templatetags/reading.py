"""``{{ item|text:"body"|minutes_to_read }}``: how long a text takes to read."""

from django import template

from conference_site.languages.content import Text
from conference_site.richtext import reading

register = template.Library()


@register.filter
def minutes_to_read(text: Text) -> int:
    """Minutes, at least one for any text; 0 for none."""
    return reading.minutes_to_read(text.text)
