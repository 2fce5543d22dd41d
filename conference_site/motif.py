"""The site's ornament: polygons in contact (Hankin's method) over the tiling of octagons and squares.

From the middle of each edge of a tile two lines set out into it, at the *contact angle* to the edge, and end where they
meet their neighbours. One angle for all gives an even pattern: near 22.5° closed octagons, at 45° the star of two squares
(the site's mark), towards 70° an open web. Where the angle changes along the line of reading, the pattern opens along it:
from teaching to learning.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

Point = tuple[float, float]
Angle = Callable[[float], float]  # the contact angle in degrees at a place along the line of reading

PITCH = 100  # units from the middle of one octagon to that of the next
CLOSED, OPEN = 22.6, 70.0  # at 22.5 and less the lines of an octagon no longer meet in its corners
EDGE = PITCH / (1 + math.sqrt(2))
FIELD = "#5fa39b"  # the colour of the lattice on the deep ground
MARK_POINT = 6.5  # the radius of the point in the middle of the mark, in a box of 100


def star(angle: float) -> str:
    """The path of one octagon's star, around (0, 0), in a box of `PITCH` units."""
    return _path(_woven(_polygon(0, 0, 8), lambda _x: angle))


def mark_squares() -> tuple[str, str]:
    """The paths of the mark's two squares, around (0, 0), in a box of 100 with room for their line."""
    return _path(square(0)), _path(square(45))


def square(turn: float) -> list[Point]:
    """The corners of one of the mark's squares, turned by so many degrees."""
    return [_around(46, turn + corner * 90) for corner in range(4)]


def repeat(angle: float) -> str:
    """The path of the lattice's smallest repeat, a box of `PITCH` units: an octagon, and a quarter of a square in each corner."""
    corners = [_polygon(x, y, 4) for x in (0, PITCH) for y in (0, PITCH)]
    return "".join(_path(_woven(tile, lambda _x: angle)) for tile in (_polygon(PITCH / 2, PITCH / 2, 8), *corners))


def lattice(columns: int, rows: int, angle: Angle) -> str:
    """The path of a lattice of so many octagons, and of the squares between them, from (0, 0) on."""
    return "".join(map(_path, lines(columns, rows, angle)))


def lines(columns: int, rows: int, angle: Angle) -> Iterator[list[Point]]:
    """The same as the points of its closed lines, for what draws by itself."""
    return (_woven(tile, angle) for tile in _tiles(columns, rows))


def opening(width: float, closed: float = CLOSED, opened: float = OPEN) -> Angle:
    """An angle that grows from ``closed`` at 0 to ``opened`` at ``width``, slowly at both ends."""

    def angle(x: float) -> float:
        share = max(0.0, min(1.0, x / width))
        return closed + (opened - closed) * (1 - math.cos(math.pi * share)) / 2

    return angle


def family(place: int, count: int) -> float:
    """The contact angle of the ``place``-th (from 0) of ``count`` siblings: evenly from closed to open."""
    return CLOSED + 8 + (OPEN - CLOSED - 14) * (place / (count - 1) if count > 1 else 0.45)


def _tiles(columns: int, rows: int) -> Iterator[list[Point]]:
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) * PITCH, (row + 0.5) * PITCH
            yield _polygon(x, y, 8)
            if column < columns - 1 and row < rows - 1:
                yield _polygon(x + PITCH / 2, y + PITCH / 2, 4)


def _polygon(x: float, y: float, sides: int) -> list[Point]:
    """The middles of a tile's edges: all that the pattern needs of it. An octagon lies on an edge, a square on a corner."""
    apothem = EDGE / 2 / math.tan(math.pi / sides)
    first = 0 if sides == 8 else math.pi / 4
    return [
        (x + apothem * math.cos(first + side * 2 * math.pi / sides), y + apothem * math.sin(first + side * 2 * math.pi / sides))
        for side in range(sides)
    ]


def _around(radius: float, degrees: float) -> Point:
    return radius * math.cos(math.radians(degrees)), radius * math.sin(math.radians(degrees))


def _woven(middles: list[Point], angle: Angle) -> list[Point]:
    """The closed line through a tile: middle of an edge, meeting point, middle of the next edge, and so on."""
    centre = (sum(x for x, _ in middles) / len(middles), sum(y for _, y in middles) / len(middles))
    line = []
    for one, other in pairwise([*middles, middles[0]]):
        line += [one, _meeting(_ray(one, centre, angle(one[0]), 1), _ray(other, centre, angle(other[0]), -1))]
    return line


def _ray(start: Point, centre: Point, angle: float, turn: int) -> tuple[Point, Point]:
    """A line from ``start`` into the tile, at ``angle`` to the edge on which it stands."""
    inwards = math.atan2(centre[1] - start[1], centre[0] - start[0])
    heading = inwards - turn * math.radians(90 - angle)
    return start, (math.cos(heading), math.sin(heading))


def _meeting(one: tuple[Point, Point], other: tuple[Point, Point]) -> Point:
    (ax, ay), (adx, ady) = one
    (bx, by), (bdx, bdy) = other
    reach = ((bx - ax) * bdy - (by - ay) * bdx) / (adx * bdy - ady * bdx)
    return ax + reach * adx, ay + reach * ady


def _path(line: list[Point]) -> str:
    """A closed SVG path in whole units, relative after its first point, for brevity."""
    points = [(round(x), round(y)) for x, y in line]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-") + "z"
