"""A small site with something of everything, and an archive of it."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from PIL import Image as Pillow

from conference_site.archives import databases, media, pages
from conference_site.archives.databases import Server
from conference_site.media.models import Image
from news.models import NewsItem
from pages.documents import Document
from pages.models import Conference, Goal
from tests.builders import make
from tests.databases import empty

PDF = b"%PDF-1.7\n" + bytes(300_000) + b"\n%%EOF"
PAGES = ["/ar/", "/en/", "/ar/goals/", "/en/documents/call/"]
KEPT_APART = {"public.delivery_contentversion"}
"""A restore names what is public anew."""


@pytest.fixture(autouse=True)
def alone_on_the_server(django_db_setup) -> Iterator[None]:
    """All workers of a run have one server: archives make and drop databases there, and tidy up behind others."""
    with Server() as server:
        server._connection.execute("SELECT pg_advisory_lock(hashtextextended('tests.archives', 0))")
        yield


@pytest.fixture
def place(settings, tmp_path, monkeypatch) -> Path:
    """Where archives go, and a media folder of the test's own. Pages are few: those of `pages.sample` have a test."""
    monkeypatch.setattr(pages, "sample", lambda: PAGES)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_URL = str(tmp_path / "backups")
    return tmp_path / "backups"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("archives")


@pytest.fixture
def archive(place, made_once) -> Path:
    """An archive of `fill`, at BACKUP_URL; what is there itself may be anything."""
    if not (made := next(made_once.glob("*.tar"), None)):
        fill()
        run("backup", "--to", made_once)
        shutil.rmtree(place.parent / "media")
        empty()
        made = next(made_once.glob("*.tar"))
    place.mkdir()
    (place.parent / "media").mkdir()
    return Path(shutil.copy2(made, place))


def picture(colour: str, width: int = 80) -> Image:
    buffer = BytesIO()
    Pillow.new("RGB", (width, 40), colour).save(buffer, "PNG")
    image = Image(file=ContentFile(buffer.getvalue(), "x.png"), alternative_text_en="A hall")
    image.save()
    return image


def fill() -> None:
    """Content, pictures shown and withdrawn, a document, and files that are drawn."""
    make(Conference)
    for each in range(3):
        make(Goal, title_en=f"Goal {each}, “quoted”\nand broken", title_ar=f"هدف {each}")
    make(NewsItem)
    make(Document, slug="call", file_en=ContentFile(PDF, "x.pdf"))
    shown, withdrawn = picture("blue"), picture("red")
    withdrawn.withdraw()
    for name in (f"renditions/{shown.file.name}/1.webp", "cards/1.png", "images/2.webp.part"):
        default_storage.save(name, ContentFile(b"drawn"))


def run(name: str, *arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def refused(name: str, *arguments: object) -> str:
    """The sentence in which a command says why it doesn't."""
    with pytest.raises(CommandError) as refusal:
        run(name, *arguments)
    return str(refusal.value)


def drilled() -> str:
    """What a drill reports that ends with another exit code than 0."""
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("restore", "--drill", stdout=out)
    return out.getvalue()


def rows() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for name in sorted(databases.tables().keys() - KEPT_APART):
            cursor.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
            found[name] = [row for (row,) in cursor.fetchall()]
    return found


def files() -> dict[str, bytes]:
    return {name: default_storage.open(name).read() for name in media.names()}


def database_names() -> set[str]:
    """Those that this test may see change: other workers' come and go."""
    own = connection.settings_dict["NAME"]
    with Server() as server:
        return {name for name in server.names() if name.startswith(own) or not name.startswith("test_")}


def state(place: Path) -> tuple:
    """Everything that a command may touch."""
    there = sorted(path.relative_to(place.parent).as_posix() for path in place.parent.rglob("*"))
    return rows(), files(), database_names(), there


def in_a_process(act: Callable[[], object]) -> int:
    """Do something in a process of its own, that may be killed; returns its exit code, negative for a signal."""
    connections.close_all()
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        act()
        code = 0
    except SystemExit as stop:
        code = stop.code
    finally:
        os._exit(code)


def kill(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stop(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
