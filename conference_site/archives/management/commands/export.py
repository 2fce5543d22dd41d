"""``manage.py export``."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference_site.archives import exporting
from conference_site.archives.management.commands.backup import INCOMPLETE
from conference_site.archives.problems import in_one_sentence
from conference_site.archives.stopping import stoppable


class Command(BaseCommand):
    help = (
        "Write all content into a folder: a file for each item with its texts in all languages, pictures and documents beside. "
        "The same folder again is brought up to date. Exit code 3 if a file that a row names is missing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="one that is empty, not there yet, or made by an earlier export")

    def handle(self, *, folder: Path, **options: object) -> None:
        with in_one_sentence(), stoppable():
            made = exporting.export(folder)
        media = len(made.files) - made.items
        self.stdout.write(
            f"{folder}: {made.items:,} files of content and {media:,} of media, {made.size:,} bytes; {made.changed:,} changed."
        )
        if made.missing:
            names = "\n".join(f"  {name}" for name in made.missing)
            raise CommandError(f"{len(made.missing)} files that the database names are missing:\n{names}", returncode=INCOMPLETE)
