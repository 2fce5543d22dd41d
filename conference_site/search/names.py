"""Names and synonyms: forms of one name, in any language, count as one (ALECSO = الألكسو, Jubail = الجبيل).

They are expanded in the query, so that a new one works at once and a document's vector depends on its own text only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from conference_site.search.lexemes import EXACT, LANGUAGES, Term, single, terms

# Before a lexeme, it says that a name or title is that and nothing more.
WHOLE = "=="
# So many forms of one name are asked for; a form that stands in many groups would make a query without end.
MOST_FORMS = 60


class Step(NamedTuple):
    """A word that a document must have: its exact form, and the lexemes of which any will do."""

    exact: str
    lexemes: frozenset[str]


Phrase = tuple[Step, ...]


def phrase(words: Iterable[Term]) -> Phrase:
    """``words`` one after the other, stop words by their exact forms («التعليم عن بعد» is more than «التعليم»)."""
    return tuple(Step(word.exact, word.lexemes or frozenset({word.exact})) for word in words)


def readings(text: str, *, asked: bool = False) -> list[Phrase]:
    """``text`` as a phrase, and as one word if all of it is a compound (“e-learning” = “eLearning”)."""
    found = list(terms(text, asked=asked))
    words = single(found)
    whole = [term for term in found if term not in words and (term.start, term.end) == (words[0].start, words[-1].end)]
    return [phrase(words), *(phrase([term]) for term in whole)]


def is_name(text: str) -> bool:
    """Whether there is a word in ``text`` that isn't left out of queries, so that something can be found by it."""
    return any(term.lexemes for term in terms(text))


def whole(name: str, language: str = LANGUAGES[0]) -> str:
    """The lexeme of a name as a whole: its words by their exact forms, without those that are left out of queries."""
    return WHOLE + "".join(word.exact.removeprefix(EXACT) for word in single(terms(name, language)) if word.lexemes)


class _Form(NamedTuple):
    steps: Phrase
    group: int


class Names:
    """Groups of forms, prepared for looking them up; to be built once for each version of the rows.

    ``Names([["ALECSO", "الألكسو"], …])``. A form in several groups brings the forms of all of them.
    """

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self.phrases: list[list[Phrase]] = []
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        for group in groups:
            texts = list(filter(is_name, group))
            for known in (steps for text in texts for steps in readings(text)):
                for lexeme in known[0].lexemes:
                    self._forms[lexeme].append(_Form(known, len(self.phrases)))
            self.phrases.append(list(dict.fromkeys(steps for text in texts for steps in readings(text, asked=True))))

    def longest(self, words: Sequence[Term]) -> tuple[int, list[Phrase]]:
        """How many of the first ``words`` are a name, the longest, and all forms of it; (0, []) if they begin no name."""
        asked = phrase(words[:1])[0]
        forms = [form for lexeme in asked.lexemes for form in self._forms.get(lexeme, ()) if _begins(words, form.steps)]
        length = max((len(form.steps) for form in forms), default=0)
        groups = sorted({form.group for form in forms if len(form.steps) == length})
        return length, list(dict.fromkeys(steps for group in groups for steps in self.phrases[group]))[:MOST_FORMS]


def _begins(words: Sequence[Term], name: Phrase) -> bool:
    if len(words) < len(name):
        return False
    return not any(step.lexemes.isdisjoint(known.lexemes) for step, known in zip(phrase(words[: len(name)]), name, strict=True))
