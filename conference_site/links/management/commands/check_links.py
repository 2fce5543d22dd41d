"""``manage.py check_links``."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from conference_site.links.checking import Run, check_all_internal, external
from conference_site.links.models import Address, Place, State


class Command(BaseCommand):
    help = "Check every address in the content: those of this site, and those of others politely. Exit code 1 if any is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--internal", action="store_true", help="only the addresses of this site, without any network")
        parser.add_argument("--seconds", type=float, default=300, help="how long other sites are asked (default: 300)")

    def handle(self, *, internal: bool, seconds: float, **options: object) -> None:
        if seconds <= 0:
            raise CommandError("--seconds must be more than 0.")
        check_all_internal()
        if not internal:
            addresses = list(external())
            run = Run(seconds)
            run.ask(addresses)
            left = len(addresses) - len(run.found)
            self.stdout.write(f"Asked for {len(run.found)} addresses of other sites; {left} left for want of time.")
        for name, is_internal in (("This site", True), ("Other sites", False)):
            counts = Counter(Address.objects.filter(is_internal=is_internal).values_list("state", flat=True))
            with override("en-us"):
                words = ", ".join(f"{counts[state]} {state.label.lower()}" for state in State if counts[state])
            self.stdout.write(f"{name}: {words or 'no addresses'}.")
        self._say_what_is_broken()

    def _say_what_is_broken(self) -> None:
        broken = Address.objects.filter(state=State.BROKEN).worst_first()
        places = Place.objects.filter(address__in=broken).select_related("source", "address")
        standing: dict[int, list[str]] = {}
        for place in places:
            words = f"{place.kind} {place.source.object_id}{f', {place.language}' if place.language else ''}"
            standing.setdefault(place.address_id, []).append(words)
        lines = [f"{row.url}\n    {row.why}\n    {'; '.join(standing.get(row.pk, []))}" for row in broken]
        if lines:
            raise CommandError("\n".join(["Broken:", *lines]))
