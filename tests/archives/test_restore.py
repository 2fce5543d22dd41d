"""What was backed up comes back, as a whole or not at all."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from conference_site.archives import databases, media, pages, programs, restoring
from conference_site.archives.databases import Server, connected_to
from conference_site.delivery.models import ContentVersion
from conference_site.visits.models import Visits
from pages.models import Goal
from tests.archives.conftest import (
    PAGES,
    database_names,
    drilled,
    files,
    fill,
    in_a_process,
    kill,
    refused,
    rows,
    run,
    state,
    stop,
)
from tests.builders import make

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "test_other"


@pytest.fixture
def other():
    """The name of a database that is gone after the test."""
    yield OTHER
    with Server() as server:
        for name in server.names():
            if name.startswith(OTHER):
                server.drop(name)


def destroy(place) -> None:
    """Whatever anybody might do to the rows and files."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pages_goal CASCADE")
    shutil.rmtree(place.parent / "media", ignore_errors=True)
    default_storage.save("images/later.webp", ContentFile(b"later"))
    default_storage.save("other/later.webp", ContentFile(b"later"))


def seen() -> dict[str, str]:
    with transaction.atomic():
        return pages.digests_of(PAGES)


def test_everything_is_as_it_was(place):
    fill()
    was, before = (rows(), files(), seen()), str(ContentVersion.objects.get())
    run("backup")
    [archive] = place.glob("*.tar")
    destroy(place)
    said = run("restore", archive, "--overwrite")
    assert (rows(), files(), seen()) == was
    assert "tables with" in said
    assert str(ContentVersion.objects.get()) != before
    assert sorted(path.name for path in (place.parent / "media").iterdir()) == ["documents", "images", "withdrawn"]
    assert {name for name in database_names() if "rest" in name or "repl" in name} == set()


def test_nothing_that_is_there_is_replaced_unless_told(place, archive, other, monkeypatch):
    make(Goal)
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    was = state(place)
    assert refused("restore", archive).startswith("There are rows in the database ")
    assert refused("restore", archive, "--database", other) == (
        "There are files in the media folder (images/mine.webp …): --overwrite replaces all of them."
    )
    assert state(place) == was


def test_an_empty_place_needs_no_word_and_a_name_is_enough(place, archive, other):
    run("restore", archive.name, "--database", other)
    with connected_to(other):
        assert (Goal.objects.count(), len(files())) == (3, 3)


def test_an_older_archive_is_migrated(place, other):
    own = connection.settings_dict["NAME"]
    with connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {other} TEMPLATE {own}")
    with connected_to(other):
        call_command("migrate", "visits", "zero", verbosity=0)
        run("backup")
    said = run("restore", next(place.glob("*.tar")).name, "--database", other, "--overwrite")
    assert "Migrated: visits.0001_initial." in said
    with connected_to(other):
        assert Visits.objects.count() == 0


def fail(*_args: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


STEPS = [(Server, "create"), (programs, "restore"), (media.FolderMedia, "finish"), (Server, "replace")]


def test_a_failure_before_the_end_changes_nothing(place, archive, monkeypatch):
    make(Goal)
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    was = state(place)
    for where, name in STEPS:
        with monkeypatch.context() as patch:
            patch.setattr(where, name, fail)
            assert refused("restore", archive, "--overwrite") == "There is no room left on the disk."
            assert state(place)[2:] == was[2:], name
    monkeypatch.setattr(Server, "replace", stop)
    assert in_a_process(lambda: run("restore", archive, "--overwrite")) == 128 + 15
    assert state(place) == was


def test_one_that_is_killed_before_its_end_leaves_the_old_state_and_the_next_clears_up(place, archive, monkeypatch):
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    was = rows(), files()
    monkeypatch.setattr(Server, "replace", kill)
    assert in_a_process(lambda: run("restore", archive, "--overwrite")) == -9
    assert (rows(), files()) == was
    monkeypatch.undo()
    settled(place)
    assert (rows(), files()) == was


@pytest.mark.parametrize("renamed", [0, *(pytest.param(each, marks=pytest.mark.proof) for each in range(1, 6))])
def test_one_that_is_killed_after_the_database_has_its_name_is_finished_by_the_next(place, archive, monkeypatch, renamed):
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    default_storage.save("other/mine.webp", ContentFile(b"mine"))
    settings, rename, done = place.parent / "media", type(place).rename, []

    def rename_some(path, target):
        if len(done) == renamed:
            kill()
        done.append(path)
        return rename(path, target)

    monkeypatch.setattr(type(place), "rename", rename_some)
    monkeypatch.setattr("django.conf.settings.MEDIA_ROOT", settings)
    assert in_a_process(lambda: run("restore", archive, "--overwrite")) == -9
    monkeypatch.setattr(type(place), "rename", rename)
    settled(place)
    assert (Goal.objects.count(), {name.partition("/")[0] for name in files()}) == (3, {"documents", "images", "withdrawn"})
    assert "images/mine.webp" not in files()


def test_one_that_is_stopped_just_then_goes_on_to_its_end(place, archive, monkeypatch):
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    replace = Server.replace

    def replace_and_stop(*args):
        replace(*args)
        stop()

    monkeypatch.setattr(Server, "replace", replace_and_stop)
    assert in_a_process(lambda: run("restore", archive, "--overwrite")) == 128 + 15
    assert (Goal.objects.count(), {name.partition("/")[0] for name in files()}) == (3, {"documents", "images", "withdrawn"})
    assert "images/mine.webp" not in files()


def settled(place) -> None:
    """What the next restore does first."""
    with Server() as server:
        restoring.settle(server, connection.settings_dict["NAME"])
        assert {name for name in server.names() if "_restoring_" in name or "_replaced_" in name} == set()
    assert [path.name for path in (place.parent / "media").iterdir() if path.name.startswith(".")] == []


def test_one_at_a_time(place, archive):
    with Server() as server:
        assert server.is_alone(f"restore {connection.settings_dict['NAME']}")
        assert "is going on just now" in refused("restore", archive, "--overwrite")


def test_a_role_that_may_not_is_told_what_to_do(place, archive):
    user = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_small LOGIN; GRANT pg_read_all_data TO test_small")
    connection.close()
    connection.settings_dict["USER"] = "test_small"
    try:
        said = refused("restore", archive, "--overwrite"), refused("restore", "--drill")
    finally:
        connection.close()
        connection.settings_dict["USER"] = user
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE test_small")
    assert all('ALTER ROLE "test_small" CREATEDB' in each for each in said)


def test_a_drill_finds_all_equal_and_leaves_nothing(place, archive):
    was = state(place)
    assert "All is equal." in run("restore", "--drill")
    assert state(place) == was


def test_a_drill_reads_pages_as_of_the_archive(place):
    """What expires, or begins, between a backup and its drill is no difference."""
    goal = make(Goal, slug="ends")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        [now] = cursor.fetchone()
    Goal.objects.filter(pk=goal.pk).update(expires_at_ar=now + timedelta(seconds=1.5))
    run("backup")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep_until(%s)", [now + timedelta(seconds=1.6)])
    assert "All is equal." in run("restore", "--drill")


SPOILT = {
    "DELETE FROM pages_goal WHERE id = (SELECT max(id) FROM pages_goal)": "table public.pages_goal: 2 rows, and there were 3",
    "UPDATE news_newsitem SET slug = slug || 'x'": "table public.news_newsitem: as many rows as there were, and others",
    "DROP TABLE visits_visits CASCADE": "table public.visits_visits: not in the copy",
    "CREATE TABLE more (id int)": "table public.more: only in the copy",
}


def test_a_drill_finds_what_the_database_lost(place, archive, monkeypatch):
    restore = programs.restore

    def restore_and_spoil(program, database, parts):
        restore(program, database, parts)
        with connected_to(database), connection.cursor() as cursor:
            for statement in SPOILT:
                cursor.execute(statement)

    monkeypatch.setattr(programs, "restore", restore_and_spoil)
    monkeypatch.setattr("conference_site.archives.drill._pages", lambda *_args: [])
    assert set(SPOILT.values()) <= set(drilled().splitlines())


def test_a_drill_finds_missing_and_changed_files(place, archive, monkeypatch):
    add = media.FolderMedia.add
    spoilt = []

    def spoil(self, name, parts):
        content = list(parts)
        spoilt.append(name)
        if len(spoilt) > 1:
            add(self, name, [*content, b"x"] if len(spoilt) == 2 else content)

    monkeypatch.setattr(media.FolderMedia, "add", spoil)
    said = drilled().splitlines()
    assert {f"file {spoilt[0]}: not in the copy", f"file {spoilt[1]}: other content"} <= set(said)
    assert not any(spoilt[2] in line for line in said)


def test_a_drill_finds_a_changed_page(place, archive, settings):
    settings.SITE_URL = "http://localhost:8001"
    said = drilled().splitlines()
    assert {f"page {path}: reads differently" for path in PAGES} <= set(said)


def test_a_drill_leaves_nothing_however_it_ends(place, archive, monkeypatch):
    was, folders = state(place), scratch_folders()
    for act, code in ((stop, 128 + 15), (lambda: 1 / 0, 99)):
        with monkeypatch.context() as patch:
            patch.setattr(databases, "tables", act)
            assert in_a_process(lambda: run("restore", "--drill")) == code
    assert (state(place)[2:], scratch_folders()) == (was[2:], folders)


@pytest.mark.proof
def test_a_drill_removes_the_database_of_one_that_was_killed(place, archive, monkeypatch, tmp_path):
    was = state(place)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path.parent))
    with monkeypatch.context() as patch:
        patch.setattr(databases, "tables", kill)
        assert in_a_process(lambda: run("restore", "--drill")) == -9
    assert len(database_names() - was[2]) == 1
    assert "All is equal." in run("restore", "--drill")
    assert database_names() == was[2]


def scratch_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("drill-*"))
