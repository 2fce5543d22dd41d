"""Texts in templates, each in its own language. Built into every template.

``<h1{{ goal|attributes:"title" }}>{{ goal|text:"title" }}</h1>`` for a block, ``{{ city|isolated:"name" }}`` inside other text,
``{{ item|plain:"title" }}`` in ``<title>`` and attributes, ``{{ item|rich:"body" }}`` for rich text in a block of its own.
Dates stand in ``<time>``: ``{{ item.event_on|day }}``, ``{{ milestone.date|partial_date }}``, ``{% day_range start end %}``,
``{% day_with_hijri start %}``; a number that names a year, in ``{{ number|year }}``.
"""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conference_site.languages import addresses, dates
from conference_site.languages import text as text_in_general
from conference_site.languages.content import Text, own_name, text_of

register = template.Library()

register.filter("own_name", own_name)
register.filter("day", dates.day)
register.filter("partial_date", dates.partial_date)
register.filter("time_zone", dates.time_zone)
register.simple_tag(dates.day_range)
register.simple_tag(dates.day_with_hijri)


@register.filter
def text(item: object, field: str) -> Text:
    """The text itself, empty when there is none in any public language."""
    return text_of(item, field)


@register.filter
def attributes(item: object, field: str) -> SafeString:
    return text_of(item, field).attributes


@register.filter
def isolated(item: object, field: str) -> SafeString:
    return text_of(item, field).isolated


@register.filter
def plain(item: object, field: str) -> str:
    return text_of(item, field).plain


@register.filter
def shortened(value: str, most: int) -> str:
    """The beginning of a text, never cut inside a word."""
    return text_in_general.shortened(value, most)


@register.filter
def rich(item: object, field: str) -> SafeString:
    return text_of(item, field).html


@register.filter
def lines(item: object, field: str) -> list[str]:
    """A text that its author broke by sense, line by line."""
    return text_of(item, field).lines


@register.filter
def code(value: object) -> SafeString:
    """A telephone number, address, or other left-to-right code, isolated (4)."""
    return format_html('<bdi dir="ltr">{}</bdi>', value) if value else SafeString("")


@register.filter
def unknown(value: object) -> SafeString:
    """A text whose language isn't known: what a visitor typed, a user's name (3)."""
    return format_html("<bdi>{}</bdi>", value) if value else SafeString("")


@register.filter
def year(value: int | date) -> str:
    """A year, or the year of a day. A bare ``{{ 2024 }}`` would be grouped like any number: 2,024."""
    return str(value.year if isinstance(value, date) else value)


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> list[addresses.Alternate]:
    """This page in every language; the page's own item stands in the context as ``item``."""
    return addresses.alternates(context["request"], context.get("item"))
