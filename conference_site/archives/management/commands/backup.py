"""``manage.py backup``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference_site.archives import making
from conference_site.archives.places import place_of
from conference_site.archives.problems import in_one_sentence
from conference_site.archives.stopping import stoppable

INCOMPLETE = 3
"""The exit code of a backup that lacks files which were nowhere."""


class Command(BaseCommand):
    help = "Make one archive of the database and the media. Exit code 3 if there is one, but a file that a row names is missing."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="PLACE", help="a folder, or s3://key:secret@host/bucket (default: BACKUP_URL)")

    def handle(self, *, to: str | None, **options: object) -> None:
        with in_one_sentence(), stoppable():
            place = place_of(to or settings.BACKUP_URL)
            made = making.make(place, settings.BACKUP_AGE_RECIPIENT, settings.BACKUP_KEEP)
        self.stdout.write("\n".join(making.said(made, place)))
        if missing := made.manifest.missing:
            names = "\n".join(f"  {name}" for name in missing)
            raise CommandError(f"{len(missing)} files that the database names are missing:\n{names}", returncode=INCOMPLETE)
