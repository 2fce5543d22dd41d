"""``manage.py import``."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from conference_site.archives.importing import import_content
from conference_site.archives.problems import in_one_sentence
from conference_site.archives.stopping import stoppable


class Command(BaseCommand):
    help = "Let the content be that of a folder which `export` made, after all of it was checked: as a whole, or not at all."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that `export` made; it may have been changed since")
        parser.add_argument("--replace", action="store_true", help="take all content away first that is there")

    def handle(self, *, folder: Path, replace: bool, **options: object) -> None:
        with in_one_sentence(), stoppable():
            done = import_content(folder, replace=replace)
        self.stdout.write(f"{folder}: {done.items:,} files of content with {done.rows:,} rows, {done.files:,} of media.")
        for name in done.strangers:
            self.stdout.write(f"No account here is called {name}: what {name} wrote is now without its author.")
