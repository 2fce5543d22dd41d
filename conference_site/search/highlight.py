"""The passage of a text that answers a query, and what in it to mark, by the tokeniser and lexemes of the index itself (25)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from conference_site.search.lexemes import LANGUAGES, Term, terms
from conference_site.search.names import Phrase
from conference_site.search.queries import Query

# A passage is about this many characters, in whole words; the words before the first match give it its sense.
LENGTH, BEFORE = 220, 60


class Piece(NamedTuple):
    """A part of a passage as it stands in the text, and whether it is to be marked."""

    text: str
    is_match: bool


class Match(NamedTuple):
    """A span of the text that meets a part of the query, and which part."""

    start: int
    end: int
    wanted: int


def matches(text: str, query: Query, language: str = LANGUAGES[0]) -> list[Match]:
    """What in ``text`` meets ``query``, in order, without overlaps; the longer match first where two begin together."""
    found = list(terms(text, language))
    places: dict[str, list[int]] = {}
    for index, term in enumerate(found):
        for lexeme in (term.exact, *term.lexemes):
            places.setdefault(lexeme, []).append(index)

    def spans(steps: Phrase, number: int) -> list[Match]:
        starts = sorted({index for lexeme in steps[0].lexemes for index in places.get(lexeme, ())})
        reached = [(start, _end(found, start, steps)) for start in starts]
        return [Match(found[start].start, found[end].end, number) for start, end in reached if end is not None]

    met: list[Match] = []
    for number, clause in enumerate(query.clauses):
        phrases = [match for steps in clause.phrases for match in spans(steps, number)]
        # The words of a name alone, only where no form of it stands: the “4” of “SDG 4” is not to be marked everywhere.
        met += phrases or [match for step in clause.words for match in spans((step,), number)]
    return list(_without_overlaps(sorted(met, key=lambda match: (match.start, -match.end))))


def passage(text: str, query: Query, language: str = LANGUAGES[0], length: int = LENGTH) -> list[Piece]:
    """The passage of ``text`` with the most different words of ``query``, as pieces to be marked or not.

    About ``length`` characters, cut between words, with ``…`` where something was left out. Without a match, the beginning.
    """
    found = matches(text, query, language)
    start, end = _window(text, found, length)
    pieces = [Piece("…", False)] if start else []
    at = start
    for match in found:
        if start <= match.start and match.end <= end:
            pieces += [Piece(text[at : match.start], False), Piece(text[match.start : match.end], True)]
            at = match.end
    pieces += [Piece(text[at:end], False), Piece("…" if end < len(text.rstrip()) else "", False)]
    return [piece for piece in pieces if piece.text]


def _end(found: Sequence[Term], start: int, steps: Phrase) -> int | None:
    """The index of the term where ``steps``, begun at ``start``, ends; None if the words there are others."""
    index = start
    for step in steps[1:]:
        position = found[index].position + 1
        following = range(index + 1, min(index + 5, len(found)))  # compounds stand between the words
        index = next((i for i in following if found[i].position == position and _meets(found[i], step.lexemes)), None)
        if index is None:
            return None
    return index


def _meets(term: Term, lexemes: frozenset[str]) -> bool:
    return term.exact in lexemes or not term.lexemes.isdisjoint(lexemes)


def _without_overlaps(spans: Iterable[Match]) -> Iterable[Match]:
    end = -1
    for match in spans:
        if match.start >= end:
            yield match
            end = match.end


def _window(text: str, found: Sequence[Match], length: int) -> tuple[int, int]:
    """Start and end of the stretch of ``length`` characters that begins with a match and has the most different ones."""
    if not found or len(text) <= length:
        return 0, _word_end(text, min(length, len(text)))
    room = max(length - BEFORE, length // 2)
    best, most, last = found[0], 0, 0
    counts: dict[int, int] = {}
    for first, match in enumerate(found):
        while last < len(found) and found[last].end <= match.start + room:
            counts[found[last].wanted] = counts.get(found[last].wanted, 0) + 1
            last += 1
        if len(counts) > most:
            best, most = match, len(counts)
        if last > first:
            counts[match.wanted] -= 1
            if not counts[match.wanted]:
                del counts[match.wanted]
        else:
            last = first + 1
    start = max(min(best.start - BEFORE, len(text) - length), 0)
    start = min(_word_start(text, start), best.start)
    return start, max(_word_end(text, min(start + length, len(text))), best.end)


def _word_start(text: str, index: int) -> int:
    """The beginning of the first whole word at or after ``index``."""
    if index == 0 or text[index - 1].isspace():
        return index
    return next((place + 1 for place in range(index, min(index + 40, len(text))) if text[place].isspace()), index)


def _word_end(text: str, index: int) -> int:
    """The end of the last whole word before ``index``; a run of letters longer than any word is cut."""
    if index >= len(text) or text[index].isspace():
        return index
    return next((place for place in range(index, max(index - 40, 0), -1) if text[place].isspace()), index)
