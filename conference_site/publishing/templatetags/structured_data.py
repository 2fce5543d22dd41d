"""``{% structured_data item "news" section %}``: what the page of an item is about, and the way to it, for search engines."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from conference_site.publishing import structured_data as data

register = template.Library()


@register.simple_tag
def structured_data(item: object, page_name: str = "", section: str = "") -> SafeString:
    """The section is named by its page and by its name on the page; without one, the item stands under the home page."""
    return data.of_item(item, reverse("home"), (section, reverse(page_name)) if page_name else None)
