"""``manage.py snapshot``."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference_site.archives import snapshots
from conference_site.archives.problems import in_one_sentence
from conference_site.archives.stopping import stoppable

BROKEN = 3
"""The exit code of a snapshot in which a link leads nowhere."""


class Command(BaseCommand):
    help = (
        "Write the public site in all languages into a folder, as files for a plain web server. "
        "Exit code 3 if there is one, but a link in it leads to no file."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="one that is empty, not there yet, or made by an earlier snapshot")

    def handle(self, *, folder: Path, **options: object) -> None:
        with in_one_sentence(), stoppable():
            taken = snapshots.take(folder)
        self.stdout.write(f"{folder}: {taken.pages:,} pages, {taken.files:,} files, {taken.size:,} bytes.")
        if taken.broken:
            links = "\n".join(f"  {link}" for link in taken.broken)
            raise CommandError(f"{len(taken.broken)} links lead to no file:\n{links}", returncode=BROKEN)
