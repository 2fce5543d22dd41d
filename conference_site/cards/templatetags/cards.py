"""``{% card heading kicker frame.conference as card %}``: the picture that is shown with a link to the page, and its language.

``{{ language|territorial }}`` is a language as Open Graph names it.
"""

from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django import template
from django.utils.translation import override, to_locale

from conference_site.cards.card import Card
from conference_site.languages.content import Text, current

register = template.Library()


@register.simple_tag
def card(heading: Text | str, kicker: Text | str, site: object | None) -> Card:
    """A card is in one language, its heading's; what the template says of the kind of page is said in it, if it is lazy.

    ``site`` has the site's name in a language (``name_in``).
    """
    title = heading if isinstance(heading, Text) else Text(str(heading), current())
    with override(title.language):
        above = kicker if isinstance(kicker, Text) else Text(str(kicker), title.language)
    if above.language != title.language:
        above = Text("", title.language)
    return Card(above, title, site.name_in(title.language) if site else Text("", title.language))


@register.filter
@lru_cache(maxsize=100)
def territorial(language: str) -> str:
    """The language with the territory in which it is most spoken, by Unicode's CLDR."""
    locale = Locale.parse(to_locale(language))
    if locale.territory is None:
        locale = Locale.parse(get_global("likely_subtags")[locale.language])
    return f"{locale.language}_{locale.territory}"
