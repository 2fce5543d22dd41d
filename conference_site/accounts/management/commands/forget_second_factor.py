from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from conference_site.accounts import second_factor


class Command(BaseCommand):
    help = "Removes the second factor of an account whose owner has lost it, recovery codes and all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the account's user name")

    def handle(self, *args, **options) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['name']}.")
        if not second_factor.forget(user):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(f"{user} has no second factor any more, is signed out everywhere, and makes one when signing in.")
