"""The lexemes of a Latin word, by the rules of English.

Snowball's English stemmer (“Porter 2”), with what it was not made for: one spelling for British and American ones, irregular
forms (children, taught), and words that it would throw together (university and universe).
"""

import re
from functools import lru_cache
from threading import Lock

import snowballstemmer

from conference_site.search import wordlists

STOP_WORDS = frozenset(wordlists.words("english_stop_words.txt"))
# A word that another one stands for: irregular forms and spellings.
SAME = {other: word for word, others in wordlists.pairs("english.txt") for other in others}
# Words that stay apart from those with which the stemmer would throw them together, each group under its first word.
APART = {form: words[0] for words in map(str.split, wordlists.lines("english_apart.txt")) for form in words}
POSSESSIVE = re.compile(r"'s\Z|'\Z")
# British spellings: -ise is -ize, but where it is no ending (exercise, promise, raise); -yse is -yze; -our is -or in these words.
ISE = re.compile("(?<=...)is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")
NO_ISE = re.compile(
    "adv|comp|conc|disg|dev|enterp|exc|exerc|expert|franch|imp|like|merch|no|other|pra|prec|prem|prom|ra|rev|superv|surp|surv|telev"
)
YSE = re.compile("(?<=l)ys(?=(?:e|ed|er|ers|ing)$)")
OUR = re.compile("^(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rum|sav|vap|vig)our")

_stemmer, _one_at_a_time = snowballstemmer.stemmer("english"), Lock()  # it keeps the word that it works on


def is_stop_word(word: str) -> bool:
    """Whether ``word`` says nothing by itself: “the”, “of”, and the “th” of “4th”."""
    return word.replace("'", "") in STOP_WORDS


def exact(word: str) -> str:
    """The word as typed, without its possessive: “UNESCO's” → “unesco”."""
    return POSSESSIVE.sub("", word).replace("'", "")


@lru_cache(maxsize=2**15)
def lexemes(word: str, *, asked: bool = False) -> frozenset[str]:
    """The lexemes of a folded word: itself and its stem, the same in a document and in a query.

    “Children” → children, child; “organisations” → organisations, organiz….
    """
    whole = exact(word)
    word = OUR.sub(r"\1or", SAME.get(whole, whole))
    word = YSE.sub("yz", word)
    word = word if NO_ISE.match(word) else ISE.sub("iz", word)
    return frozenset({whole, APART.get(word) or _stem(word)})


def _stem(word: str) -> str:
    with _one_at_a_time:
        return _stemmer.stemWord(word)
