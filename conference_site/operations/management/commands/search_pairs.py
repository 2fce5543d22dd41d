"""``manage.py search_pairs FILE``: what the search makes of pairs of a query and a document."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference_site.operations import content
from conference_site.search.finding import current_names
from conference_site.search.judge import judge, read
from conference_site.search.models import NameGroup
from conference_site.search.names import Names


class Command(BaseCommand):
    help = "Judge the search by a file of pairs (query, document, must_match, why; separated by tabs)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            pairs = list(read(file))
        except (OSError, ValueError, KeyError, csv.Error) as problem:
            raise CommandError(f"{file} cannot be read as a file of pairs: {problem!r}") from None
        for line in judge(pairs, self._names()):
            self.stdout.write(line)

    def _names(self) -> Names:
        """Those of the site; where it has none yet, those that it would begin with."""
        if NameGroup.objects.exists():
            return current_names()
        self.stderr.write("There are no rows of names yet: judged with those of the starting content.")
        return Names(content.starting_names())
