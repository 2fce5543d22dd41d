"""From a file of the world's land (TopoJSON) to the path of what lies in the map's frame.

Only `manage.py draw_map` needs it; pages have what it has drawn.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from partners.map import HEIGHT, WIDTH, projected

Point = tuple[float, float]
Ring = list[Point]

MARGIN = 4  # units that are drawn beyond each edge of the frame, so that no edge of a cut is seen as a coast
TOLERANCE = 0.5  # units that a drawn coast may lie beside the true one
LEAST_AREA = 3  # square units of the smallest island that is drawn: about 300 km²


def path(topology: dict) -> str:
    """The land in the frame as one closed path of an SVG, in whole units."""
    rings = filter(None, map(clipped, coasts(topology)))
    return "".join(_drawn(simplified(ring)) for ring in rings if area(ring) >= LEAST_AREA)


def coasts(topology: dict) -> Iterator[Ring]:
    """Each ring of the object ``land``, projected: a coast, or the shore of an inner sea; its first point isn't repeated."""
    arcs = [list(_decoded(arc, topology["transform"])) for arc in topology["arcs"]]
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            places = [place for number in ring for place in _arc(arcs, number)[1:]]
            yield [projected(latitude, longitude) for longitude, latitude in places]


def _decoded(arc: list, transform: dict) -> Iterator[Point]:
    """An arc's longitudes and latitudes: TopoJSON writes each point as a step from the one before, in whole numbers."""
    (x_scale, y_scale), (x_start, y_start) = transform["scale"], transform["translate"]
    x = y = 0
    for x_step, y_step in arc:
        x, y = x + x_step, y + y_step
        yield x * x_scale + x_start, y * y_scale + y_start


def _arc(arcs: list[Ring], number: int) -> Ring:
    """The arc of that number; a negative one, counted from -1, is an arc that is walked backwards."""
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def clipped(ring: Ring) -> Ring:
    """What of the ring lies within the frame and its margin (Sutherland and Hodgman's way, edge by edge)."""
    for axis, limit, sign in ((0, -MARGIN, 1), (0, WIDTH + MARGIN, -1), (1, -MARGIN, 1), (1, HEIGHT + MARGIN, -1)):
        ring = _cut(ring, axis, lambda value, limit=limit, sign=sign: (value - limit) * sign)
    return ring


def _cut(ring: Ring, axis: int, inwards: Callable[[float], float]) -> Ring:
    kept: Ring = []
    for one, other in pairwise([*ring[-1:], *ring]):
        before, after = inwards(one[axis]), inwards(other[axis])
        if (before < 0) != (after < 0):
            share = before / (before - after)
            kept.append((one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])))
        if after >= 0:
            kept.append(other)
    return kept


def simplified(ring: Ring) -> Ring:
    """The ring without the points that lie less than the tolerance beside the line without them (Douglas and Peucker's way)."""
    if len(ring) < 4:
        return []
    farthest = max(range(len(ring)), key=lambda index: _distance(ring[index], ring[0], ring[0]))
    return _line(ring[: farthest + 1])[:-1] + _line([*ring[farthest:], ring[0]])[:-1]


def _line(points: Ring) -> Ring:
    kept, pending = {0, len(points) - 1}, [(0, len(points) - 1)]
    while pending:  # no recursion, for a coast has thousands of points
        first, last = pending.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda index: _distance(points[index], points[first], points[last]), default=None)
        if farthest is not None and _distance(points[farthest], points[first], points[last]) > TOLERANCE:
            kept.add(farthest)
            pending += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a piece of a straight line."""
    (x, y), (dx, dy) = (point[0] - start[0], point[1] - start[1]), (end[0] - start[0], end[1] - start[1])
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, (x * dx + y * dy) / length)) if length else 0.0
    return ((x - share * dx) ** 2 + (y - share * dy) ** 2) ** 0.5


def area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, *ring[:1]]))) / 2


def _drawn(ring: Ring) -> str:
    """A closed path in whole units, relative after its first point, for brevity; nothing where fewer than three points remain."""
    points = [(round(x), round(y)) for x, y in ring]
    points = [point for before, point in pairwise([points[-1], *points]) if point != before]
    if len(points) < 3:
        return ""
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points)).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{steps}z"
