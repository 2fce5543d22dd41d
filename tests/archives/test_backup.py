"""An archive is of one moment, whole, and there only when it is."""

import errno
import json
import tarfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connection, connections, transaction
from django.test import Client

from conference_site.archives import databases, media, pages, programs, retention
from conference_site.archives.tar import Writer
from conference_site.locks import alone
from conference_site.media.models import Image
from conference_site.publishing import working_copies
from pages.documents import Document
from pages.models import Goal
from tests.archives.conftest import PAGES, PDF, drilled, fill, in_a_process, kill, picture, refused, run, stop

pytestmark = pytest.mark.django_db(transaction=True)


def manifest_of(archive) -> dict:
    with tarfile.open(archive) as tar:
        return json.load(tar.extractfile(tar.next()))


def archives(place) -> list[str]:
    return sorted(path.name for path in place.glob("*"))


def test_what_is_in_it(archive):
    manifest = manifest_of(archive)
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        kinds = {name.split("/")[1] for name in names if name.startswith("media/")}
    assert (archive.stat().st_mode & 0o777, names[:2]) == (0o600, ["manifest.json", "database.dump"])
    assert (kinds, sorted(names[1:])) == ({"images", "withdrawn", "documents"}, sorted(manifest["files"]))
    assert (manifest["tables"]["public.pages_goal"]["rows"], manifest["missing"]) == (3, [])
    assert list(manifest["pages"]) == PAGES


def test_the_sample_is_of_lists_and_items_in_every_language(db):
    fill()
    found = pages.sample()
    kinds = {path.partition("goal-")[0] for path in found}
    assert {"/ar/", "/en/", "/ar/news/", "/en/documents/call/", "/ar/goals/", "/en/goals/"} <= kinds
    assert {Client().get(path).status_code for path in found} == {200}


def test_a_page_that_fails_hinders_nothing(place):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE pages_goal CASCADE")
        found = pages.digests_of(["/en/goals/", "/en/about/nothing/", "/en/news/"])
        transaction.set_rollback(True)
    assert len(set(found.values())) == 3
    assert found["/en/news/"] == pages.digests_of(["/en/news/"])["/en/news/"]


def test_rows_that_are_counted_and_dumped_are_of_one_moment(place, monkeypatch):
    count = databases.tables

    def change_and_count():
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM pages_goal")
        other.close()
        return count()

    fill()
    with monkeypatch.context() as patch:
        patch.setattr(databases, "tables", change_and_count)
        run("backup")
    assert not Goal.objects.exists()
    [archive] = place.glob("*.tar")
    assert manifest_of(archive)["tables"]["public.pages_goal"]["rows"] == 3
    assert "All is equal." in run("restore", "--drill")


def test_a_file_that_is_moved_meanwhile_is_in_it(place, monkeypatch):
    image, other = picture("blue"), picture("red")
    read, moved = media.parts_of, []

    def move_and_read(name):
        if not moved:
            moved.append(Image.objects.exclude(file=name).get())
            moved[0].withdraw()
        return read(name)

    monkeypatch.setattr(media, "parts_of", move_and_read)
    assert image.file.name != other.file.name
    run("backup")
    [archive] = place.glob("*.tar")
    manifest = manifest_of(archive)
    assert (f"media/withdrawn/{moved[0].file.name}" in manifest["files"], manifest["missing"]) == (True, [])


def test_what_is_missing_anyway_is_named_and_hinders_nothing(place):
    fill()
    run("backup")
    lost = Image.objects.filter(withdrawn_at=None).get().file.name
    default_storage.delete(lost)
    with pytest.raises(CommandError) as end:
        run("backup")
    [_before, archive] = sorted(place.glob("*.tar"))
    assert (end.value.returncode, lost in str(end.value), manifest_of(archive)["missing"]) == (3, True, [lost])
    assert f"file {lost}: was missing when the archive was made" in drilled()


def full(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


FAILURES = [
    (Writer, "end", full, "There is no room left on the disk."),
    (programs, "OPTIONS", {"dbname"}, "pg_dump failed: error:"),
    (media, "parts_of", full, "There is no room left"),
    (programs, "_major", lambda _path: 14, "pg_dump of PostgreSQL 18 or later is needed, and here is 14"),
    (programs, "_candidates", lambda _name: [], "and here is none"),
]


def test_a_failure_leaves_what_is_there(place, archive, monkeypatch):
    picture("blue")
    for where, name, fails, sentence in FAILURES:
        with monkeypatch.context() as patch:
            patch.setattr(where, name, fails)
            assert sentence in refused("backup")
        assert archives(place) == [archive.name]


def test_a_dead_database_is_one_sentence(place, archive):
    connection.close()
    host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    try:
        said = refused("backup")
    finally:
        connection.settings_dict["HOST"] = host
    assert said.startswith("The database can't be used: ")
    assert (said.count("\n"), archives(place)) == (0, [archive.name])


def test_one_at_a_time(place):
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('archives', 0))")
        assert refused("backup") == "Another backup is being made just now."
        cursor.execute("SELECT pg_advisory_unlock_all()")  # a server hears only later that a connection is gone
    other.close()
    with alone("archives") as is_ours:
        assert is_ours
    assert archives(place) == []


def test_one_that_is_stopped_leaves_nothing_and_one_that_is_killed_no_archive(place, archive, monkeypatch):
    fill()
    monkeypatch.setattr(Writer, "end", stop)
    assert in_a_process(lambda: run("backup")) == 128 + 15
    assert archives(place) == [archive.name]
    monkeypatch.setattr(Writer, "end", kill)
    assert in_a_process(lambda: run("backup")) == -9
    assert [name for name in archives(place) if retention.moment_of(name)] == [archive.name]
    monkeypatch.undo()
    run("backup", "--to", place)
    assert [name for name in archives(place) if not retention.moment_of(name)] == []
    assert len(archives(place)) in (1, 2)  # that of the same day is not kept


def test_a_year_of_nights():
    nights = [datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    held: list[str] = []
    for night in nights:
        held = retention.kept([*held, retention.name_for(night)], 7, 4, 12)
    days = [retention.moment_of(name).strftime("%m-%d") for name in held]
    assert days[:7] == ["12-31", "12-30", "12-29", "12-28", "12-27", "12-26", "12-25"]
    assert days[7:] == [
        *["12-20", "12-13"],
        *["11-30", "10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30", "03-31", "02-28", "01-31"],
    ]


def test_nothing_but_archives_is_removed_and_never_the_newest(place, settings):
    settings.BACKUP_KEEP = [0, 0, 0]
    place.mkdir()
    others = ["site-20260101T030000Z.tar.txt", "my.tar", "site-20261399T030000Z.tar", "site-.tar"]
    old = ["site-20260101T030000Z.tar", "site-20260201T030000Z.tar.age"]
    for name in [*others, *old]:
        (place / name).touch()
    said = run("backup")
    there = set(archives(place))
    [newest] = there - set(others)
    assert there >= set(others)
    assert retention.moment_of(newest)
    assert all(f"Removed {name}." in said for name in old)


def test_all_files_are_named_by_rows_drafts_included(place):
    fill()
    document = Document.objects.get()
    data = working_copies.working_copy(document)
    default_storage.save("documents/draft.pdf", ContentFile(PDF))
    working_copies.save(document, data | {"fields": data["fields"] | {"file_en": "documents/draft.pdf"}})
    assert media.named() == set(media.names())
