"""Checks the addresses that stand in the content: those of this site all the time, those of others now and then."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heapify, heappop, heappush
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from conference_site.links import internal, reading
from conference_site.links.external import Asker
from conference_site.links.models import Address, Outcome, Reason, State
from conference_site.locks import alone

READ_AT_ONCE = 50
CHECKED_AT_ONCE = 300
ASKED_AT_ONCE = 20
DAY = timedelta(hours=20)
WEEK = timedelta(days=7)
UNREACHED = {Reason.NO_SITE, Reason.SILENT, Reason.SLOW, Reason.NO_NETWORK}


# Addresses of this site


_reached = 0


def refresh() -> None:
    """For the watcher: read what has changed, and check what is new, what is broken, and the next few of the others.

    Which were the last ones is remembered by this process alone, so that a row is written only when there is news of it.
    """
    global _reached  # noqa: PLW0603 – of each process
    reading.refresh(READ_AT_ONCE)
    rows = Address.objects.filter(is_internal=True)
    pressing = rows.filter(state__in=[State.UNKNOWN, State.BROKEN]).order_by("pk")[:CHECKED_AT_ONCE]
    following = list(rows.filter(pk__gt=_reached).order_by("pk")[:CHECKED_AT_ONCE])
    _reached = following[-1].pk if len(following) == CHECKED_AT_ONCE else 0
    check_internal({row.pk: row for row in [*pressing, *following]}.values())


def check_internal(addresses: Iterable[Address]) -> None:
    """Look where these addresses of the site lead, and write down what is new."""
    addresses, now = list(addresses), timezone.now()
    found = internal.outcomes([address.url for address in addresses])
    save(address for address in addresses if address.note(found[address.url], now))


def check_all_internal() -> None:
    """Read everything anew, and check all addresses of this site."""
    reading.read_all()
    wrong = [row for row in Address.objects.only("url", "is_internal") if row.is_internal != internal.is_internal(row.url)]
    for row in wrong:  # the site got another name
        row.is_internal = not row.is_internal
    Address.objects.bulk_update(wrong, ["is_internal"], batch_size=500)
    rows = Address.objects.filter(is_internal=True).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:CHECKED_AT_ONCE]):
        check_internal(batch)
        last = batch[-1].pk


def save(addresses: Iterable[Address]) -> None:
    Address.objects.bulk_update(addresses, Address.CHECK, batch_size=500)


# Addresses of other sites


@dataclass
class Run:
    """One round of asking other sites: one question at a time, with a pause between two for the same host."""

    seconds: float
    """For all of it. Nothing begins that might not end in time."""
    asker: Asker = field(default_factory=Asker)
    sleep: Callable[[float], None] = time.sleep
    found: list[tuple[Address, Outcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asker.seconds = min(self.asker.seconds, 0.9 * self.seconds)

    def ask(self, addresses: Iterable[Address]) -> None:
        """Ask for these, as far as there is time, and write down what was found, also when the process is told to stop."""
        try:
            self._ask(addresses)
        finally:
            self._save()

    def _ask(self, addresses: Iterable[Address]) -> None:
        ends = time.monotonic() + self.seconds - self.asker.seconds
        waiting: dict[str, deque[Address]] = {}
        for address in addresses:
            waiting.setdefault(_host(address.url), deque()).append(address)
        ready = [(0.0, host) for host in waiting]
        heapify(ready)
        while ready and max(ready[0][0], time.monotonic()) <= ends:
            moment, host = heappop(ready)
            self.sleep(max(0.0, moment - time.monotonic()))
            address = waiting[host].popleft()
            self.found.append((address, self.asker.ask(address.url)))
            if waiting[host]:
                heappush(ready, (time.monotonic() + self.asker.pause_for(address.url), host))

    def _save(self) -> None:
        """Where nobody answered at all, it is this machine's network that fails, and no site is blamed for it."""
        now = timezone.now()
        hosts = {_host(address.url) for address, _outcome in self.found}
        if len(hosts) > 1 and all(outcome.reason in UNREACHED for _address, outcome in self.found):
            self.found = [(address, Outcome(State.UNCLEAR, Reason.NO_NETWORK)) for address, _outcome in self.found]
        for address, outcome in self.found:
            address.note(outcome, now)
        save(address for address, _outcome in self.found)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def external() -> models.QuerySet[Address]:
    """Those of other sites, the longest unasked first."""
    return Address.objects.filter(is_internal=False).order_by(F("checked_at").asc(nulls_first=True), "pk")


def due() -> models.QuerySet[Address]:
    """Those of other sites that are to be asked again: what fails on another day, the others a week later."""
    now = timezone.now()
    failing = Q(state__in=[State.FAILING, State.BROKEN], checked_at__lt=now - DAY)
    return external().filter(failing | Q(checked_at=None) | Q(checked_at__lt=now - WEEK))


def ask_due() -> None:
    """For the watcher: ask a few other sites, where this one may."""
    if settings.CHECK_EXTERNAL_LINKS:
        ask_some()


def ask_some() -> None:
    """A few of those that are due, at random: what can't be reached doesn't always come together."""
    if addresses := list(due()[: 10 * ASKED_AT_ONCE]):
        Run(seconds=120).ask(random.sample(addresses, min(ASKED_AT_ONCE, len(addresses))))


def check_now(address: Address) -> bool:
    """Check one address because somebody asks for it. False, and not checked, while that is done for somebody else."""
    if address.is_internal:
        check_internal([address])
        return True
    with alone(f"{__name__}.check_now") as is_ours:
        if is_ours:
            Run(seconds=10).ask([address])
    return is_ours
