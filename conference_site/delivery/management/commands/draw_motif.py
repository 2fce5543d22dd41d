"""Draws the files in static/img/ from the parameters of the ornament."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

from conference_site import motif

# These stand on the deep ground in either scheme (static/css/tokens.css).
DEEP, SAFFRON = "#0b3b3c", "#e9a23b"
ICONS = {"favicon.ico": 32, "apple-touch-icon.png": 180}
OVERSAMPLING = 8


class Command(BaseCommand):
    help = "Draw the lattice, the friezes and the icons again."

    def handle(self, *args, **options) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "img"
        for name, text in drawings().items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, size in ICONS.items():
            icon(size).save(folder / name)


def drawings() -> dict[str, str]:
    """The text of each SVG file. A reader of a script from right to left sees the opening ones mirrored (`--line-of-reading`)."""
    return {
        "lattice-wide.svg": _opening(18, 9, motif.FIELD),
        "frieze-wide.svg": _opening(18, 2, SAFFRON),
        "lattice-narrow.svg": _opening(7, 9, motif.FIELD),
        "frieze-narrow.svg": _opening(7, 2, SAFFRON),
        "favicon.svg": _favicon(),
    }


def _opening(columns: int, rows: int, colour: str, line: float = 1.6) -> str:
    """Two with as many columns lie on each other line by line: a frieze is the last rows of its lattice, in another colour."""
    width, height = columns * motif.PITCH, rows * motif.PITCH
    path = motif.lattice(columns, rows, motif.opening(width))
    # Half a line more on each side, so that the outermost points are whole.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {width + 2} {height + 2}">'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{line}" stroke-linejoin="round"/></svg>\n'
    )


def _favicon() -> str:
    one, other = motif.mark_squares()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-64 -64 128 128">'
        f'<rect x="-64" y="-64" width="128" height="128" rx="24" fill="{DEEP}"/>'
        f'<path d="{one}{other}" fill="none" stroke="{SAFFRON}" stroke-width="7" stroke-linejoin="round"/>'
        f'<circle r="10" fill="{SAFFRON}"/></svg>\n'
    )


def icon(size: int) -> Image.Image:
    """The mark as a picture of ``size`` pixels, for what can't show SVG."""
    whole = size * OVERSAMPLING
    picture = Image.new("RGB", (whole, whole), DEEP)
    pen, unit = ImageDraw.Draw(picture), whole / 128
    for turn in (0, 45):
        corners = [(whole / 2 + x * unit, whole / 2 + y * unit) for x, y in motif.square(turn)]
        pen.line([*corners, *corners[:2]], fill=SAFFRON, width=round(8 * unit), joint="curve")
    pen.circle((whole / 2, whole / 2), 11 * unit, fill=SAFFRON)
    return picture.resize((size, size), Image.Resampling.LANCZOS)
