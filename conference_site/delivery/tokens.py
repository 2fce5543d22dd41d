"""The design's tokens as the stylesheets have them, and the contrast of each colour on each ground (WCAG 2.2), computed.

Nothing is said here twice: what a token is called says what it is.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders

SCHEMES = ("light", "dark")
GROUNDS = {"color": ("ground", "ground-raised"), "deep": ("deep", "ink")}
"""On which grounds the colours whose names begin so stand."""
OWN_GROUNDS = {"color-button-text": "color-button", "urgent-text": "urgent", "important-text": "important"}
"""Colours that stand on one other token only."""

Values = dict[str, str]


class Pair(NamedTuple):
    """A colour on a ground in one scheme, and the contrast that it has and needs; 0 for a line that only decorates."""

    colour: str
    ground: str
    colour_value: str
    ground_value: str
    ratio: float
    least: float


@cache
def values(scheme: str = SCHEMES[0]) -> Values:
    """Every token by its name without dashes, its colours resolved, in one colour scheme."""
    css = _read("css/tokens.css")
    found = _declared(css, r":root")
    if scheme != SCHEMES[0]:
        found |= _declared(css, rf"\(prefers-color-scheme: {scheme}\)\s*\{{\s*:root")
    return {name: _resolved(value, found) for name, value in found.items()}


@cache
def script_values(language: str) -> Values:
    """The tokens as the script of a language has them."""
    return values() | _declared(_read("css/scripts.css"), rf":lang\({language}\)")


def pairs(scheme: str) -> Iterator[Pair]:
    """Every colour on every ground on which it may stand."""
    tokens = values(scheme)
    for prefix, grounds in GROUNDS.items():
        names = [name for name in tokens if name.startswith(f"{prefix}-") and not name.startswith("color-button")]
        for name, ground in product(names, grounds):
            yield _pair(tokens, name, ground)
    for name, ground in OWN_GROUNDS.items():
        yield _pair(tokens, name, ground)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _pair(tokens: Values, name: str, ground: str) -> Pair:
    least = 0 if name.endswith("hairline") else 3 if name.endswith("line") else 4.5
    return Pair(name, ground, tokens[name], tokens[ground], contrast(tokens[name], tokens[ground]), least)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", Path(finders.find(name)).read_text(), flags=re.DOTALL)


def _declared(css: str, selector: str) -> Values:
    """The custom properties of the first rule that the selector, a pattern, begins; none where there is no such rule."""
    rule = re.search(selector + r"\s*\{([^}]*)\}", css)
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", rule[1])) if rule else {}


def _resolved(value: str, tokens: Values) -> str:
    """The value with the tokens that it refers to put in their places."""
    while found := re.search(r"var\(--([a-z0-9-]+)\)", value):
        value = value.replace(found[0], tokens[found[1]])
    return value
