"""How a card looks: the ground and the lattice of the first screen, the mark and the site's name, the kind of page, its title."""

from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps

from conference_site import motif
from conference_site.cards.typesetting import BOLD, LIGHT, Face, Setting, drawable, set_text
from conference_site.delivery import tokens
from conference_site.languages.content import Text, direction

VERSION = 1
"""To be raised when cards are drawn differently: their addresses change with it, and so do the pictures that others keep."""

WIDTH, HEIGHT = 1200, 630  # pixels: what social networks ask for
MARGIN = 72
MEASURE = WIDTH - 2 * MARGIN
SHADES = {"saffron": 24, "paper": 40, "soft": 24, "field": 24}
"""How many there are between each colour and the ground: more are not seen, and cost bytes."""
OVERSAMPLING = 4

COLUMNS, ROWS, FRIEZE_ROWS = 18, 9, 2
PITCH = WIDTH / COLUMNS
FRIEZE = round(HEIGHT - FRIEZE_ROWS * PITCH)
"""Where the lattice's last rows begin, which are the frieze."""
LINE, FRIEZE_LINE = 1.1, 1.8
FIELD_STRENGTH = 0.5

MARK, MARK_MIDDLE, MARK_LINE, NAME_GAP = 58, 80, 2.4, 20
MIDDLE = (MARK_MIDDLE + MARK // 2 + FRIEZE) // 2
"""Around which kicker and title stand."""
NAME, KICKER, TITLE, REST = range(28, 21, -2), range(32, 25, -2), range(96, 43, -4), range(52, 31, -4)
"""Sizes from which a text has the first that fits."""
TITLE_HEIGHT, REST_HEIGHT, GAP = 250, 110, 12


class Block(NamedTuple):
    """A text that was set, and the token of its colour."""

    setting: Setting
    colour: str


def draw(kicker: Text, title: Text, name: Text) -> bytes:
    """A card as PNG, in the direction of its title's language. The site's name stands for a title that can't be drawn."""
    title = title if drawable(title.text) else name
    picture = _ground(direction(title.language)).copy()
    pen, colours = ImageDraw.Draw(picture), tokens.values()
    blocks = list(_blocks(kicker, title))
    y = MIDDLE - (sum(block.setting.height + GAP for block in blocks) - GAP) / 2
    for (lines, face), colour in blocks:
        for number, line in enumerate(lines):
            face.write(pen, _start(title.language), y + (number + 0.5) * face.leading, line, colours[colour])
        y += len(lines) * face.leading + GAP
    if drawable(name.text) and not title.text.startswith(name.text):
        _write_name(pen, name, title.language, colours["paper"])
    file = BytesIO()
    picture.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _blocks(kicker: Text, title: Text) -> Iterator[Block]:
    """Of a title that its author divided by sense, the first line says it, and the rest carries it on."""
    lines = [line for line in map(drawable, title.lines) if line]
    rest = " ".join(lines[1:])

    def block(text: str, weight: int, sizes: range, height: int, lines: int, colour: str) -> Block:
        return Block(set_text(text, [Face(title.language, weight, size) for size in sizes], MEASURE, height, lines), colour)

    if above := drawable(kicker.text):
        yield block(above, BOLD, KICKER, TITLE_HEIGHT, 1, "saffron")
    for head in lines[:1]:
        yield block(head, BOLD, TITLE, TITLE_HEIGHT - (REST_HEIGHT if rest else 0), 4, "paper")
    if rest:
        yield block(rest, LIGHT, REST, REST_HEIGHT, 2, "soft")


def _write_name(pen: ImageDraw.ImageDraw, name: Text, language: str, colour: str) -> None:
    """Beside the mark, which stands where the card's language begins; in the direction of its own."""
    faces = [Face(name.language, BOLD, size) for size in NAME]
    (line,), face = set_text(drawable(name.text), faces, MEASURE - MARK - NAME_GAP, MARK * 2, 1)
    way = 1 if direction(language) == "ltr" else -1
    start = _start(language) + way * (MARK + NAME_GAP)
    if direction(name.language) != direction(language):
        start += way * face.width(line)
    face.write(pen, start, MARK_MIDDLE, line, colour)


@cache
def _palette() -> Image.Image:
    """The colours of a card, and their smooth edges: a picture of chosen colours is a third as large."""
    tones = tokens.values() | {"field": motif.FIELD}
    ground = ImageColor.getrgb(tones["deep"])
    shades = [
        round(one + (other - one) * step / (steps - 1))
        for name, steps in SHADES.items()
        for step in range(steps)
        for one, other in zip(ground, ImageColor.getrgb(tones[name]), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


def _start(language: str) -> int:
    """The side from which lines of a language are read."""
    return MARGIN if direction(language) == "ltr" else WIDTH - MARGIN


@cache
def _ground(way: str) -> Image.Image:
    """What all cards of a direction share: the lattice that opens along the line of reading, its last rows, and the mark."""
    if way == "rtl":
        return ImageOps.mirror(_ground("ltr"))
    colours = tokens.values()
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours["deep"])
    picture.paste(motif.FIELD, mask=ImageChops.multiply(_lattice(ROWS, LINE), _veil()))
    picture.paste(colours["saffron"], mask=ImageChops.lighter(_lattice(FRIEZE_ROWS, FRIEZE_LINE), _mark()))
    return picture


def _lattice(rows: int, line: float) -> Image.Image:
    """The last rows of the lattice, down to the lower edge, as a mask."""
    top, scale = HEIGHT - rows * PITCH, PITCH / motif.PITCH
    lines = motif.lines(COLUMNS, rows, motif.opening(COLUMNS * motif.PITCH))
    return _mask(([(x * scale, top + y * scale) for x, y in points] for points in lines), line)


def _mark() -> Image.Image:
    """The site's mark, as a mask."""
    middle, scale = MARGIN + MARK / 2, MARK / 100
    squares = (motif.square(turn) for turn in (0, 45))
    lines = ([(middle + x * scale, MARK_MIDDLE + y * scale) for x, y in square] for square in squares)
    return _mask(lines, MARK_LINE, ((middle, MARK_MIDDLE), motif.MARK_POINT * scale))


def _mask(lines: Iterable[list[motif.Point]], line: float, *circles: tuple[motif.Point, float]) -> Image.Image:
    """Closed lines of a width, and filled circles, with smooth edges."""
    mask = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    pen = ImageDraw.Draw(mask)
    for points in lines:
        closed = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in [*points, *points[:2]]]
        pen.line(closed, 255, round(line * OVERSAMPLING), "curve")
    for (x, y), radius in circles:
        pen.circle((x * OVERSAMPLING, y * OVERSAMPLING), radius * OVERSAMPLING, 255)
    return mask.reduce(OVERSAMPLING)


def _veil() -> Image.Image:
    """The lattice is seen towards the end of the line and the lower edge, as on the first screen."""
    across = [max(0, x / WIDTH - 0.35) / 0.65 for x in range(WIDTH)]
    down = [min(1, y / HEIGHT / 0.7) * FIELD_STRENGTH for y in range(HEIGHT)]
    return Image.frombytes("L", (WIDTH, HEIGHT), bytes(round(255 * x * y) for y in down for x in across))
