"""What a document is found by: the literal of its `tsvector`, to be passed as a parameter and cast (``%s::tsvector``)."""

from collections import defaultdict
from collections.abc import Iterable

from conference_site.search.lexemes import quote, terms

# PostgreSQL's limits (documentation, “Limitations” of full text search): a lexeme of 2,046 bytes (words are cut far below that by
# `tokens`), positions up to 16,383, 256 of them for a lexeme, and 1 MB for all lexemes with their positions.
LAST_POSITION = 16_383
MOST_POSITIONS = 255
MOST_BYTES = 1_000_000
# Between two parts, so that no phrase reaches from one into the next.
GAP = 10


def vector(parts: Iterable[tuple[str, str, str]], marks: Iterable[str] = ()) -> str:
    """The literal for ``parts``, each (weight A–D, language, text), the heaviest first, and for `marks`, which have no place.

    Every word is there by its lexemes and by its exact form (``=word``), for what was typed exactly ranks first. What exceeds
    a limit of PostgreSQL is left out, from the end.
    """
    places: dict[str, dict[int, str]] = defaultdict(dict)
    offset = used = 0
    for weight, language, text in parts:
        position = offset
        for term in terms(text, language):
            position = min(offset + term.position, LAST_POSITION)  # what comes later is found, but not as part of a phrase
            for lexeme in (term.exact, *term.lexemes):
                used += 0 if lexeme in places else len(lexeme.encode()) + 8
                if used > MOST_BYTES:
                    return _literal(places, marks)
                if len(places[lexeme]) < MOST_POSITIONS and position not in places[lexeme]:
                    places[lexeme][position] = weight
                    used += 2
        offset = position + GAP
    return _literal(places, marks)


def _literal(places: dict[str, dict[int, str]], marks: Iterable[str]) -> str:
    words = (
        f"{quote(lexeme)}:{','.join(f'{position}{weight}' for position, weight in at.items())}"
        for lexeme, at in places.items()
        if at
    )
    return " ".join([*marks, *words])
