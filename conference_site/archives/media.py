"""The files that editors uploaded: which there are, which the rows name, and how those of an archive take their place.

What is drawn from others (renditions, cards) is left out, and drawn anew when it is asked for.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from conference_site.archives.tar import PART
from conference_site.cards import card
from conference_site.media import renditions
from conference_site.media.models import Image
from conference_site.media.storage import WITHDRAWN
from conference_site.publishing.models import Revision

DRAWN = {renditions.FOLDER, card.FOLDER}
EXPORTED = "media/"
"""Where the files lie in the folder of an export, by their names."""
RESTORED, REPLACED = ".restored-", ".replaced-"
"""Folders within the media folder, which may be a volume that can't be renamed: the new files, and the former ones."""


def names(storage: Storage | None = None, folder: str = "") -> Iterator[str]:
    """All files but those that are drawn, and those that are being written."""
    storage = storage or default_storage
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        if not name.endswith(".part"):
            yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        if folder or not (name in DRAWN or name.startswith(".")):
            yield from names(storage, f"{folder}/{name}" if folder else name)


def named() -> set[str]:
    """All files that a row names, in the place in which they are to be: live ones, drafts and earlier versions."""
    found = set()
    for model in apps.get_models():
        columns = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
        if not columns or not model._meta.managed:
            continue
        for row in model._base_manager.values(*columns, **_withdrawn(model)).iterator():
            folder = WITHDRAWN if row.pop("is_withdrawn") else ""
            found |= {folder + name for name in row.values() if name}
        found |= _in_revisions(model, columns)
    return found


def _withdrawn(model: type[models.Model]) -> dict[str, models.Expression]:
    condition = models.Q(withdrawn_at__isnull=False) if model is Image else models.Q(pk__in=[])
    return {"is_withdrawn": models.ExpressionWrapper(condition, models.BooleanField())}


def _in_revisions(model: type[models.Model], columns: list[str]) -> set[str]:
    found = set()
    # Not by its manager, which would make a row of it where there is none: here nothing may be written.
    kind = ContentType.objects.filter(app_label=model._meta.app_label, model=model._meta.model_name).first()
    for column in columns if kind else []:
        name = KeyTextTransform(column, KeyTransform("fields", "data"))
        found |= set(Revision.objects.filter(content_type=kind).annotate(name=name).values_list("name", flat=True).distinct())
    return found - {None, ""}


def parts_of(name: str) -> Iterator[bytes]:
    """A file's content. FileNotFoundError where it is gone."""
    with default_storage.open(name) as file:
        while part := file.read(PART):
            yield part


class FolderMedia:
    """The files of a restore in a folder: beside the present ones, until each folder takes the place of the one it replaces.

    ``token`` is the restore's. `switch` and `discard` may be called again where they were interrupted, by whichever process.
    """

    def __init__(self, root: Path, token: str) -> None:
        self._root, self._new, self._old = root, root / f"{RESTORED}{token}", root / f"{REPLACED}{token}"

    def begin(self, size: int) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._root).free < size:
            raise OSError(28, "There is not enough room for the files of the archive", str(self._root))
        self._new.mkdir(mode=0o700)

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        path = self._new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(parts)
        path.chmod(0o644)

    def finish(self) -> None:
        """Everything is there. From now on each folder that is there already has one that is to replace it."""
        for entry in self._root.iterdir():
            if not entry.name.startswith("."):
                (self._new / entry.name).mkdir(exist_ok=True)
        os.sync()

    def switch(self) -> None:
        self._old.mkdir(mode=0o700, exist_ok=True)
        for entry in sorted(self._new.glob("*")):
            place = self._root / entry.name
            if place.exists():
                place.rename(self._old / entry.name)
            entry.rename(place)
            with contextlib.suppress(OSError):
                place.rmdir()  # where it has nothing in it
        shutil.rmtree(self._new, ignore_errors=True)
        shutil.rmtree(self._old)

    def discard(self) -> None:
        shutil.rmtree(self._new, ignore_errors=True)

    @staticmethod
    def left(root: Path) -> set[str]:
        """The tokens of restores that were killed."""
        return {entry.name.partition("-")[2] for mark in (RESTORED, REPLACED) for entry in root.glob(f"{mark}*")}


class BucketMedia:
    """The files of a restore in a bucket, which has no folders to be renamed.

    No name is ever used for another file, so they are put beside the present ones; what the archive doesn't have goes last.
    """

    def __init__(self) -> None:
        self._before: set[str] = set()
        self._new: set[str] = set()

    def begin(self, _size: int) -> None:
        self._before = set(names())

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        with tempfile.TemporaryFile() as file:
            file.writelines(parts)
            file.seek(0)
            self._new.add(name)
            default_storage.save(name, File(file, name))

    def finish(self) -> None:
        pass

    def switch(self) -> None:
        for name in self._before - self._new:
            default_storage.delete(name)

    def discard(self) -> None:
        for name in self._new - self._before:
            default_storage.delete(name)
