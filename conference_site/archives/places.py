"""Where archives lie: a folder, or a bucket. In both an archive is there as a whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.core.files.base import File

from conference_site.archives.problems import ArchiveError
from conference_site.archives.retention import newest_first
from conference_site.archives.tar import PART
from conference_site.environment import EXPECTED, bucket_options, is_bucket
from conference_site.media.buckets import BucketStorage

UNFINISHED = ".part"


class Place(Protocol):
    def names(self) -> list[str]:
        """The archives, the newest first."""

    def unfinished(self) -> BinaryIO:
        """A file to be written, which is gone when it is closed, unless it was kept."""

    def keep(self, file: BinaryIO, name: str) -> None:
        """Let what was written be an archive of this name."""

    def remove(self, name: str) -> None: ...

    def open(self, name: str) -> BinaryIO: ...


def place_of(url: str) -> Place:
    """The place that BACKUP_URL, or --to, names."""
    if not is_bucket(url):
        return Folder(Path(url).absolute())
    try:
        return Bucket(bucket_options(url))
    except ValueError as error:
        raise ArchiveError(f"The place of archives {EXPECTED['bucket']}, or a folder.") from error


class Folder:
    """A folder of this machine. Only its owner reads what is written here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return str(self._path)

    def names(self) -> list[str]:
        return newest_first(path.name for path in self._path.glob("site-*") if path.is_file()) if self._path.is_dir() else []

    def unfinished(self) -> BinaryIO:
        self._path.mkdir(parents=True, exist_ok=True)
        for left in self._path.glob(f"site-*{UNFINISHED}"):  # by a backup that was killed
            left.unlink()
        # Of mode 0600.
        return tempfile.NamedTemporaryFile(dir=self._path, prefix="site-", suffix=UNFINISHED, delete_on_close=False)

    def keep(self, file: BinaryIO, name: str) -> None:
        file.flush()
        os.fsync(file.fileno())
        Path(file.name).rename(self._path / name)
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, name: str) -> None:
        (self._path / name).unlink()

    def open(self, name: str) -> BinaryIO:
        return (self._path / name).open("rb")


class PatientStorage(BucketStorage):
    """Nobody waits for a page here, and the last part of a large archive takes its time."""

    patience = {"connect_timeout": 10, "read_timeout": 120, "retries": {"total_max_attempts": 5, "mode": "standard"}}


class Bucket:
    """A bucket, of which nothing but the archives is looked at."""

    def __init__(self, options: dict[str, str]) -> None:
        self._options = options
        self._storage = PatientStorage(**options)

    def __str__(self) -> str:
        return f"the bucket {self._options['bucket_name']} at {self._options['endpoint_url']}"

    def names(self) -> list[str]:
        return newest_first(self._storage.listdir("")[1])

    def unfinished(self) -> BinaryIO:
        self.names()  # a bucket that refuses says so before anything is read
        return tempfile.TemporaryFile()

    def keep(self, file: BinaryIO, name: str) -> None:
        file.seek(0)
        self._storage.save(name, File(file, name))

    def remove(self, name: str) -> None:
        self._storage.delete(name)

    def open(self, name: str) -> BinaryIO:
        return self._storage.open(name)


@contextmanager
def opened(archive: str, url: str) -> Iterator[tuple[str, BinaryIO]]:
    """The name of an archive, and its bytes on this machine. It is a file, or lies at ``url``; "" is the newest there."""
    path = Path(archive)
    if archive and path.is_file():
        with path.open("rb") as file:
            yield path.name, file
        return
    place = place_of(url)
    names = place.names()
    if not (name := archive or next(iter(names), "")):
        raise ArchiveError(f"There is no archive in {place}.")
    if name not in names:
        raise ArchiveError(f"There is no archive {archive}, neither as a file nor in {place}.")
    with place.open(name) as file:
        if isinstance(place, Folder):
            yield name, file
            return
        with tempfile.TemporaryFile() as local:
            shutil.copyfileobj(file, local, PART)
            yield name, local
