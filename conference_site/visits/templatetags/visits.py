"""``{% visits_of item as number %}``: how often its page was read in the last thirty days; one query."""

from django import template
from django.db import models

from conference_site.visits import reading

register = template.Library()


@register.simple_tag
def visits_of(item: models.Model) -> int:
    return reading.of_item(item)
