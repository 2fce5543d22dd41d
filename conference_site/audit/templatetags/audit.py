"""``{% log_of object as lines %}``: what the log says of one item, the newest first."""

from django import template
from django.db import models

from conference_site.audit import reading
from conference_site.audit.models import Entry

MOST = 50

register = template.Library()


@register.simple_tag
def log_of(item: models.Model) -> list[reading.Line]:
    return reading.lines(Entry.objects.about(item)[:MOST])
