"""The conference for search engines: a schema.org Event in JSON-LD, of known facts only."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from conference_site.languages.content import codes, current, text_of
from conference_site.publishing.structured_data import thing, whole
from pages.models import Conference, Mode, Phase

# https://schema.org/EventStatusType, https://schema.org/EventAttendanceModeEnumeration
STATUS = {
    Phase.POSTPONED: "EventPostponed",
    Phase.CANCELLED: "EventCancelled",
    Phase.MOVED_ONLINE: "EventMovedOnline",
}
ATTENDANCE = {
    Mode.ON_SITE: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.MIXED: "MixedEventAttendanceMode",
}


def event(conference: Conference) -> dict | None:
    """The Event, in the reader's language; None while the conference has no phase."""
    if not conference.phase:
        return None
    address = settings.SITE_URL + reverse("conference")
    organiser = text_of(conference, "organiser").text
    former = conference.former_starts_on
    rescheduled = bool(former and conference.starts_on and former != conference.starts_on)
    facts = {
        "@type": "Event",
        "name": " ".join(text_of(conference, "title").text.split()),
        "description": text_of(conference, "purpose").text,
        "url": address,
        "inLanguage": [code for code in codes() if conference.is_public(code)],
        "startDate": _day(conference.starts_on),
        "endDate": _day(conference.ends_on),
        "previousStartDate": _day(former) if former != conference.starts_on else None,
        "eventStatus": _term(STATUS.get(conference.phase, "EventRescheduled" if rescheduled else "EventScheduled")),
        "eventAttendanceMode": _term(ATTENDANCE.get(_mode(conference))),
        "location": _location(conference, address),
        "organizer": {"@type": "Organization", "name": organiser} if organiser else None,
    }
    return {name: value for name, value in facts.items() if value}


def website(conference: Conference) -> dict:
    """The site, and how it is searched."""
    return thing(
        "WebSite",
        name=conference.name_in(current()).text,
        url=whole(reverse("home")),
        inLanguage=codes(),
        potentialAction=thing(
            "SearchAction",
            target=thing("EntryPoint", urlTemplate=whole(reverse("search")) + "?q={words}"),
            **{"query-input": "required name=words"},
        ),
    )


def _mode(conference: Conference) -> str:
    return Mode.ONLINE if conference.phase == Phase.MOVED_ONLINE else conference.mode


def _location(conference: Conference, address: str) -> dict | list[dict] | None:
    """Where it takes place: the venue, the address on the Web, or both."""
    venue = text_of(conference, "venue").text
    place = {"@type": "Place", "name": venue} if venue else None
    online = {"@type": "VirtualLocation", "url": conference.registration_url or address}
    match _mode(conference):
        case Mode.ONLINE:
            return online
        case Mode.MIXED:
            return [place, online] if place else online
    return place


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _term(name: str | None) -> str | None:
    return f"https://schema.org/{name}" if name else None
