"""``manage.py restore``."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference_site.archives.drill import drill
from conference_site.archives.problems import in_one_sentence
from conference_site.archives.reading import Archive, archive
from conference_site.archives.restoring import restore
from conference_site.archives.stopping import stoppable


class Command(BaseCommand):
    help = "Bring an archive back, after all of it was verified; or, with --drill, see whether that would succeed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", nargs="?", default="", help="a file, or the name of an archive at BACKUP_URL")
        parser.add_argument("--overwrite", action="store_true", help="replace the database and the media that are there")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the key of age to which the archive was encrypted")
        parser.add_argument("--database", default="", metavar="NAME", help="another database of the server than the site's own")
        parser.add_argument(
            "--drill",
            action="store_true",
            help="restore the archive (default: the newest) for practice, and compare everything; changes nothing. "
            "Exit code 0 only if all is equal",
        )

    def handle(
        self, *, archive: str, overwrite: bool, identity: Path | None, database: str, drill: bool, **options: object
    ) -> None:
        if drill and (overwrite or database):
            raise CommandError("--drill takes neither --overwrite nor --database: it changes nothing.")
        if not (archive or drill):
            raise CommandError("Which archive? Name a file, or an archive at BACKUP_URL.")
        with in_one_sentence(), stoppable(), _opened(archive, identity) as found:
            self._drill(found) if drill else self._restore(found, database, overwrite=overwrite)

    def _restore(self, found: Archive, database: str, *, overwrite: bool) -> None:
        restored = restore(found, database, overwrite=overwrite)
        manifest = restored.manifest
        self.stdout.write(
            f"{found.name}, made at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC by {manifest.site}, is now in {restored.database}: "
            f"{manifest.sums}."
        )
        if restored.migrations:
            self.stdout.write(f"Migrated: {', '.join(restored.migrations)}.")
        for name in manifest.missing:
            self.stdout.write(f"Missing since the archive was made: {name}")

    def _drill(self, found: Archive) -> None:
        report = drill(found)
        self.stdout.write("\n".join([found.name, *report.lines]))
        if report.differences:
            raise CommandError(f"{found.name} is not what it says.")
        self.stdout.write("All is equal.")


def _opened(name: str, identity: Path | None):
    return archive(name, settings.BACKUP_URL, identity)
