"""``manage.py rebuild_search``."""

from django.core.management.base import BaseCommand

from conference_site.publishing import indexing


class Command(BaseCommand):
    help = "Write what the search holds anew from the live rows; the site goes on meanwhile."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{indexing.rebuild()} items are in the search.")
