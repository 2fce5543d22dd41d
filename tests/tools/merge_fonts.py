"""Merges the cut fonts of static/fonts, one a script, into those that cards are drawn with: one file a weight for all scripts.

    uv run --with fonttools --with brotli python -m tests.tools.merge_fonts

Pillow takes one font for a line, and has no second one for letters that the first lacks.
"""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "static" / "fonts" / f"readex-pro-{name}.woff2" for name in ("latin", "latin-1", "latin-ext", "arabic")]
"""What several have is taken from the first of them: Latin digits are kerned with Latin letters."""
TARGET = ROOT / "conference_site" / "cards" / "fonts"
WEIGHTS = (300, 600)
LICENCE = (0, 13, 14)  # entries of a font's names


def instance(source: Path, weight: int, without: set[int]) -> TTFont:
    """The font at a weight, less the letters that another one has."""
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weight})
    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True, name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap()) - without)
    subsetter.subset(font)
    for table in {"STAT", "gasp", "prep", "MVAR"} & set(font.keys()):
        del font[table]
    font.flavor = None
    return font


def merged(weight: int) -> TTFont:
    """All the fonts at a weight as one."""
    known: set[int] = set()
    with TemporaryDirectory() as folder:
        paths = []
        for source in SOURCES:
            font = instance(source, weight, known)
            known |= set(font.getBestCmap())
            paths.append(str(Path(folder) / f"{source.stem}.ttf"))
            font.save(paths[-1])
        return merge.Merger().merge(paths)


def main() -> None:
    for weight in WEIGHTS:
        font = merged(weight)
        font["name"].names = [name for name in font["name"].names if name.nameID in (*LICENCE, 1, 2, 4, 6)]
        file = io.BytesIO()
        font.save(file)
        (TARGET / f"readex-pro-{weight}.ttf").write_bytes(file.getvalue())


if __name__ == "__main__":
    main()
