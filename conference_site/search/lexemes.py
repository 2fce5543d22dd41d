"""From a text to its terms: each word with its position, the lexemes that it is found by, and its place in the original."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple

from conference_site.search import arabic, english
from conference_site.search.tokens import tokens

# The rules for each script, and the languages that have them. Another language's words are only folded.
RULES: dict[str, ModuleType] = {"arabic": arabic, "latin": english}
LANGUAGES = ("ar", "en")

HYPHENS = ("-", "\u2010", "\u2011")
# Before a lexeme, it says that it is the exact form: no word contains it.
EXACT = "="


class Term(NamedTuple):
    """A word: its position counted in words, what was typed (``=word``), its lexemes (none: a stop word), and its place."""

    position: int
    exact: str
    lexemes: frozenset[str]
    start: int
    end: int


def terms(text: str, language: str = "ar", *, asked: bool = False) -> Iterator[Term]:
    """The terms of ``text``. ``asked`` makes them a query's, which takes less off a word than a document.

    An Arabic letter standing alone takes no position, so that «للتربية و العلوم» reads like «للتربية والعلوم». A compound with a
    hyphen is also one word (“e-learning”, “elearning”), at the position of its first part; so is “U.A.E.”.
    """
    position = 0
    compound: list[Term] = []
    for token in tokens(text):
        if token.script == "arabic" and len(token.word) == 1:
            continue
        position += 1
        term = Term(position, *_analyse(token.word, token.script, language, asked=asked), token.start, token.end)
        yield term
        compound = _joined(compound, term, text, token.script)
        if len(compound) > 1:
            word = "".join(part.exact[1:] for part in compound)
            whole, found = _analyse(word, token.script, language, asked=asked)
            yield Term(compound[0].position, whole, found, compound[0].start, compound[-1].end)


def single(found: Iterable[Term]) -> list[Term]:
    """The terms without the compounds among them."""
    words: list[Term] = []
    for term in found:
        if not words or term.position > words[-1].position:
            words.append(term)
    return words


def _joined(compound: list[Term], term: Term, text: str, script: str) -> list[Term]:
    """The parts of the compound that ``term`` continues, or begins. More than three parts are an address or a list."""
    if script != "latin":
        return []
    if compound and len(compound) < 3:
        between = text[compound[-1].end : term.start]
        letters = all(part.end - part.start == 1 for part in (*compound, term))
        if between in HYPHENS or (between == "." and letters):
            return [*compound, term]
    return [term]


@lru_cache(maxsize=2**16)
def _analyse(word: str, script: str, language: str, *, asked: bool) -> tuple[str, frozenset[str]]:
    rules = RULES.get(script) if language in LANGUAGES else None
    if rules is None:
        word = word.replace("'", "")
        return EXACT + word, frozenset({word})
    found = frozenset() if rules.is_stop_word(word) else rules.lexemes(word, asked=asked)
    return EXACT + rules.exact(word), found


def quote(lexeme: str) -> str:
    """``lexeme`` as PostgreSQL reads it in a `tsvector` or `tsquery`. It is letters, digits, ``=``, ``~``: a last door."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
