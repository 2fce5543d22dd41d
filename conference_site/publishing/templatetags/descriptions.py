"""``{% include "_description.html" with words=item|description %}``: what search engines are told of the page of an item."""

from django import template

from conference_site.publishing import descriptions

register = template.Library()


@register.filter
def description(item: object) -> str:
    """In one line; of a text in another language, between isolate characters (5). Empty without an item."""
    return descriptions.description(item).plain if item else ""
