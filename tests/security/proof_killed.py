"""`make proof-killed`: the site, and then its database, killed (-9) a hundred times while editors work: what they saved is there.

    python -m tests.security.proof_killed      SEED=, RUNS= for another run

An editing hour in a few seconds: each editor, signed in over HTTP, makes items, saves them, publishes and withdraws languages and
uploads pictures, and notes what each answer of 302 has promised. At a random moment all processes of the web server (in the first
half of the runs) or PostgreSQL with all of its own (in the other) are killed, and started again. Then what was promised has to be
there to the letter: working copy, live row, states, picture; and what was on its way has to be there as a whole or not at all.

A process that is killed leaves what it has written to the operating system; a machine that loses its power doesn't. For
that, this proof only asks PostgreSQL whether it waits for the disk (`DURABLE`), and can't show that the disk does what it says.
"""

import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from tests.delivery.running import HOST, Database, Host
from tests.desk.forms import Browser, Reply, fields_on

SEED = int(os.environ.get("SEED") or 20261128)
RUNS = int(os.environ.get("RUNS") or 100)
EDITORS = 4
LONGEST = 4.0
"""Seconds that a run may last before its kill."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
TEXTS = ("title", "summary", "body")
KINDS = ("news_newsitem", "pages_goal")
LANGUAGES = ("ar", "en")
SIZE = (900, 600)  # of pictures: large enough that preparing one takes a while
COLOURS = 12
"""By so much may a channel of a picture differ from what was sent: it is stored with losses."""


@dataclass(frozen=True)
class State:
    """How an item stands: its texts as they are worked on and as they are live, and where it is public."""

    draft: dict[str, str]
    live: dict[str, str]
    public: frozenset[str] = frozenset()
    was_public: bool = False

    def saved(self, draft: dict[str, str]) -> "State":
        return replace(self, draft=draft, live=self.live if self.was_public else draft)

    def published(self, languages: set[str]) -> "State":
        texts = {name: text for name, text in self.draft.items() if name.rpartition("_")[2] in languages}
        return replace(self, live=self.live | texts, public=self.public | languages, was_public=True)

    def withdrawn(self, language: str) -> "State":
        return replace(self, public=self.public - {language})


@dataclass
class Item:
    """What was promised of an item, and what the last request would have made of it that was never answered."""

    kind: str
    state: State | None = None
    pending: State | None = None
    pk: int = 0


@dataclass
class Picture:
    token: str
    colour: tuple[int, int, int]
    is_promised: bool = False


@dataclass
class Editor:
    """Works on items of their own, one act after the other, until one isn't acknowledged."""

    number: int
    browser: Browser
    chance: random.Random
    items: list[Item] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    acknowledged: Counter = field(default_factory=Counter)
    touched: list[Item] = field(default_factory=list)
    """In this run; so are `uploaded`."""
    uploaded: list[Picture] = field(default_factory=list)
    count: int = 0

    def work(self, killed: threading.Event) -> None:
        while True:
            act, *arguments = self.choose()
            try:
                act(*arguments)
            except (OSError, http.client.HTTPException, AssertionError) as fault:
                if not killed.is_set():
                    self.faults.append(f"{act.__name__}: {type(fault).__name__}: {fault}")
                return
            self.acknowledged[act.__name__] += 1

    def choose(self) -> tuple:
        """What to do next. Only the newest items go on being worked on."""
        at_hand = self.items[-6:]
        if len(at_hand) < 2 or self.chance.random() < 0.15:
            return self.create, self.chance.choice(KINDS)
        if self.chance.random() < 0.15:
            return (self.upload,)
        item = self.chance.choice(at_hand)
        self.touched.append(item)
        acts: list[tuple] = [(self.save, item)] * 3 + [(self.publish, item)] * 2
        if item.state.public:
            acts.append((self.withdraw, item))
        return self.chance.choice(acts)

    def create(self, kind: str) -> None:
        item = Item(kind, pending=State(draft := self.texts(), draft))
        self.items.append(item)
        self.touched.append(item)
        reply = self.send(path(kind, "add"), f"{kind.partition('_')[2]}_form", draft | {"_continue": "1"})
        item.pk = int(reply.location.rstrip("/").split("/")[-2])
        self.kept(item)

    def save(self, item: Item) -> None:
        draft = self.texts()
        self.change(item, item.state.saved(draft), "change", draft | {"_continue": "1"})

    def publish(self, item: Item) -> None:
        languages = set(self.chance.choice([LANGUAGES, *([code] for code in LANGUAGES)]))
        fields = {f"publish_{code}": "on" if code in languages else None for code in LANGUAGES}
        fields |= {f"expires_at_{code}_{part}": "" for code in languages for part in (0, 1)}  # of one that was withdrawn
        self.change(item, item.state.published(languages), "publish", fields)

    def withdraw(self, item: Item) -> None:
        language = self.chance.choice(sorted(item.state.public))
        place = path(item.kind, "publish", item.pk)
        token = fields_on(self.page(place), "publish")["csrfmiddlewaretoken"]
        item.pending = item.state.withdrawn(language)
        self.post(place, {"_withdraw": language, "csrfmiddlewaretoken": token})
        self.kept(item)

    def upload(self) -> None:
        picture = Picture(self.token(), tuple(self.chance.randrange(256) for _channel in range(3)))
        self.pictures.append(picture)
        self.uploaded.append(picture)
        content = BytesIO()
        Pillow.new("RGB", SIZE, picture.colour).save(content, "PNG")
        file = SimpleUploadedFile("a.png", content.getvalue(), "image/png")
        self.send(path("media_image", "add"), "image_form", {"file": file, "alternative_text_en": picture.token})
        picture.is_promised = True

    # What these are made of

    def change(self, item: Item, after: State, view: str, fields: dict) -> None:
        form_id = f"{item.kind.partition('_')[2]}_form" if view == "change" else view
        self.send(path(item.kind, view, item.pk), form_id, fields, lambda: setattr(item, "pending", after))
        self.kept(item)

    def kept(self, item: Item) -> None:
        item.state, item.pending = item.pending, None

    def send(self, place: str, form_id: str, changes: dict, begun: Callable[[], None] = lambda: None) -> Reply:
        """Open a form, change some of its fields (None leaves one out), and press its button; ``begun`` is called just before."""
        form = fields_on(self.page(place), form_id) | changes
        begun()
        return self.post(place, {name: value for name, value in form.items() if value is not None})

    def page(self, place: str) -> str:
        reply = self.browser.ask("GET", place)
        assert reply.status == 200, f"{place} was answered {reply.status}"
        return reply.page

    def post(self, place: str, form: dict) -> Reply:
        reply = self.browser.ask("POST", place, form)
        assert reply.status == 302, f"a form for {place} was answered {reply.status}"
        assert "/login/" not in reply.location, f"{place} led to {reply.location}"
        return reply

    def token(self) -> str:
        self.count += 1
        return f"e{self.number}n{self.count}z"

    def texts(self) -> dict[str, str]:
        """Other texts in every column, all with one token, so that a mixture is seen; some are long."""
        token, length = self.token(), self.chance.choice([1, 40, 4_000])
        return {
            f"{name}_{code}": f"<p>{' '.join([f'{token}{code}'] * length)}</p>" if name == "body" else f"{token}{code}"
            for name in TEXTS
            for code in LANGUAGES
        }


def path(kind: str, view: str, *arguments: int) -> str:
    from django.urls import reverse
    from django.utils.translation import override

    with override("en"):
        return reverse(f"admin:{kind}_{view}", args=arguments)


# The runs


def main() -> None:
    chance = random.Random(SEED)
    print(f"SEED={SEED} RUNS={RUNS}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        host = Host(folder / "host")
        with Database(folder) as database:
            refuse_forgetful()
            host.start()
            try:
                faults = prove(database, host, chance)
            finally:
                if host.process.poll() is None:
                    host.stop()
    print("\n".join(faults[:40]) or "no acknowledged save was lost, and none that was not is half there")
    sys.exit(bool(faults))


def prove(database: Database, host: Host, chance: random.Random) -> list[str]:
    editors = [Editor(number, signed_in(host), random.Random(chance.random())) for number in range(EDITORS)]
    begun, faults = time.monotonic(), []
    for what, runs, kill, start in (
        ("application", RUNS - RUNS // 2, host.kill, host.start),
        ("PostgreSQL", RUNS // 2, database.kill, database.bring_back),
    ):
        for editor in editors:
            editor.acknowledged.clear()
        ends, back = Counter(), []
        for run in range(runs):
            back.append(killed_once(editors, host, chance.uniform(0.1, LONGEST), kill, start))
            faults += [f"{what}, run {run + 1}: {each}" for each in checked(editors, ends)]
        total = sum((editor.acknowledged for editor in editors), Counter())
        print(
            f"{what} killed {runs} times: {total.total()} saves acknowledged {dict(total)}; "
            f"on their way at a kill: {dict(ends)}; answering again after {max(back):.1f} s at most",
            flush=True,
        )
    faults += [f"at the end: {each}" for each in checked(editors, Counter(), all_of_them=True)]
    faults += [fault for editor in editors for fault in editor.faults]
    print(f"{time.monotonic() - begun:.0f} s; files that no row names: {len(unnamed_files())}")
    return faults


def killed_once(editors: list[Editor], host: Host, seconds: float, kill: Callable, start: Callable) -> float:
    """Let them work for so long, kill and start again. Returns the seconds from the start to a page of the desk."""
    from django.db import connections

    killed = threading.Event()
    threads = [threading.Thread(target=editor.work, args=[killed]) for editor in editors]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    killed.set()
    kill()
    for thread in threads:
        thread.join()
    connections.close_all()
    begun = time.monotonic()
    start()
    refuse_forgetful()
    while editors[0].browser.ask("GET", "/en/admin/").status != 200:
        assert time.monotonic() - begun < 60, "the desk doesn't come back"
        time.sleep(0.05)
    return time.monotonic() - begun


def refuse_forgetful() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name, wanted in DURABLE.items():
            cursor.execute(f"SHOW {name}")
            [found] = cursor.fetchone()
            assert found == wanted, f"{name} is {found}"


def signed_in(host: Host) -> Browser:
    from django.conf import settings
    from django.test import Client as Visitor

    from tests.builders import make_user

    visitor = Visitor()
    visitor.force_login(make_user("administrator"))
    return Browser(f"127.0.0.1:{host.port}", visitor.cookies[settings.SESSION_COOKIE_NAME].value, HOST, patience=20)


# What is there afterwards


def checked(editors: list[Editor], ends: Counter, *, all_of_them: bool = False) -> Iterator[str]:
    """What is not as promised; counts in ``ends`` what had become of that which was on its way."""
    for editor in editors:
        for item in editor.items if all_of_them else editor.touched:
            if item.pending:
                ends[settled(item)] += 1
            if item.state:
                yield from (f"{item.kind} {item.pk}: {each}" for each in differences(item))
        editor.items = [item for item in editor.items if item.state]
        for picture in editor.pictures if all_of_them else editor.uploaded:
            if not picture.is_promised:
                ends["written" if rows_of(picture) else "not written"] += 1
            yield from (f"picture {picture.token}: {each}" for each in lacks(picture))
        editor.touched.clear()
        editor.uploaded.clear()


def settled(item: Item) -> str:
    """Whether the act that was on its way was done. From now on the item's state is one or the other, and has to be just that."""
    pending, item.pending = item.pending, None
    if not item.pk:
        found = model_of(item)._base_manager.filter(title_en=pending.draft["title_en"]).first()
        item.pk = found.pk if found else 0
    if item.pk and standing(item) != item.state:
        item.state = pending
        return "written"
    return "not written"


def differences(item: Item) -> Iterator[str]:
    """Where the rows are not as promised, and where one doesn't fit to another."""
    from conference_site.publishing import aggregate, versions, working_copies
    from conference_site.search import indexing
    from conference_site.search.models import SearchEntry

    if not (found := standing(item)):
        yield "it is not there"
        return
    if found != item.state:
        yield f"promised {short(item.state)}, found {short(found)}"
    live = model_of(item).objects.get(pk=item.pk)
    newest = working_copies.revisions_of(live).first()
    if newest.changed != aggregate.differences(working_copies.as_stored(aggregate.snapshot(live)), newest.data, type(live)):
        yield "the newest revision says that something else has changed"
    for version in versions.of(live):
        told = (version.revision_id, version.title, version.publish_at, version.expires_at)
        live_dates = (getattr(live, f"{name}_{version.language}") for name in ("publish_at", "expires_at"))
        if told != (newest.pk, newest.data["fields"][f"title_{version.language}"], *live_dates):
            yield f"the board says something else of {version.language}"
    found = SearchEntry.objects.filter(kind=live._meta.model_name, object_id=live.pk)
    if {as_found(entry) for entry in found} != {as_found(entry) for entry in indexing.entries(live)}:
        yield "the search holds something else"


def standing(item: Item) -> State | None:
    """How the item stands in the database; None where there is no such row."""
    from conference_site.publishing import working_copies

    live = model_of(item).objects.with_states().filter(pk=item.pk).first()
    if live is None:
        return None
    draft, names = working_copies.working_copy(live)["fields"], [f"{name}_{code}" for name in TEXTS for code in LANGUAGES]
    public = frozenset(code for code in LANGUAGES if live.is_public(code))
    return State(
        {name: draft[name] for name in names}, {name: getattr(live, name) for name in names}, public, live.was_ever_published
    )


def short(state: State) -> str:
    """The first word of each text."""
    draft, live = ({name: text[:24].split(" ")[0] for name, text in texts.items()} for texts in (state.draft, state.live))
    return f"draft {draft}, live {live}, public {sorted(state.public)}"


def as_found(entry) -> tuple:
    return entry.language, entry.title, entry.text, entry.publish_at, entry.expires_at


def model_of(item: Item):
    from django.apps import apps

    return apps.get_model(*item.kind.split("_"))


def rows_of(picture: Picture) -> list:
    from conference_site.media.models import Image

    return list(Image.objects.filter(alternative_text_en=picture.token))


def lacks(picture: Picture) -> Iterator[str]:
    rows = rows_of(picture)
    if len(rows) != 1 and (picture.is_promised or rows):
        yield f"there are {len(rows)} rows"
    for row in rows:
        try:
            with row.file.open() as file, Pillow.open(file) as image:
                image.load()
                pixel = image.convert("RGB").getpixel((SIZE[0] // 2, SIZE[1] // 2))
                if (
                    image.size != SIZE
                    or max(abs(is_now - was) for is_now, was in zip(pixel, picture.colour, strict=True)) > COLOURS
                ):
                    yield f"{image.size} in {pixel}, and was sent in {picture.colour}"
        except OSError as problem:
            yield f"its file can't be read: {problem}"


def unnamed_files() -> list[str]:
    """What an upload has left behind that was killed between its file and its row; nobody is led to it."""
    from django.conf import settings

    from conference_site.media.models import Image

    named = set(Image.objects.values_list("file", flat=True))
    there = Path(settings.MEDIA_ROOT, "images").rglob("*")
    return [str(each) for each in there if each.is_file() and each.relative_to(settings.MEDIA_ROOT).as_posix() not in named]


if __name__ == "__main__":
    main()
