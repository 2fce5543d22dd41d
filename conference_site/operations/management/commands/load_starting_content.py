from django.core.management.base import BaseCommand

from conference_site.operations import content


class Command(BaseCommand):
    help = "Load the starting content that was never loaded here before. What editors changed or deleted stays as it is."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{content.load()} items loaded.")
