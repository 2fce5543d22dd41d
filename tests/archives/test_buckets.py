"""Archives in a bucket, and of one."""

import logging
from copy import deepcopy
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from conference_site.archives.places import place_of
from conference_site.environment import bucket_options
from tests.archives.conftest import files, fill, refused, rows, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def buckets(server, place, settings):
    """Both in buckets of the test's own: that of the archives."""
    urls = [f"s3+http://key:se%2Fcret@127.0.0.1:{server}/{name}" for name in ("backups", "media")]
    settings.BACKUP_URL = urls[0]
    made = [place_of(url)._storage.bucket for url in urls]
    for bucket in made:
        bucket.create()
    options = bucket_options(urls[1])
    chosen = {"BACKEND": "conference_site.media.buckets.BucketStorage", "OPTIONS": options}
    settings.STORAGES = deepcopy(settings.STORAGES) | {"default": chosen}
    yield made[0]
    for bucket in made:
        bucket.objects.delete()
        bucket.delete()


def test_everything_comes_back(buckets):
    fill()
    was = rows(), files()
    said = run("backup")
    [archive] = buckets.objects.all()
    assert "bytes in the bucket backups at http://127.0.0.1" in said
    assert "cret" not in said
    default_storage.delete(min(was[1]))
    default_storage.save("images/later.webp", ContentFile(b"later"))
    assert "All is equal." in run("restore", "--drill")
    assert "There are rows" in refused("restore", archive.key)
    run("restore", archive.key, "--overwrite")
    assert (rows(), files()) == was


@pytest.mark.proof
def test_a_restore_that_fails_leaves_the_files(buckets, monkeypatch):
    fill()
    run("backup")
    [archive] = buckets.objects.all()
    for name in list(files()):
        default_storage.delete(name)
    default_storage.save("images/mine.webp", ContentFile(b"mine"))

    def fail(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("conference_site.archives.restoring.bring_up_to_date", fail)
    assert refused("restore", archive.key, "--overwrite") == "Input/output error."
    assert files() == {"images/mine.webp": b"mine"}


def test_only_archives_that_need_not_be_kept_are_removed(buckets, settings):
    settings.BACKUP_KEEP = [1, 0, 0]
    for name in ("site-20260101T030000Z.tar", "other.tar", "site-20260101T030000Z.tar.txt"):
        buckets.upload_fileobj(BytesIO(), name)
    run("backup")
    names = {each.key for each in buckets.objects.all()}
    assert (len(names), "site-20260101T030000Z.tar" in names) == (3, False)


def test_a_bucket_that_refuses_is_one_sentence(buckets, settings, server):
    said = refused("backup", "--to", f"s3+http://key:secret@127.0.0.1:{server}/missing")
    assert (said.startswith("The bucket can't be used: "), said.count("\n")) == (True, 0)
    assert "must name a bucket" in refused("backup", "--to", "s3://127.0.0.1/missing")
    assert refused("restore", "--drill").startswith("There is no archive in the bucket backups at ")
