"""Cuts static/fonts from Readex Pro's variable fonts for the Arabic and the Latin script, as Google serves them.

    uv run --with fonttools --with brotli python -m tests.tools.cut_fonts ARABIC.woff2 LATIN.woff2

Its unicode-ranges stand in static/css/tokens.css too. `readex-pro-latin-ext.woff2` is as it was served.
"""

import io
import sys
from itertools import chain
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import Device, Lookup, VarStore
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[2] / "static" / "fonts"
# What an English page needs, and what few pages have.
LATIN = "20-7E,A0,A7,A9,AB,AD,B0,B7,BB,D7,F7,2009-200B,2013-2014,2018-201A,201C-201E,2026,2032-2033,20AC,2122,2212"
REST = (
    "A1-A6,A8,AA,AC,AE-AF,B1-B6,B8-BA,BC-BF,C0-D6,D8-F6,F8-FF,131,152-153,2BB-2BC,2C6,2DA,2DC,304,308,329,"
    "2012,2015-2017,201B,201F-2025,2030-2031,2034-204E,2191,2193,2215,FFFD"
)
SHARED = "20-5B,5D,5F,61-7A,7C,A0,AB,B7,BB,D7,2013-2014,2018-2019,201C-201D,2026"
"""What an Arabic page needs too: digits, space and punctuation, and the letters of English names, of which each page has some."""
NAMES = "627-629,631,639,644,64A"
"""The letters of «العربية»."""

FEATURES = ["calt", "ccmp", "fina", "init", "kern", "liga", "mark", "medi", "mkmk", "rlig"]


def codes(ranges: str) -> list[int]:
    ends = [[int(end, 16) for end in each.split("-")] for each in ranges.split(",")]
    return [code for each in ends for code in range(each[0], each[-1] + 1)]


NONE = 0xFFFF
"""The number of variations that says that there are none (OpenType, “VariationIndex table”)."""
OPTIONS = subset.Options(flavor="woff2", layout_features=FEATURES, glyph_names=False, hinting=False)


def reduce(font: TTFont, unicodes: list[int]) -> TTFont:
    subsetter = subset.Subsetter(OPTIONS)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    return font


def cut(font: TTFont, unicodes: list[int], name: str) -> None:
    subset.save_font(reduce(font, unicodes), TARGET / f"readex-pro-{name}.woff2", OPTIONS)


def share(source: TTFont, target: TTFont) -> TTFont:
    """``target`` with the letters of ``source``, whose axis it shares."""
    del target["HVAR"]  # it would know nothing of the new widths; without it they are read from gvar
    target.ensureDecompiled()
    order = target.getGlyphOrder()

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

    for name in source.getGlyphOrder():
        add(name)
    for table in target["cmap"].tables:
        table.cmap |= source.getBestCmap() | table.cmap
    target.setGlyphOrder(order)
    target["glyf"].glyphOrder = order
    share_kerning(source, target)
    return copy(target)


def share_kerning(source: TTFont, target: TTFont) -> None:
    """Add the lookups by which ``source`` kerns to those of ``target``, with the variations that they refer to."""
    added, own = source["GDEF"].table.VarStore, target["GDEF"].table.VarStore
    if masters(added) != masters(own):
        raise ValueError("The fonts have different masters.")
    indices, lookups = kerning(target), target["GPOS"].table.LookupList.Lookup
    for index in kerning(source):
        lookup = source["GPOS"].table.LookupList.Lookup[index]
        for device in devices(lookup):
            device.StartSize += len(own.VarData)
        sort(lookup, target)
        indices.append(len(lookups))
        lookups.append(lookup)
    own.VarData += added.VarData


def masters(store: VarStore) -> list[dict]:
    return [vars(axis) for region in store.VarRegionList.Region for axis in region.VarRegionAxis]


def kerning(font: TTFont) -> list[int]:
    """Which lookups of the font kern. Every script's kerning is the same in this font."""
    [found] = [each.Feature for each in font["GPOS"].table.FeatureList.FeatureRecord if each.FeatureTag == "kern"]
    return found.LookupListIndex


def sort(lookup: Lookup, font: TTFont) -> None:
    """Bring the lookup's letters into the order of the font's, in which they are looked for."""
    for table in lookup.SubTable:
        covered = table.Coverage.glyphs
        if table.Format == 1:
            for pairs in table.PairSet:
                pairs.PairValueRecord.sort(key=lambda pair: font.getGlyphID(pair.SecondGlyph))
            sets = dict(zip(covered, table.PairSet, strict=True))
            table.PairSet = [sets[name] for name in sorted(covered, key=font.getGlyphID)]
        covered.sort(key=font.getGlyphID)


def devices(lookup: Lookup) -> list[Device]:
    """What refers from the lookup's pairs to variations, each once."""
    found = {}
    for table in lookup.SubTable:
        sets = (
            (each.PairValueRecord for each in table.PairSet)
            if table.Format == 1
            else (each.Class2Record for each in table.Class1Record)
        )
        for pair in chain.from_iterable(sets):
            for value in filter(None, (pair.Value1, pair.Value2)):
                found |= {id(each): each for each in vars(value).values() if isinstance(each, Device) and each.StartSize != NONE}
    return list(found.values())


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
    whole = share(reduce(TTFont(latin), codes(SHARED)), TTFont(arabic))
    cut(whole, list(whole.getBestCmap()), "arabic")


if __name__ == "__main__":
    main(*sys.argv[1:])
