"""One archive of database and files, of one moment: made beside its name, and there when it is whole."""

from dataclasses import dataclass
from time import sleep
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from conference_site.archives import age, databases, media, pages, programs
from conference_site.archives.manifest import DUMP, MEDIA, NAME, Manifest, applied_migrations, code_digest
from conference_site.archives.places import Place
from conference_site.archives.problems import ArchiveError
from conference_site.archives.retention import kept, name_for
from conference_site.archives.tar import Writer
from conference_site.locks import alone

TRIES = 3
"""How often it begins anew where a file went between the database's state and its copying."""


@dataclass
class Made:
    """An archive that was made, and those that went because it is there."""

    name: str
    size: int
    manifest: Manifest
    removed: list[str]


def make(place: Place, recipient: str = "", keep: tuple[int, int, int] | list[int] = (0, 0, 0)) -> Made:
    """Make an archive in ``place``, encrypted to ``recipient`` if there is one; then remove what need not be kept."""
    to = age.recipient(recipient) if recipient else None
    with alone("archives") as is_ours:
        if not is_ours:
            raise ArchiveError("Another backup is being made just now.")
        with place.unfinished() as file:
            manifest, name = _write_whole(file, place)
            if to is None:
                size = file.seek(0, 2)
                place.keep(file, name)
            else:
                name += ".age"
                with place.unfinished() as encrypted:
                    file.seek(0)
                    age.encrypt(file, encrypted, to)
                    size = encrypted.seek(0, 2)
                    place.keep(encrypted, name)
        removed = [] if manifest.missing else _remove_old(place, keep)
    return Made(name, size, manifest, removed)


def _remove_old(place: Place, keep: tuple[int, int, int] | list[int]) -> list[str]:
    names = place.names()
    old = [name for name in names if name not in kept(names, *keep)]
    for name in old:
        place.remove(name)
    return old


def _write_whole(file: BinaryIO, place: Place) -> tuple[Manifest, str]:
    """Again where a file is missing that a row names, for it may have been moved meanwhile; what is missing twice is missing."""
    before = None
    for _each in range(TRIES):
        name = _free_name(place)
        file.seek(0)
        file.truncate()
        manifest = _write(file)
        if manifest.missing in ([], before):
            break
        before = manifest.missing
    return manifest, name


def _free_name(place: Place) -> str:
    """That of this second, unless it has an archive."""
    names = [name.removesuffix(".age") for name in place.names()]
    while (name := name_for(timezone.now())) in names:
        sleep(0.1)
    return name


def _write(file: BinaryIO) -> Manifest:
    with databases.snapshot() as (snapshot, moment):
        server, major = databases.server_version()
        pg_dump, dump_major = programs.find("pg_dump", major)
        manifest = Manifest(
            made_at=moment,
            site=settings.SITE_URL,
            code=code_digest(),
            server=server,
            server_major=major,
            dump_major=dump_major,
            migrations=applied_migrations(),
            tables=databases.tables(),
            pages=pages.digests(),
        )
        named, there = media.named(), list(media.names())
        writer = Writer(file, moment.timestamp())
        size = manifest.largest(there, named)
        place = writer.reserve(NAME, size)
        manifest.files[DUMP] = writer.add(DUMP, programs.dump(pg_dump, snapshot))
    for name in there:
        begin = file.tell()
        try:
            manifest.files[MEDIA + name] = writer.add(MEDIA + name, media.parts_of(name))
        except FileNotFoundError:
            file.seek(begin)
            file.truncate()
    manifest.missing = sorted(named - manifest.media.keys())
    writer.end()
    writer.fill(place, manifest.to_bytes(size))
    file.flush()
    return manifest


def said(made: Made, place: Place) -> list[str]:
    """What an operator is told of it."""
    manifest = made.manifest
    lines = [
        f"{made.name}: {made.size:,} bytes in {place}.",
        f"{manifest.sums}, {len(manifest.pages)} pages to compare.",
    ]
    return lines + [f"Removed {name}." for name in made.removed]
