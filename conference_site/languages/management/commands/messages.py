"""`manage.py messages`: the catalogues brought up to date, compiled, or checked. Needs no database."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from conference_site.languages import messages


class Command(BaseCommand):
    help = "Bring the message catalogues up to date with the sources, or --compile them, or --check them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--compile", action="store_true", help="write the .mo files that are older than their .po")
        what.add_argument("--check", action="store_true", help="list what is untranslated, fuzzy or wrong; fail if anything is")

    def handle(self, *args, **options) -> None:
        if options["check"]:
            if problems := list(messages.problems()):
                raise CommandError("\n".join(problems))
            return
        written = messages.compile_all() if options["compile"] else messages.update_all()
        if options["verbosity"]:
            for path in written:
                self.stdout.write(f"wrote {path}")
