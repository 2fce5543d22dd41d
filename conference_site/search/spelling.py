"""Spellings of one Arabic word that readers take for the same."""

import re

# Each hamza becomes the letter it sits on, as people type who leave it out: مؤتمر = موتمر، بيئة = بيئه = بييه.
SEATS = str.maketrans("أإآٱؤئىة", "ااااوييه")
# Each hamza within a word becomes the same letter, for the rules of its seat differ by country: شؤون = شئون، مسؤول = مسئول.
HAMZAS = str.maketrans({"أ": "ء", "ؤ": "ء", "ئ": "ء", "آ": "ءا", "ى": "ي", "ة": "ه"})
WITHIN = re.compile("(?<=.)[أؤئءآ]")


def fold(word: str) -> str:
    """``word`` without the differences of hamza, alef maksura and teh marbuta. A hamza on the line stays, as a letter."""
    return word.translate(SEATS)


def spellings(word: str) -> list[str]:
    """The folded word, and another with every hamza as one letter if there is any inside."""
    folded = fold(word)
    if not WITHIN.search(word):
        return [folded]
    unified = folded[0] + word[1:].translate(HAMZAS)
    return [folded] if unified == folded else [folded, unified]


def plain(form: str) -> str:
    """A form as a lexeme: without a hamza at its end, often left out («وزرا»), unless too little would remain («جزء»)."""
    bare = form.removesuffix("ء")
    return bare if len(bare) >= 3 else form
