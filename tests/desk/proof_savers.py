"""`make proof-desk`: fifty browsers save one item for a minute, before a site as `make run` starts it.

Each opens the form, types a token of its own into one field, and saves. What was acknowledged has to stand in the history, and
may have replaced only what its author had seen; what was not has to be answered by the page that shows both texts, with mine
still typed.
"""

import http.client
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from tests.desk.forms import Browser, fields_on
from tests.operations.copies import RunningSite, copy_site, remove_database

SAVERS, ACCOUNTS, SECONDS = 50, 10, int(os.environ.get("SECONDS") or 60)
PATIENCE = 120  # seconds until an answer that doesn't come is a fault
MOST_TRIES = 3  # of one save that meets others
SILENT = ("deadlock", "Traceback", "ERROR")
"""What neither PostgreSQL nor the web server may say."""
NAMES = ("title", "summary", "body", "place", "correction", "video_transcript")
FIELDS = [f"{name}_{code}" for name in NAMES for code in ("ar", "en")]


@dataclass
class Save:
    """One press on “Save”, and how it was answered."""

    token: str
    column: str
    author: int
    base: str
    seen: str = ""
    status: int = 0
    seconds: float = 0


@dataclass
class Saver:
    """A browser of somebody who is signed in."""

    number: int
    author: int
    browser: Browser
    path: str
    saves: list[Save] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, deadline: float) -> None:
        chance, count = random.Random(self.number), 0
        while time.monotonic() < deadline:
            count += 1
            try:
                self.write(f"t{self.number}n{count}e", chance)
            except (OSError, http.client.HTTPException, AssertionError) as fault:
                self.faults.append(f"{type(fault).__name__}: {fault}")

    def write(self, token: str, chance: random.Random) -> None:
        """Change one field and save. Some who meet somebody else's text look at it and save again."""
        status, page, _place = self.browser.ask("GET", self.path)
        assert status == 200, f"the form was answered {status}"
        form = form_on(page)
        column = chance.choice(FIELDS)
        form[column] = [f"<p>{token}</p>" if column.startswith(("body", "video")) else token]
        for _try in range(chance.randint(1, MOST_TRIES)):
            save = Save(token, column, self.author, form["_base"][0], form.get("_seen", [""])[0])
            begun = time.monotonic()
            save.status, page, _place = self.browser.ask("POST", self.path, form | {"_continue": ["1"]})
            save.seconds = time.monotonic() - begun
            self.saves.append(save)
            if save.status == 302:
                return
            assert save.status == 409, f"a save was answered {save.status}"
            form = self.look_at_conflict(page, token, column)

    def look_at_conflict(self, page: str, token: str, column: str) -> dict:
        """The form as it came back: both texts are shown, and mine is still typed."""
        form, words = form_on(page), unescape(page)
        assert token in form[column][0], "what was typed is not in the form any more"
        assert form.get("_seen"), "the page does not say what it shows"
        mine = words.partition('class="collision"')[2].partition("</section>")[0]
        assert f"<p>{token}</p>" in mine, "mine is not shown beside theirs"
        assert "Saved meanwhile" in mine, "theirs is not shown beside mine"
        assert "has changed the same texts meanwhile" in words, "the page does not say what happened"
        return form


@dataclass(frozen=True)
class Kept:
    """A revision, by its texts."""

    key: str
    author: int | None
    texts: dict[str, str]


def history(item) -> list[Kept]:
    """The item's revisions, the oldest first."""
    from conference_site.publishing import working_copies

    rows = working_copies.revisions_of(item).order_by("pk").values_list("pk", "author", "data")
    return [Kept(str(pk), author, {name: data["fields"][name] or "" for name in FIELDS}) for pk, author, data in rows]


def revision_of(save: Save, past: list[Kept]) -> int:
    """The place of the first revision that has what was saved; 0 if there is none."""
    return next((index for index, kept in enumerate(past) if save.token in kept.texts[save.column]), 0)


def lost(saves: list[Save], past: list[Kept]) -> list[str]:
    """What was acknowledged and isn't there, what was refused and is, and what was overwritten unseen."""
    faults, shown = [], {kept.key: kept for kept in past}
    acknowledged = [save for save in saves if save.status == 302]
    for save in acknowledged:
        index = revision_of(save, past)
        if not index or past[index].author != save.author:
            faults.append(f"{save.token} was acknowledged, and is not in the history")
            continue
        old, new = past[index - 1].texts, past[index].texts
        if [name for name in FIELDS if old[name] != new[name]] != [save.column]:
            faults.append(f"{save.token} changed other fields than {save.column}")
        if old[save.column] not in {shown[key].texts[save.column] for key in (save.base, save.seen) if key}:
            faults.append(f"{save.token} replaced {old[save.column]}, which its author had not seen")
    refused = {save.token for save in saves} - {save.token for save in acknowledged}
    there = {token for kept in past for text in kept.texts.values() for token in refused if token in text}
    faults += [f"{token} was refused, and is in the history" for token in sorted(there)]
    if len(past) != len(acknowledged) + 1:
        faults.append(f"{len(acknowledged)} saves were acknowledged, and {len(past) - 1} are in the history")
    return faults


def form_on(page: str) -> dict[str, list[str]]:
    return fields_on(page, "newsitem_form")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = copy_site(Path(name) / "site")
        try:
            with RunningSite(folder) as site:
                site.wait_until_ready(600)
                faults = prove(folder, site)
        finally:
            remove_database(folder / "var" / "postgres")
    print("\n".join(faults) or "nothing was lost, and nobody was left without an answer")
    sys.exit(bool(faults))


def prove(folder: Path, site: RunningSite) -> list[str]:
    """Let them all save, print the figures, and return what is wrong."""
    item, savers = prepare(folder, site)
    deadline = time.monotonic() + SECONDS
    threads = [threading.Thread(target=saver.run, args=[deadline]) for saver in savers]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    saves, past = [save for saver in savers for save in saver.saves], history(item)
    tell(saves, past, took)
    faults = [fault for saver in savers for fault in saver.faults] + lost(saves, past)
    said = (folder / "var" / "postgres" / "log").read_text(errors="replace") + site.output
    faults += [f"“{words}” {said.count(words)} times in what the servers said" for words in SILENT if words in said]
    return faults


def tell(saves: list[Save], past: list[Kept], took: float) -> None:
    """The figures."""
    kept, asked = ([save for save in saves if save.status == status] for status in (302, 409))
    times = quantiles((save.seconds for save in saves), n=20)
    print(f"{SAVERS} savers of {ACCOUNTS} accounts, {took:.0f} s: {len(saves)} saves sent, {len(saves) / took:.1f} a second")
    merged = sum(past[revision_of(save, past) - 1].key != save.base for save in kept if not save.seen)
    print(f"{len(kept)} acknowledged, of which {merged} merged, {sum(bool(save.seen) for save in kept)} settled after a conflict")
    print(f"{len(asked)} conflicts that showed both texts; {len(saves) - len(kept) - len(asked)} other answers")
    print(f"half of the answers took {times[9]:.2f} s at most, 95 in 100 {times[18]:.2f} s")


def prepare(folder: Path, site: RunningSite):
    """A news item with a working copy, and everybody signed in; Django is set up before the site's own database."""
    choices = dict(line.split("=", 1) for line in (folder / "var" / "site.env").read_text().splitlines())
    os.environ.update(choices | {"DJANGO_SETTINGS_MODULE": "conference_site.settings"})
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils.translation import override

    from conference_site.publishing import working_copies
    from news.models import NewsItem
    from tests.builders import make, make_user

    item = make(NewsItem)
    working_copies.record(item, "saved")
    with override("en"):
        path = reverse("admin:news_newsitem_change", args=[item.pk])
    users, savers = [make_user("editor") for _number in range(ACCOUNTS)], []
    for number in range(SAVERS):
        client, user = Client(), users[number % ACCOUNTS]
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        browser = Browser(urlsplit(choices["SITE_URL"]).netloc, session, patience=PATIENCE)
        savers.append(Saver(number, user.pk, browser, path))
    return item, savers


if __name__ == "__main__":
    main()
