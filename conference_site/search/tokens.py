"""The words of a text and where they stand in it, for the index, the query and the marking alike (25)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from conference_site.search.clean import DECORATION, GROUPED, INVISIBLE, clean

# A longer run of letters is no word: its beginning stands for it, so that no input costs more than its length.
LONGEST_RUN, LONGEST_WORD = 256, 64

ARABIC_LETTERS = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
ARABIC_LETTERS += "\u0750-\u077f\u08a0-\u08c9"
ARABIC_LETTERS += "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfb\ufe80-\ufefc"  # presentation forms, as old PDF files give them
LATIN_LETTERS = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u1e00-\u1eff\ua722-\ua7ff"
LATIN_LETTERS += "\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a"  # ligatures, and the full width of East Asian fonts
APOSTROPHES = "'\u2018\u2019\u02bc\uff07`\u00b4"


def _combining_marks() -> str:
    """Every combining mark of the basic plane, for a character class: vowel signs belong to their words in any script."""
    return "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")


MARKS = _combining_marks()
# A run ends with a letter or its mark, so that no invisible character at its edge is painted as part of the word.
RUN = re.compile(
    rf"""
    (?P<arabic>[{ARABIC_LETTERS}](?:[{ARABIC_LETTERS}{MARKS}{DECORATION}{INVISIBLE}]*[{ARABIC_LETTERS}{MARKS}{DECORATION}])?)
    | (?P<latin>[{LATIN_LETTERS}](?:[{LATIN_LETTERS}{MARKS}\u00ad\u200b-\u200d]|[{APOSTROPHES}](?=[{LATIN_LETTERS}]))*)
    | (?P<number>{GROUPED}|\d+)
    | (?P<other>(?:(?![{ARABIC_LETTERS}{LATIN_LETTERS}])[^\W\d_][{MARKS}]*)+)
    """,
    re.VERBOSE,
)
# Letters that Unicode does not decompose into a base and an accent, and the signs of hamza and ayn in transliterations.
LATIN_FOLD = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | dict.fromkeys("\u02b0\u02b9\u02ba\u02bb\u02bd\u02be\u02bf\u02c8", "")
    | dict.fromkeys(APOSTROPHES, "'")
)
ACCENTS = re.compile("[\u0300-\u036f]+")


class Token(NamedTuple):
    """A word as it is compared, its script (``arabic``, ``latin``, ``number``, ``other``), and its place in the original text."""

    word: str
    script: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of ``text``, split also where Arabic, Latin and digits meet: «لـUNESCO» is «ل», “unesco”; “SDG4” is “sdg”, “4”.

    Arabic words come cleaned, with their hamza (which says where an article ends); all others with case and accents folded.
    ``text[start:end]`` is the word as it was written.
    """
    for run in RUN.finditer(text):
        for word, script in _words(run[0][:LONGEST_RUN]):
            yield Token(word, script, run.start(), run.end())


@lru_cache(maxsize=2**15)
def _words(run: str) -> tuple[tuple[str, str], ...]:
    """What a run of one script is made of: one word, but for ligatures of several («ﷺ») and letters dressed as symbols (“①”)."""
    folded = ((_fold(part[0], part.lastgroup)[:LONGEST_WORD], part.lastgroup) for part in RUN.finditer(clean(run)))
    return tuple((word, script) for word, script in folded if word.strip("'"))


def _fold(word: str, script: str) -> str:
    if script in ("arabic", "number"):  # which clean() has finished
        return word
    word = unicodedata.normalize("NFD", word.casefold())
    return unicodedata.normalize("NFC", ACCENTS.sub("", word)).translate(LATIN_FOLD)
