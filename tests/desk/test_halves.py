"""A publication that dies on its way leaves everything as it was, or as it is to be: at each of its statements, in each way."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from PIL import Image as Pillow

from conference_site.archives.databases import connected_to
from conference_site.delivery import connections
from conference_site.media.models import Image
from conference_site.operations.postgres import SHARED, Account
from conference_site.publishing import aggregate, working_copies
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic
from pages.models import Goal
from tests.archives.conftest import in_a_process, picture, rows
from tests.builders import make, make_user
from tests.desk.forms import fields_of
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = 32 * 1024
"""Bytes by which the room on a small disk grows from one trial to the next."""
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d(:\d\d)?|Z)")
LONG = " ".join(sha256(bytes([number])).hexdigest() for number in range(200))
"""So much that no page has room for it, which can't be made shorter."""
BESIDE = {"public.django_session", "public.publishing_presence"}
"""What is written beside a publication, and says nothing of it."""


@pytest.fixture
def publish(settings, tmp_path) -> Callable[[], int]:
    """Press the button that publishes a news item, in which everything that there is of it is another; returns the status."""
    settings.MEDIA_ROOT = tmp_path
    item = make(NewsItem, slug="was", image=picture("red"), published_on="2026-01-01")
    NewsGoalLink.objects.create(item=item, goal=make(Goal), note_ar="صلة", note_en="was")
    NewsPicture.objects.create(item=item, image=picture("blue"), caption_ar="صورة", caption_en="was")
    Image.objects.update(alternative_text_ar="قاعة")  # or Arabic would be kept from being published
    author = make_user("administrator")
    working_copies.record(item, "loaded", author)
    data = aggregate.snapshot(item)
    texts = {f"{name}_{code}": f"<p>{name} is {code}</p>" for name in ("summary", "place") for code in ("ar", "en")}
    texts |= {f"body_{code}": f"<p>{LONG}</p>" for code in ("ar", "en")}
    data["fields"] |= texts | {"title_ar": "صار", "title_en": "Is", "slug": "is", "published_on": "2026-02-02"}
    data["links"]["topics"] = [Topic.objects.create(slug="topic", name_ar="موضوع").pk]
    data["parts"]["goal_links"][0]["note_en"] = data["parts"]["pictures"][0]["caption_en"] = "is"
    working_copies.save(item, data, author)
    client = Client(raise_request_exception=False)
    client.force_login(author)
    place = address(item, "publish")
    form = fields_of(client.get(place), "publish") | {"publish_ar": ["on"], "publish_en": ["on"]}
    return lambda: client.post(place, form).status_code


@contextmanager
def copied(*options: str) -> Iterator[None]:
    """Within, the database is a copy of what it was before, ids to come included."""
    own = connection.settings_dict["NAME"]
    copy = f"{own}_half"
    with connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {own} {' '.join(options)}")
    try:
        with connected_to(copy):
            yield
    finally:
        with connected_to("postgres"), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def everything() -> dict[str, list[str]]:
    """Every row of every table, without moments."""
    connection.close()
    return {name: [TIME.sub("(time)", row) for row in found] for name, found in rows().items() if name not in BESIDE}


class Steps:
    """Within, each statement is a step, and so are the moments before and after each commit; at step ``at`` comes the fault."""

    def __init__(self, at: int = -1, fault: Callable[[], None] = lambda: None) -> None:
        self.at, self.fault, self.number, self.seen = at, fault, 0, []

    def __enter__(self) -> "Steps":
        self.commit = connection._commit
        connection._commit = self._committed
        connection.execute_wrappers.append(self._executed)
        return self

    def __exit__(self, *_error: object) -> None:
        connection.execute_wrappers.remove(self._executed)
        connection._commit = self.commit

    def step(self, what: str) -> None:
        self.seen.append(what)
        if len(self.seen) - 1 == self.at:
            self.fault()

    def _executed(self, execute: Callable, sql: str, *rest: object) -> object:
        self.step(sql)
        return execute(sql, *rest)

    def _committed(self) -> None:
        self.step("COMMIT")
        self.commit()
        self.step("committed")


def fail() -> None:
    raise OperationalError("the connection is away")


def cut() -> None:
    """As when somebody stops the database's end of it: the next statement finds out."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


FAULTS = {"fails": fail, "is cut by the database": cut, "is cut by the network": connections.sever, "is killed": kill}


def test_statements_that_fail_change_nothing(publish):
    """Those of every day; what takes longer is the proof."""
    was = everything()
    with copied(), Steps() as steps:
        assert publish() == 302
    end = steps.seen.index("COMMIT", next(number for number, sql in enumerate(steps.seen) if "FOR NO KEY UPDATE" in sql))
    writing = [number for number in range(end) if steps.seen[number].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(writing) > 10
    for number in writing[:: len(writing) // 4]:
        with Steps(number, fail):
            publish()
        assert everything() == was, steps.seen[number]


@pytest.mark.proof
@pytest.mark.parametrize("fault", FAULTS)
def test_one_that_dies_leaves_the_old_state_or_the_new(publish, fault):
    was = everything()
    with copied():
        with Steps() as steps:
            assert publish() == 302
        new = everything()
    assert new != was
    news = []
    for number, sql in enumerate(steps.seen):
        with copied():
            with Steps(number, FAULTS[fault]):
                died = in_a_process(publish) if fault == "is killed" else publish()
            found = everything()
        assert died == -9 or fault != "is killed"
        assert found in (was, new), (number, sql, [name for name in new if found[name] not in (was[name], new[name])])
        news.append(found == new)
    print(f"{fault}: {len(news)} steps, old {news.count(False)} times, new {news.count(True)} times")
    if fault != "fails":  # Django passes over a check that it can't ask the database for: the constraint itself is there
        assert news == sorted(news), "once it is there, it stays"
    assert 0 < news.count(True) < len(news)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder that can be filled."""
    if os.geteuid():
        pytest.skip("Only root may mount a file system that is small enough to be full.")
    folder = SHARED / f"small-{os.getpid()}"
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m,mode=0755", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@pytest.fixture
def small_space(small_disk) -> Iterator[str]:
    """The name of a tablespace of PostgreSQL's there."""
    account, name, folder = Account.for_server(), f"test_small_{os.getpid()}", small_disk / "space"
    folder.mkdir()
    os.chown(folder, account.uid, account.gid)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLESPACE {name}")


def fill(folder: Path, but: int) -> Path:
    """Leave so many bytes of room on a disk; returns the file that takes all others."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        while True:
            try:
                file.write(bytes(4096))
                file.flush()
            except OSError:
                break
    os.truncate(filler, max(0, filler.stat().st_size - but))
    return filler


@pytest.mark.proof
def test_a_disk_that_becomes_full_leaves_the_old_state_or_the_new(publish, small_disk, small_space):
    """With no room at first, and in each trial with a little more, so that it ends at one statement and then another."""
    was = everything()
    with copied(f"TABLESPACE {small_space}"):
        assert publish() == 302
        new = everything()
    statuses = []
    for room in range(0, 100 * ROOM, ROOM):
        with copied(f"TABLESPACE {small_space}"):
            everything()  # so that what PostgreSQL makes of the files when it reads them first is made
            filler = fill(small_disk, room)
            with Steps() as steps:
                statuses.append(publish())
            filler.unlink()
            found = everything()
        print(f"{room // 1024} kB: {statuses[-1]} after {len(steps.seen)} steps, {'new' if found == new else 'old'}")
        assert found == (new if statuses[-1] == 302 else was), [name for name in new if found[name] not in (was[name], new[name])]
        if statuses[-1] == 302:
            break
    assert statuses[-1] == 302
    assert len(statuses) > 1


@pytest.mark.proof
def test_a_picture_for_which_there_is_no_room_leaves_neither_row_nor_file(small_disk, settings):
    settings.MEDIA_ROOT = small_disk / "media"
    settings.MEDIA_ROOT.mkdir()
    client = Client(raise_request_exception=False)
    client.force_login(make_user("administrator"))
    place, buffer = "/en/admin/media/image/add/", BytesIO()
    Pillow.effect_noise((900, 600), 90).save(buffer, "PNG")
    form = fields_of(client.get(place), "image_form") | {"alternative_text_en": "A hall"}

    def upload() -> int:
        return client.post(place, form | {"file": SimpleUploadedFile("x.png", buffer.getvalue(), "image/png")}).status_code

    for room in (0, 4096, 65536):
        filler = fill(small_disk, room)
        status = upload()
        filler.unlink()
        left = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
        print(f"{room // 1024} kB: {status}, {left}")
        assert (status >= 500, Image.objects.count(), left) == (True, 0, [])
    assert (upload(), Image.objects.count()) == (302, 1)
