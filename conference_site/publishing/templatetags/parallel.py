"""``{% parallel_link item %}``: the way from an item's page to where it is read side by side, if it is there in two languages."""

from django import template

from conference_site.languages.content import names_in_words
from conference_site.publishing import parallel
from conference_site.publishing.models import Publishable

register = template.Library()


@register.inclusion_tag("_parallel_link.html")
def parallel_link(item: Publishable) -> dict[str, object]:
    languages = parallel.languages_of(item)
    if not languages:
        return {}
    return {"address": parallel.address(item), "languages": names_in_words(languages), "count": len(languages)}
