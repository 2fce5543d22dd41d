"""A small site with something of everything, and an archive of it."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from PIL import Image as Pillow

from conference_site.archives import content, databases, media, pages
from conference_site.archives.databases import Server
from conference_site.media.models import Image
from conference_site.navigation.models import MenuEntry, Redirect
from conference_site.operations.models import LoadedItem
from conference_site.proofreading.models import Dismissal, OfficialName
from conference_site.publishing import versions, working_copies
from conference_site.publishing.models import Revision
from conference_site.search import indexing
from conference_site.search.models import NameGroup
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Conference, Goal
from tests.builders import make, stand
from tests.databases import empty

PDF = b"%PDF-1.7\n" + bytes(300_000) + b"\n%%EOF"
PASSWORD = "correct horse battery"
TEXT = '<h2>عنوان</h2><p>One <strong>strong</strong> word</p><p>وقّعت <span lang="fr" dir="ltr">Oui</span></p>'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g><rect width="9" height="9" fill="red"/></g></svg>'
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


def fill(with_conference: bool = True) -> None:
    """Content, pictures shown and withdrawn, a document, and files that are drawn."""
    if with_conference:
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


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder, by their names."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def everything() -> None:
    """`fill`, and work on it: drafts, reviews, plans, galleries, menus, former and printed addresses, names, what is deleted."""
    fill()
    editor, now = User.objects.create_user("noura", password=PASSWORD), timezone.now()
    Image(file=ContentFile(DRAWING, "x.svg"), alternative_text_en="A square").save()
    Image.objects.update(alternative_text_ar="قاعة")
    topic = Topic.objects.create(name_ar="تعليم", name_en="Education")
    topic.slug = "learning"
    topic.save()
    item, goal, document = NewsItem.objects.get(), Goal.objects.order_by("pk").first(), Document.objects.get()
    data = working_copies.working_copy(item)
    data["fields"] |= {
        "title_en": "Draft title",
        "body_ar": TEXT,
        "image_id": Image.objects.get(withdrawn_at=None, file__endswith=".webp").pk,
    }
    data["links"] |= {"topics": [topic.pk], "documents": [document.pk]}
    data["parts"]["goal_links"] = [{"pk": 1, "goal_id": goal.pk, "note_en": "A note", "note_ar": ""}]
    data["parts"]["pictures"] = [
        {"pk": 4, "image_id": Image.objects.first().pk, "caption_ar": "قاعة", "caption_en": "", "order": 3}
    ]
    working_copies.save(item, data, editor)
    working_copies.publish(item, ["ar", "en"], editor)
    working_copies.save(item, data | {"fields": data["fields"] | {"title_ar": "مسودة", "body_en": TEXT}}, editor)
    working_copies.submit(item, ["ar"], editor, note="Please look")
    draft = make(Goal, public=[], title_en="Only a draft", title_ar="")
    working_copies.record(draft, Revision.Action.SAVED, editor)
    stand(item, label_en="The news")
    MenuEntry.objects.create(section="goals", place="footer")
    Redirect.objects.create(path="/call", section="documents", note="on the poster")
    NameGroup.objects.create(forms=["UNESCO", "اليونسكو"])
    OfficialName.objects.create(name="UNESCO", replaces=["Unesco"])
    kind = ContentType.objects.get_for_model(item)
    Dismissal.objects.create(content_type=kind, object_id=item.pk, digest="0" * 32, author=editor)
    LoadedItem.objects.create(key="news.gone", content_type=kind, object_id=1_000)
    Goal.objects.filter(pk=goal.pk).update(deleted_at=now, order=70)
    Conference.objects.update(
        phase="announced", starts_on=now.date(), ends_on=now.date(), venue_ar="الجبيل", to_be_announced=["mode"]
    )
    indexing.rebuild()
    versions.rebuild()


def of_content() -> dict[str, list[str]]:
    """Every row of content, as text, but for those that only link two."""
    names = {f"public.{model._meta.db_table}" for model in content.kinds().values()}
    return {name: found for name, found in rows().items() if name in names}
