"""``manage.py rebuild_versions``."""

from django.core.management.base import BaseCommand, CommandParser

from conference_site.publishing import versions


class Command(BaseCommand):
    help = "Write anew what is to be done on each language of each item; stages, notes and dates stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only of items of which nothing is known yet")

    def handle(self, *, missing: bool, verbosity: int, **options: object) -> None:
        number = versions.rebuild(missing=missing)
        if verbosity:
            self.stdout.write(f"Written for the boards of the desk: {number} items.")
