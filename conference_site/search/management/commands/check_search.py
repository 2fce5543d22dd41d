"""``manage.py check_search``."""

from django.core.management.base import BaseCommand, CommandError

from conference_site.search import indexing


class Command(BaseCommand):
    help = "Check that what the search holds is what the live rows say."

    def handle(self, **options: object) -> None:
        if lines := list(indexing.stale()):
            raise CommandError("\n".join(["Stale entries of the search, which rebuild_search mends:", *lines]))
        self.stdout.write("The search holds what the live rows say.")
