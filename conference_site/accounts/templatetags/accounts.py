"""Words for what a browser says of itself."""

import re

from django import template
from django.utils.translation import gettext

register = template.Library()

BROWSERS = [("Edge", r"Edg"), ("Opera", r"OPR/"), ("Samsung Internet", r"SamsungBrowser"), ("Firefox", r"Firefox|FxiOS")]
BROWSERS += [("Chrome", r"Chrome|CriOS"), ("Safari", r"Safari")]
SYSTEMS = [("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"), ("Mac", r"Macintosh")]
SYSTEMS += [("Linux", r"Linux")]
"""In this order: each of them claims to be some of those that follow."""


@register.filter
def browser(user_agent: str) -> str:
    """“Firefox, Android”; what names itself in no usual way is an unknown browser."""
    found = [next((name for name, sign in names if re.search(sign, user_agent)), "") for names in (BROWSERS, SYSTEMS)]
    return gettext(", ").join(filter(None, found)) or gettext("an unknown browser")
