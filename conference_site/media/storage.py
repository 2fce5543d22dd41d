"""Where files are kept, and how they come and go."""

import os
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

WITHDRAWN = "withdrawn/"
"""Where a file lies that nobody is to see. No address leads there."""


class AwayError(OSError):
    """What keeps the files can't be asked just now."""


class AtomicFileSystemStorage(FileSystemStorage):
    """Files on disk, each there as a whole or not at all: nobody reads one that is being written."""

    def _save(self, name: str, content: File) -> str:
        """Write beside the place, then take it in one step. What lies there already is replaced, as on an object store.

        It is on the disk before a row can name it. Where there is no room, or nothing may be written, the files are away.
        """
        part = f"{name}.{uuid4().hex}.part"
        try:
            super()._save(part, content)
            _settle(Path(self.path(part)))
            Path(self.path(part)).replace(self.path(name))
            _settle(Path(self.path(name)).parent)
        except OSError as error:
            raise AwayError(f"{name} can't be written: {error}") from error
        finally:
            Path(self.path(part)).unlink(missing_ok=True)  # what was written before a disk was full
        return name


def _settle(path: Path) -> None:
    """Let a file, or the names in a folder, outlive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(name: str, content: File) -> None:
    """Keep ``content`` under exactly this name, in place of what was there."""
    default_storage.delete(name)
    default_storage.save(name, content)


def move(name: str, to: str) -> None:
    """Give a file another name. One that is missing stays missing: the rows that know of it are what counts."""
    if not default_storage.exists(name):
        return
    with default_storage.open(name) as content:
        put(to, content)
    default_storage.delete(name)


def clear(folder: str) -> None:
    """Delete the files of a folder."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
