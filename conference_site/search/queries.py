"""What a visitor asks: from typed words to the literal of a `tsquery`, to be passed as a parameter and cast (``%s::tsquery``).

Every word is required; each may be met by any of its lexemes, a name by any of its forms. Words in quotation marks must stand one
after the other. Nothing of the input reaches the query but letters and digits, between quotes.
"""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from conference_site.search.lexemes import EXACT, Term, quote, single, terms
from conference_site.search.names import WHOLE, Names, Phrase, Step, phrase

# A longer question is answered by its beginning: who pastes a page finds by its first words, and no input costs more than these.
MOST_CHARACTERS, MOST_TERMS = 1_000, 32
QUOTED = re.compile('"([^"]+)"|«([^«»]+)»|“([^“”]+)”|„([^„“”]+)[“”]')
NO_NAMES = Names()


class Clause(NamedTuple):
    """One requirement: any of these phrases, or all of these words anywhere."""

    phrases: tuple[Phrase, ...] = ()
    words: Phrase = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: all of its clauses are required."""

    clauses: tuple[Clause, ...]

    @property
    def match(self) -> str:
        """The `tsquery` literal that finds: ``vector @@ match``."""
        return _query(self.clauses, lambda step: step.lexemes)

    @property
    def exact(self) -> str:
        """The literal of what was typed exactly, which counts for more."""
        return _query(self.clauses, lambda step: {step.exact})

    @property
    def wholes(self) -> set[str]:
        """The lexemes (`names.whole`) of a title or name that is what was asked for and nothing more."""
        alternatives = [[*clause.phrases, *filter(None, [clause.words])] for clause in self.clauses]
        if len(alternatives) > 1:
            alternatives = [[tuple(step for clause in alternatives for step in clause[-1])]]
        return {_whole(steps) for steps in alternatives[0]}


def parse(text: str, names: Names = NO_NAMES) -> Query | None:
    """What ``text`` asks for; None if there is nothing in it to be searched. Stop words count only where nothing else is left."""
    text = text[:MOST_CHARACTERS]
    found = list(islice(terms(text, asked=True), MOST_TERMS))
    words = single(found)
    if not any(word.lexemes for word in words):
        return Query(tuple(Clause(words=(step,)) for step in dict.fromkeys(phrase(words)))) if words else None
    compounds = [term for term in found if term not in words]
    quotes = [match.span() for match in QUOTED.finditer(text)]
    clauses = []
    while words:
        clause, length = _first_clause(words, compounds, quotes, names)
        if clause:
            clauses.append(clause)
        words = words[length:]
    return Query(tuple(dict.fromkeys(clauses)))


def is_too_long(text: str) -> bool:
    """Whether `parse` would leave out the end of ``text``."""
    return len(text) > MOST_CHARACTERS or len(list(islice(terms(text, asked=True), MOST_TERMS + 1))) > MOST_TERMS


def beginning(text: str) -> str | None:
    """The `tsquery` literal of words that are still being typed: the last one may be unfinished. None if there are none."""
    words = single(islice(terms(text[:MOST_CHARACTERS], asked=True), MOST_TERMS))
    if not words:
        return None
    *whole, last = words
    unfinished = any_of(f"{quote(lexeme)}:*" for lexeme in sorted({last.exact, *last.lexemes}))
    return all_of([*(_lexemes(word.lexemes) for word in whole if word.lexemes), unfinished])


def _first_clause(
    words: Sequence[Term], compounds: Sequence[Term], quotes: list[tuple[int, int]], names: Names
) -> tuple[Clause | None, int]:
    """The clause that the first of ``words`` make (none: a stop word), and how many they are."""
    first = words[0]
    length, forms = names.longest(words)
    quoted = next((_count_before(words, end) for start, end in quotes if start <= first.start < end), 0)
    if quoted > max(length, 1):
        return Clause(phrases=(phrase(words[:quoted]),)), quoted
    if length:
        return Clause(tuple(forms), _loose(words[:length])), length
    if compound := next((term for term in reversed(compounds) if term.start == first.start), None):
        length = _count_before(words, compound.end)
        forms = names.longest([compound])[1] or [phrase([compound])]
        return Clause(tuple(forms), _loose(words[:length])), length
    if not first.lexemes:
        return None, 1
    length = _glued(words)
    return (Clause(phrases=(phrase(words[:length]),)) if length > 1 else Clause(words=phrase(words[:1]))), length


def _count_before(words: Sequence[Term], end: int) -> int:
    return sum(word.start < end for word in words)


def _glued(words: Sequence[Term]) -> int:
    """How many of the first words are written as one: “SDG4”, “G20”."""
    length = 1
    while length < len(words) and words[length].lexemes and words[length].start == words[length - 1].end:
        length += 1
    return length


def _loose(words: Sequence[Term]) -> Phrase:
    """The words anywhere; not if stop words would leave a single one: «التعليم عن بعد» is more than «التعليم»."""
    content = [word for word in words if word.lexemes]
    return phrase(content) if len(content) > 1 or len(words) == 1 else ()


def _query(clauses: Sequence[Clause], lexemes: Callable[[Step], Set[str]]) -> str:
    return all_of(_literal(clause, lexemes) for clause in clauses)


def _literal(clause: Clause, lexemes: Callable[[Step], Set[str]]) -> str:
    def literal(step: Step) -> str:
        return _lexemes(lexemes(step))

    alternatives = [" <-> ".join(map(literal, steps)) for steps in clause.phrases]
    if clause.words:
        alternatives.append(all_of(map(literal, clause.words)))
    return any_of(f"({alternative})" for alternative in dict.fromkeys(alternatives))


def any_of(literals: Iterable[str]) -> str:
    """The literal that any of these meets."""
    return "(" + " | ".join(literals) + ")"


def all_of(literals: Iterable[str]) -> str:
    """The literal that all of these meet together."""
    return " & ".join(literals)


def _whole(steps: Phrase) -> str:
    return WHOLE + "".join(step.exact.removeprefix(EXACT) for step in steps if step.exact not in step.lexemes)


def _lexemes(lexemes: Set[str]) -> str:
    return any_of(map(quote, sorted(lexemes)))
