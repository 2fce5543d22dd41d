"""The conference as an entry of a calendar (iCalendar, RFC 5545), once its first day is known.

Days, not hours, are what is known of it: the event lasts whole days, which need no time zone.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from icalendar import Calendar, Event, vText

from conference_site.languages.content import current, text_of
from conference_site.publishing.models import Revision
from pages.models import Conference, Phase

CANCELLED = (Phase.CANCELLED, Phase.POSTPONED)
"""Phases in which the days won't be kept: calendars take the event out, until it has new ones."""


def is_in_calendar(conference: Conference) -> bool:
    """Whether there is anything to be noted down: a phase, and a first day."""
    return bool(conference.phase and conference.starts_on)


def calendar(conference: Conference) -> bytes:
    """The calendar with the event, in the language that is active."""
    document = Calendar()
    document.add("prodid", f"-//{settings.SITE_HOST}//{current()}//")
    document.add("version", "2.0")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", _text(conference, "short_title") or _text(conference, "title"))
    document.add_component(_event(conference))
    return document.to_ical()


def _event(conference: Conference) -> Event:
    event = Event()
    event.add("uid", f"conference@{settings.SITE_HOST}")  # the same in every language: one event, whoever imports both
    event.add("sequence", _changes(conference))
    event.add("dtstamp", conference.modified_at)
    event.add("last-modified", conference.modified_at)
    event.add("dtstart", conference.starts_on)
    event.add("dtend", (conference.ends_on or conference.starts_on) + timedelta(days=1))  # the day after the last
    event.add("status", "CANCELLED" if conference.phase in CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", settings.SITE_URL + reverse("conference"))
    for name, field in (("summary", "title"), ("description", "purpose"), ("location", "venue")):
        if conference.phase == Phase.MOVED_ONLINE and field == "venue":
            continue
        text = text_of(conference, field)
        if text:
            event.add(name, vText(" ".join(text.text.split()), params={"LANGUAGE": text.language}))
    return event


def _changes(conference: Conference) -> int:
    """How often what the public sees has changed: a calendar takes an event with a higher number for the newer one."""
    revisions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(Conference), object_id=conference.pk)
    return revisions.filter(action__in=[Revision.Action.PUBLISHED, Revision.Action.WITHDRAWN]).count()


def _text(conference: Conference, field: str) -> str:
    return " ".join(text_of(conference, field).text.split())
