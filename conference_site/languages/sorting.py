"""The order of texts in a list (22)."""

import re
import unicodedata

# What a list passes over at the beginning of a name, by language, as a pattern for text in lower case without vowel marks.
# The Arabic article has a bare alef: that of «ألكسو» carries a hamza, and is a letter of the name. Nor is it an article in verbal
# nouns of the eighth form from a root that begins with lam («التزام»). English lists pass over “the” likewise (ALA Filing Rules).
ARTICLES = {
    "ar": re.compile(r"\A[اٱ]ل(?!ت(?:زام|قاء|قاط|حاق|ماس|فاف|باس|هاب|واء|ئام)|له\b)(?=\S{2})"),
    "en": re.compile(r"\Athe\s+"),
}
# Letters that Unicode doesn't decompose: alef with wasla, teh marbuta, alef maksura, and hamza on the line.
SAME_LETTER = str.maketrans({"ٱ": "ا", "ة": "ه", "ى": "ي", "ء": ""})
TATWEEL = "\u0640"
MADDA_AND_HAMZA = "\u0653\u0654\u0655"


def sort_key(text: str, language: str) -> str:
    """A string by which ``text``, written in ``language``, stands where a reader of that language looks for it.

    The forms of alef, hamza, ya and teh marbuta count as one letter. Vowel marks, tatweel, accents, case and punctuation don't
    count, nor does an article at the beginning: ``sorted(names, key=lambda name: sort_key(name, "ar"))``.
    """
    characters = unicodedata.normalize("NFKD", text).casefold().replace(TATWEEL, "")
    letters = "".join(char for char in characters if char in MADDA_AND_HAMZA or not unicodedata.combining(char))
    letters = letters.lstrip("«»“”‘’\"'([ ")
    if article := ARTICLES.get(language):
        letters = article.sub("", letters)
    return "".join(char for char in letters.translate(SAME_LETTER) if char.isalnum() or char == " ").strip()
