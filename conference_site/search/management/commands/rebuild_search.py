"""``manage.py rebuild_search``."""

from django.core.management.base import BaseCommand, CommandParser

from conference_site.search import indexing


class Command(BaseCommand):
    help = "Write what the search holds anew from the live rows; the site goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only of items of which it holds nothing yet")

    def handle(self, *, missing: bool, verbosity: int, **options: object) -> None:
        number = indexing.rebuild(missing=missing)
        if verbosity:
            self.stdout.write(f"Written into the search: {number} items.")
