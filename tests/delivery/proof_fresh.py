"""`make proof-delivery`: whatever changes is seen everywhere a quarter of a second later.

Two sets of two processes serve one database under load, while one news item is published, edited, deleted, restored, withdrawn,
rolled back, updated with all others, scheduled and let expire, two hundred times. Each state of it has a word of its own in its
titles. An answer that began 250 ms after a change and shows an earlier state is a fault (behind nginx 1,250 ms),
as is a state that never was.
"""

import re
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.delivery.running import Answer, Database, Fronted, Load, hosts

CHANGES = 200
GRACE = 0.25
"""Seconds after which a change is seen."""
RATE = 120  # requests a second
RATE_OF_ONE_ADDRESS = 25
"""Two in eleven are searches, of which nginx allows one address ten a second, and fifty at once after a standstill."""
WORD = "zibeline"
"""In every title, to be searched for."""
KINDS = [
    "publish",
    "edit",
    "roll_back",
    "delete",
    "restore",
    "update_all",
    "withdraw",
    "publish",
    "schedule",
    "expire",
    "publish",
]
ABSENT = "absent"
MARK = re.compile(rb"m(\d+)m")


@dataclass(frozen=True)
class Seen:
    """What one answer showed."""

    path: str
    begun: float
    ended: float
    state: str
    how: str


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder), hosts(folder, number=2) as made:
            faults = prove([host.port for host in made])
            with Fronted(folder, made) as fronted:
                print("behind nginx:", flush=True)
                faults += prove([fronted.port], GRACE + 1, RATE_OF_ONE_ADDRESS)
            faults += [line for host in made for line in host.log().splitlines() if "Traceback" in line]
    print("\n".join(faults[:20]) or f"no answer was older than {GRACE * 1000:.0f} ms, behind nginx a second more")
    sys.exit(bool(faults))


def prove(ports: list[int], grace: float = GRACE, rate: float = RATE) -> list[str]:
    script = Script()
    paths = script.paths()
    with Load(ports, paths, rate, look=lambda answer: look(answer, script.slug)) as load:
        for number in range(CHANGES):
            script.change(number)
            time.sleep(0.15 if number % 3 else 0.4)
        time.sleep(1)
    script.delete(ABSENT)  # so that the word is free for another
    seen = load.answers
    faults = judge(script.states, seen, grace)
    print(f"{CHANGES} changes in {load.seconds:.0f} s: {dict(Counter(script.kinds))}")
    hows = dict(Counter(each.how for each in seen))
    print(f"{len(seen)} answers, {len(seen) / load.seconds:.0f} a second, {len(ports)} sets of processes: {hows}")
    return faults


def look(answer: Answer, slug: str) -> Seen:
    marks = [int(found) for found in MARK.findall(answer.body)]
    if answer.path.endswith(".xml"):
        state = "there" if slug.encode() in answer.body else ABSENT
    else:
        state = f"m{max(marks)}m" if marks else ABSENT
    if answer.status not in (200, 404):
        state = f"status {answer.status}"
    return Seen(answer.path, answer.begun, answer.ended, state, answer.mark or f"not kept, {answer.status}")


def judge(states: list[tuple[float, float, str]], seen: list[Seen], grace: float) -> list[str]:
    """``states``: when each began at the earliest and at the latest, and its mark; what is wrong with what was seen."""
    faults = []
    sure = [latest for _earliest, latest, _state in states]
    for each in seen:
        if "detail=" in each.how:
            continue
        oldest = bisect_right(sure, each.begun - grace) - 1
        allowed = {state for earliest, _latest, state in states[max(oldest, 0) :] if earliest <= each.ended}
        if each.path.endswith(".xml"):
            allowed = {state if state == ABSENT else "there" for state in allowed}
        if each.state not in allowed:
            faults.append(f"{each.path} at {each.begun:.3f}: {each.state}, and not {sorted(allowed)} ({each.how})")
    return faults


class Script:
    """One news item, and all that can be done with it."""

    def __init__(self) -> None:
        from news.models import NewsItem
        from tests.builders import make

        self.item = make(NewsItem, **self.titles("m0m"))
        self.slug = self.item.slug
        self.kinds: list[str] = []
        now = time.monotonic()
        self.states: list[tuple[float, float, str]] = [(now, now, "m0m")]
        from conference_site.publishing import working_copies

        working_copies.record(self.item, "saved")

    def paths(self) -> list[str]:
        from django.urls import reverse

        from conference_site.sitemaps import RANGE

        pages = [f"news/{self.slug}/", "", "news/", "news.atom", f"search/?q={WORD}"]
        sitemap = reverse("sitemap_of_items", args=[self.item.page_name, (self.item.pk - 1) // RANGE + 1])
        return [sitemap, *(f"/{code}/{page}" for code in ("ar", "en") for page in pages)]

    @staticmethod
    def titles(mark: str) -> dict[str, str]:
        return {f"title_{code}": f"{WORD} {mark}" for code in ("ar", "en")}

    def change(self, number: int) -> None:
        kinds = [
            "publish",
            "edit",
            "roll_back",
            "delete",
            "restore",
            "update_all",
            "withdraw",
            "publish",
            "schedule",
            "expire",
            "publish",
        ]
        kind = kinds[number % len(kinds)]
        self.kinds.append(kind)
        getattr(self, kind)(f"m{number + 1}m")

    def note(self, begun: float, state: str) -> None:
        self.states.append((begun, time.monotonic(), state))

    def publish(self, mark: str) -> None:
        """Both languages, now, as an editor does."""
        self._publish(mark, {f"{name}_{code}": None for name in ("publish_at", "expires_at") for code in ("ar", "en")})

    def _publish(self, mark: str, dates: dict) -> None:
        from conference_site.publishing import working_copies

        data = working_copies.working_copy(self.item)
        working_copies.save(self.item, data | {"fields": data["fields"] | self.titles(mark)})
        begun = time.monotonic()
        working_copies.publish(self.item, ["ar", "en"], None, dates)
        self.note(begun, mark)

    def edit(self, mark: str) -> None:
        """A draft first, which nobody may see, and then its publication."""
        from conference_site.publishing import working_copies

        data = working_copies.working_copy(self.item)
        working_copies.save(self.item, data | {"fields": data["fields"] | self.titles("m9999m")})
        self.publish(mark)

    def roll_back(self, mark: str) -> None:
        from django.db import transaction

        from conference_site.publishing import working_copies

        with transaction.atomic():
            data = working_copies.working_copy(self.item)
            working_copies.save(self.item, data | {"fields": data["fields"] | self.titles(mark)})
            working_copies.publish(self.item, ["ar", "en"])
            transaction.set_rollback(True)

    def delete(self, mark: str) -> None:
        from conference_site.publishing import working_copies

        begun = time.monotonic()
        working_copies.delete(self.item)
        self.note(begun, ABSENT)

    def restore(self, mark: str) -> None:
        from conference_site.publishing import working_copies

        begun, former = time.monotonic(), self.states[-2][2]
        working_copies.restore(self.item)
        self.note(begun, former)

    def update_all(self, mark: str) -> None:
        """As a command would, with its entries of the search."""
        from django.db import transaction

        from conference_site.search import indexing
        from news.models import NewsItem

        begun = time.monotonic()
        with transaction.atomic():
            NewsItem.objects.filter(pk=self.item.pk).update(**self.titles(mark))
            indexing.refresh_all(NewsItem, [self.item.pk])
        self.note(begun, mark)

    def withdraw(self, mark: str) -> None:
        from conference_site.publishing import working_copies

        begun = time.monotonic()
        working_copies.withdraw(self.item, ["ar", "en"])
        self.note(begun, ABSENT)

    def schedule(self, mark: str) -> None:
        """Withdrawn, and to come in half a second."""
        self._at(mark, "publish_at")

    def expire(self, mark: str) -> None:
        """Public, and to go in half a second."""
        self._at(mark, "expires_at")

    def _at(self, mark: str, name: str) -> None:
        from django.utils import timezone

        from conference_site.publishing import working_copies

        self.withdraw(mark)
        data = working_copies.working_copy(self.item)
        working_copies.save(self.item, data | {"fields": data["fields"] | self.titles(mark)})
        begun, ahead = time.monotonic(), 0.6
        moment = timezone.now() + timedelta(seconds=ahead)
        dates = {f"{name}_{code}": moment for code in ("ar", "en")}
        others = "expires_at" if name == "publish_at" else "publish_at"
        dates |= {f"{others}_{code}": None for code in ("ar", "en")}
        passes = time.monotonic() + ahead
        working_copies.publish(self.item, ["ar", "en"], None, dates)
        committed = time.monotonic()
        if name == "expires_at":
            self.note(begun, mark)
        time.sleep(max(0, passes + 0.02 - time.monotonic()))
        state = mark if name == "publish_at" else ABSENT
        self.states.append((passes - 0.02, max(passes + 0.02, committed), state))  # on a slow machine the moment may be past
        time.sleep(0.4)


if __name__ == "__main__":
    main()
