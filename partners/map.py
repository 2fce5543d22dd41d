"""The map of the learning cities: its frame, where in it a city lies, and where its name stands beside it.

The drawing is as wide as its column, and a name keeps the size of the text around it. So a city's place is a share of the
map, and its name's distance from it is in CSS pixels. Names that don't touch at one width don't at any greater one, for then
their places only lie further apart: it is enough to try the narrowest map on which a name is to be shown.
"""

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from conference_site.languages.content import Text, direction, text_of
from partners.models import LearningCity

WEST, EAST, SOUTH, NORTH = -20, 62, -14, 40
"""The frame in degrees: the Arab countries, from Mauritania to Oman and from Syria to the Comoros."""

TRUE_LATITUDE = 25  # where the map is true to shape: in the middle of most of those countries
WIDTH = 820
HEIGHT = round(WIDTH * (NORTH - SOUTH) / (EAST - WEST) / math.cos(math.radians(TRUE_LATITUDE)))
"""The frame in units of the drawing."""

NARROW, WIDE = 288, 560
"""CSS pixels: the map on a screen of 320, and the width from which on the stylesheet shows the names that need it."""

# CSS pixels: how far a star reaches from its place, how far from there a name stands beside it and above or below it, how far it
# may begin on the place's other side; and of a name's line the size, the height and what lies above its letters' feet.
STAR, BESIDE, CLEAR, BACK = 8, 11, 9, 6
SIZE, LINE, ABOVE = 16, 22, 16

SIDES = ((1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1))
"""Where a name may stand, the best first: so far along the line of reading (0: above or below), and so far down."""

NARROW_LETTERS, WIDE_LETTERS = frozenset("fijlrtI ’'.-اأإآلبتثنيئدذرزء"), frozenset("mwMWسشصض")

Place = tuple[float, float]


class Box(NamedTuple):
    """What something takes up, in CSS pixels from its place."""

    left: float
    top: float
    right: float
    bottom: float


class Label(NamedTuple):
    """A name on the map, and from its city's place, in CSS pixels, to where it begins, ends or has its middle (``anchor``).

    It is shown "always", on a "wide" map, or when it is "pointed" at; a "long" one finds no room on a narrow map at all.
    """

    dx: int
    dy: int
    anchor: str
    direction: str
    shown: str


class Point(NamedTuple):
    """A city on the map: its place in percent of the map's width and height."""

    city: LearningCity
    x: str
    y: str
    label: Label | None


def share(latitude: float, longitude: float) -> Place:
    """Where a place lies in the frame, as shares of its width and height from the north-west: within it, from 0 to 1.

    The projection is equirectangular, so that these say all.
    """
    return (longitude - WEST) / (EAST - WEST), (NORTH - latitude) / (NORTH - SOUTH)


def projected(latitude: float, longitude: float) -> Place:
    """The same in units of the drawing."""
    x, y = share(latitude, longitude)
    return x * WIDTH, y * HEIGHT


def points(cities: Iterable[LearningCity], current: LearningCity | None = None) -> list[Point]:
    """The cities that lie in the frame, in their order; the one that the page is about (``current``) comes last, on top of them.

    There are none if that one isn't in the frame.
    """
    shown = [city for city in cities if city.place and all(0 <= part <= 1 for part in share(*city.place))]
    if current and current not in shown:
        return []
    shown.sort(key=lambda city: city == current)
    named = tuple((share(*city.place), text_of(city, "name")) for city in shown)
    labels = _labels(named, is_last_current=bool(current))
    return [Point(city, f"{x:.2%}", f"{y:.2%}", label) for city, ((x, y), _), label in zip(shown, named, labels, strict=True)]


@lru_cache(maxsize=256)
def _labels(named: tuple[tuple[Place, Text], ...], is_last_current: bool) -> list[Label | None]:
    """Each name where it touches neither another one nor another city; where there is no such room, it waits to be pointed at.

    The name of the page's own city is placed before all others, and shown in any case. Kept, for a hundred cities take a while.
    """
    stars = [(place, Box(-STAR, -STAR, STAR, STAR)) for place, _name in named]
    names, labels = [], {}
    order = [*named[-1:], *named[:-1]] if is_last_current else named
    for shown, width in (("always", NARROW), ("wide", WIDE), ("pointed", NARROW)):
        for place, name in (one for one in order if one not in labels):
            others = names + [star for star in stars if star[0] != place]
            inside = [found for found in _boxes(place, name) if _is_inside(place, found[1], width)]
            free = (found for found in inside if all(_are_apart(place, found[1], *other, width) for other in others))
            chosen = next(iter(inside), None) if shown == "pointed" else next(free, None)
            if inside and not chosen and is_last_current and not labels:
                chosen = max(inside, key=lambda found: sum(_are_apart(place, found[1], *other, width) for other in others))
            if chosen:
                names.append((place, chosen[1]))
                is_long = not _is_inside(place, chosen[1], NARROW)
                labels[place, name] = _label(*chosen, direction(name.language), "long" if is_long else shown)
    return [labels.get(one) for one in named]


def _boxes(place: Place, name: Text) -> list[tuple[int, Box]]:
    """On which side of its place (1: the right) the name may stand, and where, the best first: within a narrow map if at all."""
    width, sign = _width(name.text), -1 if direction(name.language) == "rtl" else 1
    boxes = [_box(place, width, across * sign, down) for across, down in SIDES]
    return [(side, box) for side, box in boxes if _is_inside(place, box, NARROW)] or boxes


def _box(place: Place, width: float, across: int, down: int) -> tuple[int, Box]:
    """A name of that width, so far to the right and so far down from its place. In the middle it gives way to the frame."""
    to_left, to_right = -place[0] * NARROW, (1 - place[0]) * NARROW
    if not across and width <= NARROW:
        across = 1 if -width / 2 < to_left else -1 if width / 2 > to_right else 0
        left = {0: -width / 2, 1: to_left, -1: to_right - width}[across]
    else:
        left = {0: -width / 2, 1: -BACK if down else BESIDE, -1: BACK - width if down else -BESIDE - width}[across]
    top = {-1: -CLEAR - LINE, 0: -LINE / 2, 1: CLEAR}[down]
    return across, Box(left, top, left + width, top + LINE)


def _label(side: int, box: Box, language_direction: str, shown: str) -> Label:
    """The text is anchored on the side of its place, since how wide it really is only a browser knows."""
    anchors = {0: "middle", 1: "start", -1: "end"}
    anchor = anchors[-side if language_direction == "rtl" else side]
    return Label(round({0: 0, 1: box.left, -1: box.right}[side]), round(box.top + ABOVE), anchor, language_direction, shown)


def _width(name: str) -> float:
    """About how wide the name is, in CSS pixels: rather too wide than too narrow."""
    letters = [letter for letter in name if not unicodedata.combining(letter)]
    widths = [0.37 if letter in NARROW_LETTERS else 1 if letter in WIDE_LETTERS else 0.64 for letter in letters]
    return SIZE * (0.5 + sum(widths))


def _is_inside(place: Place, box: Box, width: float) -> bool:
    x, y = place[0] * width, place[1] * width * HEIGHT / WIDTH
    return x + box.left >= 0 and x + box.right <= width and y + box.top >= 0 and y + box.bottom <= width * HEIGHT / WIDTH


def _are_apart(place: Place, box: Box, other: Place, other_box: Box, width: float) -> bool:
    """Whether two boxes don't touch on a map of that width, nor on a wider one: they lie to each other as their places do."""
    across, down = (other[0] - place[0]) * width, (other[1] - place[1]) * width * HEIGHT / WIDTH
    return (
        (across >= 0 and across + other_box.left >= box.right)
        or (across <= 0 and across + other_box.right <= box.left)
        or (down >= 0 and down + other_box.top >= box.bottom)
        or (down <= 0 and down + other_box.bottom <= box.top)
    )
