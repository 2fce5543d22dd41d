from django.core.management.base import BaseCommand
from django.db import transaction

from conference_site.publishing.roles import create_roles


class Command(BaseCommand):
    help = "Create the roles editor, organiser and administrator where they are missing. Existing roles are left as they are."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        for role, permissions in create_roles().items():
            self.stdout.write(f"The role “{role}” lacks, and was not given: {', '.join(sorted(permissions))}.")
