"""``{% share item "title" as share %}``: addresses that hand a page on, without a script and without asking anybody."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings

from conference_site.languages.content import text_of

register = template.Library()


class Share(NamedTuple):
    """Where a reader is led who wants to share, the page’s own address, and its heading."""

    whatsapp: str
    x: str
    email: str
    address: str
    heading: str


@register.simple_tag
def share(item: object, field: str) -> Share:
    """Title and address stand in lines of their own, so that neither turns the other's direction around (3)."""
    title = " ".join(text_of(item, field).text.split())
    address = settings.SITE_URL + item.get_absolute_url()
    both = f"{title}\n{address}"
    return Share(
        whatsapp="https://wa.me/?" + urlencode({"text": both}, quote_via=quote),
        x="https://x.com/intent/post?" + urlencode({"text": title, "url": address}, quote_via=quote),
        email="mailto:?" + urlencode({"subject": title, "body": both.replace("\n", "\r\n")}, quote_via=quote),
        address=address,
        heading=title,
    )
