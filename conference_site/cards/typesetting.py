"""A text in lines: whole words, as large as the room allows, each line shaped and turned as its paragraph asks."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageDraw, ImageFont

from conference_site.delivery import tokens
from conference_site.languages.content import direction
from conference_site.languages.text import DANGLING, WHITE_SPACE

LIGHT, BOLD = 300, 600
FOLDER = Path(__file__).resolve().parent / "fonts"
BASELINE = 0.36  # ems below the middle of a line
WITHOUT_INK = " \u00a0\u202f\u200c\u200d"
"""Spaces that are no line's end, and the joiners, which are spelling."""
MARKS = {"L": "\u200e", "R": "\u200f", "AL": "\u061c"}
"""Invisible characters, by the direction that each has: Unicode's classes of letters."""


@cache
def font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    """All scripts of the site in one file (`tests/tools/merge_fonts.py`). By Raqm letters join, and lines have a direction."""
    return ImageFont.truetype(FOLDER / f"readex-pro-{weight}.ttf", size, layout_engine=ImageFont.Layout.RAQM)


class Face(NamedTuple):
    """How lines of a language are written: in a weight, and in a size in pixels."""

    language: str
    weight: int
    size: int

    @property
    def leading(self) -> int:
        """From one line to the next, as in the site's own titles."""
        return round(self.size * float(tokens.script_values(self.language)["leading-title"]))

    def width(self, line: str) -> float:
        return font(self.weight, self.size).getlength(line, direction=direction(self.language), language=self.language)

    def write(self, pen: ImageDraw.ImageDraw, start: float, middle: float, line: str, colour: str) -> None:
        """From ``start``, the side at which the language begins, around the height ``middle``."""
        way = direction(self.language)
        anchor, baseline = ("rs" if way == "rtl" else "ls"), middle + BASELINE * self.size
        shaped = font(self.weight, self.size)
        pen.text((start, baseline), line, colour, shaped, anchor, direction=way, language=self.language)


class Setting(NamedTuple):
    """A text as it was set."""

    lines: list[str]
    face: Face

    @property
    def height(self) -> int:
        return len(self.lines) * self.face.leading


def set_text(text: str, faces: Iterable[Face], width: int, height: int, most_lines: int) -> Setting:
    """``text`` in the first of the faces, the largest first, in which it fits; cut at a word where it fits in none."""
    for face in faces:
        most = min(most_lines, height // face.leading)
        lines = _wrapped(text, face, width)
        if len(lines) <= most and _fit(lines, face, width):
            return Setting(_in_context(_balanced(lines, face, width)), face)
    return Setting(_in_context(_cut(lines, most, face, width)), face)


def drawable(text: str) -> str:
    """``text`` without what the font has no letter for, such as emoji: only a gap could be drawn of it."""
    known = "".join(char if _is_drawn(char) else _plainer(char) for char in WHITE_SPACE.sub(" ", text))
    return WHITE_SPACE.sub(" ", known).strip() if any(map(_has_ink, known)) else ""


def _wrapped(text: str, face: Face, width: int) -> list[str]:
    """Lines of as many words as fit. A word that is wider than a line has one of its own."""
    first, *words = WHITE_SPACE.split(text)
    lines = [first]
    for word in words:
        if _fit([longer := f"{lines[-1]} {word}"], face, width):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(lines: list[str], face: Face, width: int) -> list[str]:
    """The same words in as many lines, none much longer than the others."""
    text, count, least = " ".join(lines), len(lines), width // 2
    while count > 1 and width - least > face.size // 4:
        middle = (least + width) // 2
        narrower = _wrapped(text, face, middle)
        if len(narrower) == count and _fit(narrower, face, middle):
            lines, width = narrower, middle
        else:
            least = middle
    return lines


def _cut(lines: list[str], most: int, face: Face, width: int) -> list[str]:
    """The first ``most`` lines; “…” says where words are missing, or letters of a word that is wider than a line."""
    kept = [line if _fit([line], face, width) else _shortened(line, face, width) for line in lines[:most]]
    if len(lines) > most and not kept[-1].endswith("…"):
        kept[-1] = _shortened(kept[-1], face, width)
    return kept


def _shortened(line: str, face: Face, width: int) -> str:
    """The beginning of a line, and “…”."""
    while not _fit([short := line.rstrip(DANGLING) + "…"], face, width):
        line = line.rpartition(" ")[0] or line[:-1]
    return short


def _fit(lines: list[str], face: Face, width: int) -> bool:
    return all(face.width(line) <= width for line in lines)


def _in_context(lines: list[str]) -> list[str]:
    """Each line between marks that have the direction of the letters before and after it.

    Signs and digits at an end of a line take their places by their neighbours, also by those of another line.
    """
    before = ["".join(lines[:number])[::-1] for number in range(len(lines))]
    after = ["".join(lines[number + 1 :]) for number in range(len(lines))]
    return [_mark(one) + line + _mark(other) for one, line, other in zip(before, lines, after, strict=True)]


def _mark(chars: str) -> str:
    """The mark that stands for the first letter among ``chars``."""
    return next((MARKS[kind] for kind in map(unicodedata.bidirectional, chars) if kind in MARKS), "")


def _plainer(char: str) -> str:
    """What stands for a character that the font lacks: “fi” for the ligature of both. Mostly there is nothing."""
    return "".join(filter(_is_drawn, unicodedata.normalize("NFKC", char)))


def _is_drawn(char: str) -> bool:
    return char in WITHOUT_INK or _has_ink(char)


@cache
def _has_ink(char: str) -> bool:
    """Controls and lone halves of surrogate pairs aren't even asked for: the library refuses them."""
    return char.isprintable() and font(BOLD, 20).getmask(char).getbbox() is not None
