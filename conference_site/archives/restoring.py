"""An archive takes the place of what is there: as a whole, or not at all.

All of it is made ready beside what is there: a database, a folder. Then the database changes its name, which is the moment at
which the site is the restored one, and each folder of the media does. A restore that is killed before that moment has changed
nothing; one that is killed after it is finished by the next `restore`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from conference_site.archives import databases, media, programs
from conference_site.archives.databases import LONGEST, Server, connected_to
from conference_site.archives.manifest import Manifest
from conference_site.archives.media import BucketMedia, FolderMedia
from conference_site.archives.problems import ArchiveError
from conference_site.archives.reading import Archive
from conference_site.delivery.models import ContentVersion
from conference_site.delivery.signs import is_on_disk, unapplied

RESTORING, REPLACED = "_restoring_", "_replaced_"
"""What the names of databases end in, before the restore's token, that are to be the site's, or were."""


@dataclass
class Restored:
    manifest: Manifest
    database: str
    migrations: list[str] = field(default_factory=list)
    """Those that this code has applied, for the archive was older."""


def restore(archive: Archive, database: str = "", *, overwrite: bool = False) -> Restored:
    """Verify the archive, then let it be what is in ``database`` (the site's own), and in the media folder or bucket."""
    database = database or connection.settings_dict["NAME"]
    manifest = archive.verify()
    with Server() as server:
        if not server.is_alone(f"restore {database}"):
            raise ArchiveError(f"Another restore into {database} is going on just now.")
        settle(server, database)
        refuse_unfit(manifest, server)
        if not overwrite:
            _refuse_to_overwrite(database, exists=database in server.names())
        token = uuid4().hex[:12]
        new, old = _named(database, RESTORING, token), _named(database, REPLACED, token)
        files = _target(token)
        server.create(new, like=database)
        try:
            files.begin(sum(content.size for content in manifest.media.values()))
            fill(archive, manifest, new, files)
            files.finish()
            migrations = bring_up_to_date(new)
            server.replace(database, new, old)
            files.switch()
        except BaseException:
            _end_early(server, files, new)
            raise
        server.drop(old)
    return Restored(manifest, database, migrations)


def settle(server: Server, database: str) -> None:
    """Finish what a restore has left that was killed: forward if its database is the site's already, back if not."""
    names = server.names()
    if is_on_disk():
        root = Path(settings.MEDIA_ROOT)
        for token in FolderMedia.left(root):
            files = FolderMedia(root, token)
            if any(name.endswith(RESTORING + token) for name in names):
                files.discard()
            else:
                files.switch()
    beginnings = [_named(database, mark, "") for mark in (RESTORING, REPLACED)]
    for name in names:
        if any(name.startswith(beginning) for beginning in beginnings):
            server.drop(name)


def refuse_unfit(manifest: Manifest, server: Server) -> None:
    """What this code, its server or its programs can't take."""
    manifest.refuse_unknown_migrations()
    if server.major < manifest.server_major:
        wanted = manifest.server_major
        raise ArchiveError(
            f"The archive is of PostgreSQL {wanted}, and this server is {server.major}: it takes {wanted} or later."
        )
    programs.find("pg_restore", manifest.dump_major)


def _refuse_to_overwrite(database: str, *, exists: bool) -> None:
    if exists:
        with connected_to(database):
            if filled := databases.filled():
                more = f" and {len(filled) - 3} more tables" if len(filled) > 3 else ""
                raise ArchiveError(
                    f"There are rows in the database {database} ({', '.join(filled[:3])}{more}): --overwrite replaces all of it."
                )
    if name := next(media.names(), None):
        raise ArchiveError(f"There are files in the media folder ({name} …): --overwrite replaces all of them.")


def _named(database: str, mark: str, token: str) -> str:
    return database.encode()[: LONGEST - 12 - len(mark)].decode(errors="ignore") + mark + token


def _target(token: str) -> FolderMedia | BucketMedia:
    return FolderMedia(Path(settings.MEDIA_ROOT), token) if is_on_disk() else BucketMedia()


def _end_early(server: Server, files: FolderMedia | BucketMedia, new: str) -> None:
    """Back, as long as the new database is not the site's; then there is only forward."""
    if new in server.names():
        files.discard()  # first, for files whose database is gone would be taken for those of a finished restore
        server.drop(new)
    else:
        files.switch()


def fill(archive: Archive, manifest: Manifest, database: str, files: FolderMedia | BucketMedia) -> None:
    """Unpack into an empty database, and into ``files``. ArchiveError unless each table has the rows that it had."""
    pg_restore, _major = programs.find("pg_restore", manifest.dump_major)
    archive.unpack(manifest, lambda parts: programs.restore(pg_restore, database, parts), files.add)
    with connected_to(database), transaction.atomic():
        found = {name: table.rows for name, table in databases.tables().items()}
    said = {name: table.rows for name, table in manifest.tables.items()}
    if found != said:
        name = next(name for name in said | found if said.get(name) != found.get(name))
        raise ArchiveError(f"The table {name} has other rows than the archive says. Nothing was changed.")


def bring_up_to_date(database: str) -> list[str]:
    """Migrate what is older than this code; name what is public anew, for pages that processes hold are of another database."""
    with connected_to(database):
        missing = sorted(".".join(key) for key in unapplied())
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
        ContentVersion.objects.update_or_create(pk=1, defaults={"token": uuid4()})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return missing
