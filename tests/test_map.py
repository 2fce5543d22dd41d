"""The map of the learning cities: its land, its cities and their names, and what editors write for it."""

import gzip
import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from django.utils import translation

from partners import land
from partners.management.commands.draw_map import FILE
from partners.map import EAST, HEIGHT, NORTH, SOUTH, WEST, WIDTH, points, projected
from partners.models import LearningCity, Partnership
from tests.builders import make

ROOT = Path(__file__).resolve().parents[1]

SAUDI_CITIES = {
    "Jubail Industrial City": (27.0, 49.65),
    "Yanbu Industrial City": (23.99, 38.2),
    "Riyadh": (24.71, 46.68),
    "Dammam": (26.42, 50.09),
    "Khobar": (26.28, 50.21),
    "Al Madinah Al Munawwarah": (24.47, 39.61),
    "Makkah": (21.42, 39.83),
    "Jeddah": (21.54, 39.17),
    "Taif": (21.27, 40.42),
    "Tabuk": (28.38, 36.57),
    "Abha": (18.22, 42.5),
    "Buraydah": (26.33, 43.97),
}


def make_cities(places: dict[str, tuple[float, float]], **fields) -> list[LearningCity]:
    return [
        make(LearningCity, name_en=name, latitude=latitude, longitude=longitude, order=number + 1, **fields)
        for number, (name, (latitude, longitude)) in enumerate(places.items())
    ]


def maps(html: str) -> list[str]:
    return re.findall(r'<figure class="map">.*?</figure>', html, re.DOTALL)


def links(html: str) -> list[str]:
    """The addresses to which the map leads."""
    return re.findall(r'<a href="([^"]+)"', "".join(maps(html)))


# Land


def topology(*rings: list[tuple[float, float]]) -> dict:
    """A file of one polygon, whose points are given in (longitude, latitude) and written as steps of a hundredth of a degree."""
    arcs = []
    for ring in rings:
        whole = [(round(100 * x), round(100 * y)) for x, y in [*ring, ring[0]]]
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip([(0, 0), *whole], whole, strict=False)]
        arcs.append([list(step) for step in steps])
    numbers = [[number] for number in range(len(arcs))]
    polygon = {"type": "Polygon", "arcs": numbers}
    return {
        "transform": {"scale": [0.01, 0.01], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"land": {"type": "GeometryCollection", "geometries": [polygon]}},
    }


def rings_of(path: str) -> list[land.Ring]:
    """The rings of a path, point by point, in units of the drawing."""
    rings = []
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        ring = [(numbers[0], numbers[1])]
        for x, y in zip(numbers[2::2], numbers[3::2], strict=True):
            ring.append((ring[-1][0] + x, ring[-1][1] + y))
        rings.append(ring)
    return rings


def test_a_coast_is_drawn_in_units_of_the_frame():
    corners = [(0, 40), (8.2, 40), (8.2, 30), (0, 30)]
    middle_of_an_edge = (4.1, 40.01)
    (ring,) = rings_of(land.path(topology([*corners[3:], corners[0], middle_of_an_edge, *corners[1:3]])))
    assert sorted(ring) == sorted((round(x), round(y)) for x, y in (projected(y, x) for x, y in corners))


def test_an_arc_may_be_walked_backwards_and_shared():
    square = topology([(0, 30), (5, 30), (5, 35), (0, 35)])
    backwards = square | {"objects": {"land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[-1]]]}]}}}
    (forth,), (back,) = (rings_of(land.path(one)) for one in (square, backwards))
    assert sorted(forth) == sorted(back)


def test_land_is_cut_beyond_the_frame_and_what_lies_outside_is_left_out():
    everything = land.path(topology([(-170, -80), (170, -80), (170, 80), (-170, 80)]))
    edges = {-land.MARGIN, WIDTH + land.MARGIN}, {-land.MARGIN, HEIGHT + land.MARGIN}
    (ring,) = rings_of(everything)
    assert sorted(ring) == sorted((x, y) for x in edges[0] for y in edges[1])
    assert land.path(topology([(100, 0), (110, 0), (110, 10), (100, 10)])) == ""


def test_an_inner_sea_is_a_ring_of_its_own_and_a_rock_is_left_out():
    shore = [(0, 20), (10, 20), (10, 30), (0, 30)]
    sea, rock = [(4, 24), (6, 24), (6, 26), (4, 26)], [(20, 20), (20.1, 20), (20.1, 20.1), (20, 20.1)]
    assert len(rings_of(land.path(topology(shore, sea, rock)))) == 2


def test_a_line_keeps_only_the_points_that_matter():
    wavy = [(0, 0), (10, 0.2), (20, -0.2), (30, 0), (30, 30), (0, 30)]
    assert sorted(land.simplified(wavy)) == sorted([(0, 0), (30, 0), (30, 30), (0, 30)])
    assert land.simplified([(0, 0), (1, 1)]) == []


def is_land(latitude: float, longitude: float) -> bool:
    """Whether the drawing has land there, by the rule of even and odd."""
    x, y = projected(latitude, longitude)
    crossings = 0
    for ring in rings_of(re.search(r' d="([^"]+)"', FILE.read_text())[1]):
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crossings += (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
    return crossings % 2 == 1


def test_the_drawing_is_the_region():
    on_land = {
        "Riyadh": (24.71, 46.68), "Cairo": (30.04, 31.24), "Tunis": (36.6, 9.9), "Rabat": (33.7, -6.6), "Khartoum": (15.5, 32.56),
        "Nouakchott": (18.1, -15.5), "Muscat": (23.2, 58.2), "Mogadishu": (2.5, 45.0), "Qatar": (25.3, 51.2),
        "Bahrain": (26.1, 50.53),
        "Comoros": (-11.7, 43.35), "Socotra": (12.5, 53.9), "Cyprus": (35.0, 33.1), "Sinai": (29.0, 34.0), "Djerba": (33.8, 10.9),
    }  # fmt: skip
    at_sea = {
        "Red Sea": (20, 38.5), "Gulf": (27, 51.2), "Gulf of Aden": (12.3, 47), "Mediterranean": (34, 20), "Atlantic": (20, -18.5),
        "Indian Ocean": (0, 55), "Gulf of Suez": (28.9, 32.85), "Caspian Sea": (38.5, 51.5), "Gulf of Oman": (25, 58.5),
    }  # fmt: skip
    assert {name: is_land(*place) for name, place in on_land.items()} == dict.fromkeys(on_land, True)
    assert {name: is_land(*place) for name, place in at_sea.items()} == dict.fromkeys(at_sea, False)


def test_the_drawing_has_the_shape_of_the_frame_and_little_weight():
    drawing, css = FILE.read_text(), (ROOT / "static/css/components.css").read_text()
    assert re.findall(r'viewBox="([^"]+)"', drawing) == [f"0 0 {WIDTH} {HEIGHT}"]
    assert re.findall(r"\.map > svg \{[^}]*aspect-ratio: ([^;]+);", css) == [f"{WIDTH} / {HEIGHT}"]
    assert len(gzip.compress(drawing.encode())) <= 2_500


# Cities and names


@pytest.mark.django_db
def test_a_city_stands_where_it_lies():
    corner, middle, _far, _unknown = make_cities({
        "Corner": (NORTH, WEST), "Middle": ((NORTH + SOUTH) / 2, (WEST + EAST) / 2),
        "Beijing": (39.9, 116.4), "Unknown": (None, None),
    })  # fmt: skip
    assert [(point.city, point.x, point.y) for point in points(LearningCity.objects.visible())] == [
        (corner, "0.00%", "0.00%"),
        (middle, "50.00%", "50.00%"),
    ]


@pytest.mark.django_db
def test_the_pages_own_city_lies_above_the_others_with_its_name():
    cities = make_cities(SAUDI_CITIES)
    shown = points(LearningCity.objects.visible(), cities[0])
    assert [point.city for point in shown] == [*cities[1:], cities[0]]
    unmarked = points(LearningCity.objects.visible())
    assert (unmarked[0].label.shown, shown[-1].label.shown) == ("pointed", "always")
    (beyond,) = make_cities({"Beijing": (39.9, 116.4)})
    assert points(LearningCity.objects.visible(), beyond) == []


@pytest.mark.django_db
def test_names_stand_apart_on_maps_of_every_width():
    make_cities(SAUDI_CITIES)
    shown = points(LearningCity.objects.visible())
    always = [point for point in shown if point.label.shown == "always"]
    wide = [point for point in shown if point.label.shown in ("always", "wide")]
    assert [point.city.name_en for point in always] == ["Tabuk", "Abha"]
    assert [point.city.name_en for point in wide] == ["Yanbu Industrial City", "Riyadh", "Taif", "Tabuk", "Abha"]
    assert {point.label.shown for point in shown} == {"always", "wide", "pointed"}
    for width, named in ((288, always), (320, always), (560, wide), (1000, wide)):
        assert touching(named, width) == []


def touching(named: list, width: float) -> list[tuple[str, str]]:
    """Pairs of names of which one lies on the other, if each letter were 9 pixels wide."""
    boxes = [(point.city.name_en, extent(point, width)) for point in named]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def extent(point, width: float) -> tuple[float, float, float, float]:
    x, y = float(point.x[:-1]) / 100 * width, float(point.y[:-1]) / 100 * width * HEIGHT / WIDTH
    length = 9 * len(point.city.name_en)
    left = x + point.label.dx - {"start": 0, "middle": length / 2, "end": length}[point.label.anchor]
    return left, y + point.label.dy - 14, left + length, y + point.label.dy + 5


@pytest.mark.django_db
def test_a_name_that_is_too_long_for_a_telephone_waits_for_room():
    make_cities({"A city whose name is as long as this": (24, 45), "A city whose name no map would hold " * 3: (0, 45)})
    assert [point.label and point.label.shown for point in points(LearningCity.objects.visible())] == ["long", None]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "anchor", "direction"), [("en", "end", "ltr"), ("ar", "start", "rtl")])
def test_a_name_on_the_left_ends_at_its_place_in_either_direction(language, anchor, direction):
    make(LearningCity, name_ar="مسقط", name_en="Muscat", latitude=23.6, longitude=58.5)
    with translation.override(language):
        (point,) = points(LearningCity.objects.visible())
    assert (point.label.anchor, point.label.direction, point.label.dx < 0) == (anchor, direction, True)


# Pages


@pytest.mark.django_db
def test_the_map_stands_on_the_pages_of_cities_and_of_what_they_came_from(client):
    partnership = make(Partnership, slug="one")
    make_cities({"Jubail": (27, 49.65), "Yanbu": (23.99, 38.2)}, partnership=partnership)
    make(LearningCity, slug="beijing", latitude=39.9, longitude=116.4)
    first, second = LearningCity.objects.filter(partnership=partnership)
    found = {
        path: links(client.get(path).content.decode())
        for path in ("/en/learning-cities/", first.url_in("en"), "/en/partnerships/one/", "/en/learning-cities/beijing/", "/en/")
    }
    both = [first.url_in("en"), second.url_in("en")]
    assert list(found.values()) == [both, both[::-1], both, [], []]


@pytest.mark.django_db
def test_every_city_is_a_link_with_a_name_in_its_language(client):
    make(LearningCity, ["en"], slug="one", name_en="Jubail", latitude=27, longitude=49.65)
    (drawn,) = maps(client.get("/ar/learning-cities/one/").content.decode())
    assert re.findall(r"<a [^>]+>", drawn) == [
        '<a href="/ar/learning-cities/one/" aria-label="\u2066Jubail\u2069" lang="en" dir="ltr" aria-current="page">'
    ]
    assert re.findall(r'direction="(\w+)"[^>]*>([^<]+)</text>', drawn) == [("ltr", "Jubail")]
    assert 'role="group" aria-label="' in drawn


@pytest.mark.django_db
@pytest.mark.parametrize(("latitude", "longitude"), [(27.0, 49.65), (0.0, 0.0)])
def test_search_engines_are_told_where_a_city_lies(client, latitude, longitude):
    make(LearningCity, slug="one", latitude=latitude, longitude=longitude)
    block = re.search(r'ld\+json">(.*?)</script>', client.get("/en/learning-cities/one/").content.decode())[1]
    (about,) = [thing["about"] for thing in json.loads(block)["@graph"] if "about" in thing]
    assert about["geo"] == {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
