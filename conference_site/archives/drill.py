"""A restore for practice: into a database and a folder of its own, compared with what the archive says, and removed again."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction

from conference_site.archives import databases, pages, programs, restoring
from conference_site.archives.databases import Server, connected_to
from conference_site.archives.manifest import Manifest, code_digest
from conference_site.archives.media import FolderMedia
from conference_site.archives.problems import ArchiveError
from conference_site.archives.reading import Archive
from conference_site.archives.tar import Content

SCRATCH = "drill_"
NAME = re.compile(rf"{SCRATCH}[0-9a-f]{{16}}")


@dataclass
class Report:
    """What was compared, and what is not as the archive says."""

    manifest: Manifest
    differences: list[str]

    @property
    def lines(self) -> list[str]:
        manifest = self.manifest
        return [
            f"Made at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC by {manifest.site}, on PostgreSQL {manifest.server}.",
            f"Compared: {manifest.sums}, {len(manifest.pages)} pages.",
            *self.differences,
        ]


def drill(archive: Archive) -> Report:
    """Restore it for practice. ArchiveError where that can't be; the report has what is not equal."""
    manifest = archive.verify()
    with _scratch(manifest) as (server, database, folder):
        pg_restore, _major = programs.find("pg_restore", manifest.dump_major)
        files = FolderMedia(folder, SCRATCH)
        files.begin(sum(content.size for content in manifest.media.values()))
        archive.unpack(manifest, lambda parts: programs.restore(pg_restore, database, parts), files.add)
        files.switch()
        found = [*_tables(manifest, database), *_files(manifest, folder), *_pages(manifest, server, database)]
    return Report(manifest, found)


@contextmanager
def _scratch(manifest: Manifest) -> Iterator[tuple[Server, str, Path]]:
    """A database and a folder of its own, which are gone after the block, however that ends."""
    with Server() as server, tempfile.TemporaryDirectory(prefix="drill-") as folder:
        if not server.is_alone(SCRATCH):
            raise ArchiveError("Another drill is going on on this server just now.")
        for left in filter(NAME.fullmatch, server.names()):  # by a drill that was killed
            server.drop(left)
        restoring.refuse_unfit(manifest, server)
        own, database = connection.settings_dict["NAME"], f"{SCRATCH}{uuid4().hex[:16]}"
        try:
            server.create(database, like=own)
            yield server, database, Path(folder)
        finally:
            server.drop(database)


def _tables(manifest: Manifest, database: str) -> Iterator[str]:
    with connected_to(database), transaction.atomic():
        found = databases.tables()
    for name in sorted(manifest.tables | found):
        said, is_now = manifest.tables.get(name), found.get(name)
        if said is None or is_now is None:
            yield f"table {name}: {'only in the copy' if said is None else 'not in the copy'}"
        elif said.rows != is_now.rows:
            yield f"table {name}: {is_now.rows:,} rows, and there were {said.rows:,}"
        elif said != is_now:
            yield f"table {name}: as many rows as there were, and others"


def _files(manifest: Manifest, folder: Path) -> Iterator[str]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(manifest.media | there):
        if name not in there or name not in manifest.media:
            yield f"file {name}: {'not in the copy' if name not in there else 'only in the copy'}"
        elif _content(there[name]) != manifest.media[name]:
            yield f"file {name}: other content"
    for name in manifest.missing:
        yield f"file {name}: was missing when the archive was made"


def _content(path: Path) -> Content:
    with path.open("rb") as file:
        return Content(path.stat().st_size, file_digest(file, "sha256").hexdigest())


def _pages(manifest: Manifest, server: Server, database: str) -> Iterator[str]:
    """The same pages, as of the moment at which the archive was made."""
    restoring.bring_up_to_date(database)
    with connected_to(database):
        path = pages.stop_clock(manifest.made_at)
    server.set_search_path(database, path)
    with connected_to(database), pages.at(manifest.made_at), transaction.atomic():
        found = pages.digests_of(list(manifest.pages))
    differing = [path for path, digest in manifest.pages.items() if found[path] != digest]
    yield from (f"page {path}: reads differently" for path in differing)
    if differing and manifest.code != code_digest():
        yield "The site's code is another one since, which may be why pages read differently: make a new archive."
