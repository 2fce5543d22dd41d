"""Draws the land of the map of the learning cities, which its template holds."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from partners import land
from partners.map import HEIGHT, WIDTH

FILE = Path(settings.BASE_DIR) / "templates" / "partners" / "_land.svg"


class Command(BaseCommand):
    help = "Draw the land of the map again, from land-50m.json of the npm package world-atlas (Natural Earth, public domain)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="land-50m.json")

    def handle(self, *args, **options) -> None:
        FILE.write_text(drawing(json.loads(options["file"].read_text(encoding="utf-8"))), encoding="utf-8")


def drawing(topology: dict) -> str:
    """Stretched with the map, so that it lies under the cities' places at any size."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="land" fill-rule="evenodd" d="{land.path(topology)}"/></svg>\n'
    )
