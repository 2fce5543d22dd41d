"""Cuts static/fonts from Readex Pro's variable fonts for the Arabic and the Latin script, as Google serves them.

    uv run --with fonttools --with brotli python -m tests.tools.cut_fonts ARABIC.woff2 LATIN.woff2

Its unicode-ranges stand in static/css/tokens.css too. `readex-pro-latin-ext.woff2` is as it was served.
"""

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[2] / "static" / "fonts"
# What an English page needs, and what few pages have.
LATIN = "20-7E,A0,A7,A9,AB,AD,B0,B7,BB,D7,F7,2009-200B,2013-2014,2018-201A,201C-201E,2026,2032-2033,20AC,2122,2212"
REST = (
    "A1-A6,A8,AA,AC,AE-AF,B1-B6,B8-BA,BC-BF,C0-D6,D8-F6,F8-FF,131,152-153,2BB-2BC,2C6,2DA,2DC,304,308,329,"
    "2012,2015-2017,201B,201F-2025,2030-2031,2034-204E,2191,2193,2215,FFFD"
)
SHARED = "20-40,5B,5D,5F,7C,A0,AB,B7,BB,D7,2013-2014,2018-2019,201C-201D,2026"
"""Digits, space and punctuation, which an Arabic text needs too."""
NAMES = "627-629,631,639,644,64A"
"""The letters of «العربية»."""

FEATURES = ["calt", "ccmp", "fina", "init", "kern", "liga", "mark", "medi", "mkmk", "rlig"]


def codes(ranges: str) -> list[int]:
    ends = [[int(end, 16) for end in each.split("-")] for each in ranges.split(",")]
    return [code for each in ends for code in range(each[0], each[-1] + 1)]


def cut(font: TTFont, unicodes: list[int], name: str) -> None:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, glyph_names=False, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    subset.save_font(font, TARGET / f"readex-pro-{name}.woff2", options)


def share(source: TTFont, target: TTFont, unicodes: list[int]) -> TTFont:
    """``target`` with these letters of ``source``, whose axis it shares; without kerning between them and its own."""
    del target["HVAR"]  # it would know nothing of the new widths; without it they are read from gvar
    target.ensureDecompiled()
    order, letters = target.getGlyphOrder(), source.getBestCmap()

    def add(name: str) -> None:
        if name in order:
            return
        glyph = source["glyf"][name]
        for component in glyph.components if glyph.isComposite() else ():
            add(component.glyphName)
        order.append(name)
        target["glyf"].glyphs[name] = glyph
        target["hmtx"].metrics[name] = source["hmtx"].metrics[name]
        target["gvar"].variations[name] = source["gvar"].variations.get(name, [])

    known = target.getBestCmap()
    for code in unicodes:
        if code in letters and code not in known:
            add(letters[code])
            for table in target["cmap"].tables:
                table.cmap[code] = letters[code]
    target.setGlyphOrder(order)
    target["glyf"].glyphOrder = order
    return copy(target)


def copy(font: TTFont) -> TTFont:
    file = io.BytesIO()
    font.flavor = None
    font.save(file)
    file.seek(0)
    return TTFont(file)


def main(arabic: str, latin: str) -> None:
    cut(TTFont(latin), codes(LATIN), "latin")
    cut(TTFont(latin), codes(REST), "latin-1")
    cut(instancer.instantiateVariableFont(TTFont(arabic), {"wght": 400}), codes(NAMES), "names")
    whole = share(TTFont(latin), TTFont(arabic), codes(SHARED))
    cut(whole, list(whole.getBestCmap()), "arabic")


if __name__ == "__main__":
    main(*sys.argv[1:])
