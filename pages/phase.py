"""What visitors are told because of where the conference stands: its tense, its status, its call to action, its facts.

One place for the header, the home page and the conference's page, so that one change of phase alters all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import Text, current, text_of
from pages.models import Conference, Fact, Mode, Phase

STATUS = {
    Phase.UNDER_WAY: _("The conference is under way."),
    Phase.OVER: _("The conference has ended."),
    Phase.POSTPONED: _("The conference is postponed."),
    Phase.CANCELLED: _("The conference is cancelled."),
    Phase.MOVED_ONLINE: _("The conference takes place online."),
}
CHANGES = (Phase.POSTPONED, Phase.CANCELLED, Phase.MOVED_ONLINE)


@dataclass(frozen=True)
class CallToAction:
    """What the header and the first screen ask of a visitor: a wording, and a link while registration is open."""

    wording: Text
    url: str


@dataclass(frozen=True)
class FactRow:
    """A fact that is shown: known, or to be announced."""

    name: Fact
    is_known: bool

    @property
    def label(self) -> str:
        return self.name.label


class Standing:
    """The conference as a visitor should see it now. "Now" is the database's (`ConferenceQuerySet.current`)."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.phase = Phase(conference.phase)

    @property
    def status(self) -> str:
        """A sentence on where the conference stands, where that isn't plain from its dates."""
        return STATUS.get(self.phase, "")

    @property
    def is_change(self) -> bool:
        """Whether the status contradicts what a visitor may have planned."""
        return self.phase in CHANGES

    @property
    def is_past(self) -> bool:
        return self.phase == Phase.OVER

    @property
    def has_lost_its_dates(self) -> bool:
        """Whether the dates that stand in the record won't be kept."""
        return self.phase in (Phase.POSTPONED, Phase.CANCELLED)

    @property
    def has_lost_its_venue(self) -> bool:
        return self.phase in (Phase.MOVED_ONLINE, Phase.CANCELLED)

    @property
    def registration(self) -> str:
        """``before``, ``during`` or ``after`` registration, by the phase and, while it is open, by its two moments."""
        match self.phase:
            case Phase.ANNOUNCED:
                return "before"
            case Phase.REGISTRATION | Phase.MOVED_ONLINE:
                return self._by_the_clock()
            case Phase.UNDER_WAY | Phase.OVER:
                return "after"
        return ""

    def _by_the_clock(self) -> str:
        now, opens = self.conference.read_at, self.conference.registration_opens_at
        closes = self.conference.registration_closes_at
        if opens and now < opens:
            return "before"
        return "after" if closes and now >= closes else "during"

    @cached_property
    def call_to_action(self) -> CallToAction | None:
        wording = text_of(self.conference, f"registration_{self.registration}") if self.registration else None
        url = self.conference.registration_url if self.registration == "during" else ""
        return CallToAction(wording, url) if wording or url else None

    @cached_property
    def facts(self) -> list[FactRow]:
        """Every fact that is known or to be announced, in the order of `Fact`."""
        known = {fact: bool(value) for fact, value in self._values()}
        awaited = self.conference.to_be_announced
        return [FactRow(fact, known[fact]) for fact in Fact if known[fact] or fact in awaited]

    def _values(self) -> Iterator[tuple[Fact, object]]:
        conference = self.conference
        yield Fact.DATES, conference.starts_on or conference.former_starts_on
        yield Fact.VENUE, text_of(conference, "venue") or text_of(conference, "former_venue")
        yield Fact.MODE, conference.mode or self.phase == Phase.MOVED_ONLINE
        yield Fact.ORGANISER, text_of(conference, "organiser")
        yield Fact.CALL_FOR_PAPERS, text_of(conference, "call_for_papers")
        yield Fact.REGISTRATION, self.call_to_action or (not self.has_lost_its_dates and self._has_registration_dates)
        yield Fact.CONTACT_EMAIL, conference.contact_email
        yield Fact.SOCIAL_ACCOUNTS, conference.accounts

    @property
    def _has_registration_dates(self) -> bool:
        return bool(self.conference.registration_opens_at or self.conference.registration_closes_at)

    @property
    def mode(self) -> str:
        return (Mode.ONLINE if self.phase == Phase.MOVED_ONLINE else Mode(self.conference.mode)).label

    @property
    def has_changed_dates(self) -> bool:
        now, former = self.conference, (self.conference.former_starts_on, self.conference.former_ends_on)
        return any(former) and former != (now.starts_on, now.ends_on)

    @property
    def has_changed_venue(self) -> bool:
        """Whether the venue was another one; what is said in two languages can't be compared."""
        former, now = text_of(self.conference, "former_venue"), text_of(self.conference, "venue")
        return bool(former) and former != now and (not now or former.language == now.language)

    @property
    def opens_on(self) -> datetime | None:
        return self._local(self.conference.registration_opens_at)

    @property
    def closes_on(self) -> datetime | None:
        return self._local(self.conference.registration_closes_at)

    @property
    def time_zone(self) -> str:
        """The name of the conference's time zone, in the reader's language; empty while it is unset."""
        zone = self.conference.time_zone
        return get_timezone_location(ZoneInfo(zone), locale=current()) if zone else ""

    def _local(self, moment: datetime | None) -> datetime | None:
        """The moment in the conference's time zone, without it, so that a template prints it as it stands."""
        if moment is None:
            return None
        zone = ZoneInfo(self.conference.time_zone) if self.conference.time_zone else None
        return timezone.localtime(moment, zone).replace(tzinfo=None)
