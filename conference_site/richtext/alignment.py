"""Texts of several languages side by side, block beside block, as their authors wrote them in parallel."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product, zip_longest

from conference_site.richtext.tree import Element, parse, serialise

HEADINGS = frozenset({"h2", "h3", "h4"})

MOST_COMPARED = 10_000
"""Pairs. Where each of one side would be compared with each of the other more often than that, they are paired in order: a
hundred paragraphs under one heading are no page, and comparing thousands would take minutes."""

Row = tuple[Element | None, ...]
"""A block of each text, or None where a text has none beside the others'."""


def side_by_side(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The blocks of rich texts in rows, one cell a text, empty where nothing stands beside.

    Headings meet headings: first sections are paired, then the blocks within them. What has no like stands alone.
    """
    first, *others = ([(block,) for block in parse(text) if isinstance(block, Element)] for text in texts)
    rows: list[Row] = first
    for width, blocks in enumerate(others, start=1):
        rows = list(_beside(rows, blocks, width))
    return [tuple(serialise([block]) if block else "" for block in row) for row in rows]


def _beside(rows: list[Row], blocks: list[Row], width: int) -> Iterator[Row]:
    """The rows, ``width`` cells wide, with one more cell each, in which the blocks stand."""
    for ours, theirs in _pairs(_sections(rows), _sections(blocks), _likeness_of_sections):
        for row, block in _pairs(ours or [], theirs or [], _likeness):
            yield (row or (None,) * width) + (block or (None,))


def _pairs[T](left: Sequence[T], right: Sequence[T], likeness: Callable[[T, T], int]) -> Iterator[tuple[T | None, T | None]]:
    """All of both, each side in its order, paired so that they are most alike in sum; of equals, the earlier first."""
    if len(left) * len(right) > MOST_COMPARED:
        yield from zip_longest(left, right)
        return
    # best[i][j] is how alike what follows from left[i] and right[j] on can be.
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, j in product(reversed(range(len(left))), reversed(range(len(right)))):
        best[i][j] = max(likeness(left[i], right[j]) + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(left) and j < len(right):
        if best[i][j] == likeness(left[i], right[j]) + best[i + 1][j + 1]:
            yield left[i], right[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield left[i], None
            i += 1
        else:
            yield None, right[j]
            j += 1
    yield from zip_longest(left[i:], [])
    yield from ((None, block) for block in right[j:])


def _sections(rows: list[Row]) -> list[list[Row]]:
    """What stands before the first heading, which may be nothing, then each heading with what stands under it."""
    sections: list[list[Row]] = [[]]
    for row in rows:
        if _tag(row) in HEADINGS:
            sections.append([])
        sections[-1].append(row)
    return sections


def _likeness(one: Row, other: Row) -> int:
    """Any two blocks may stand beside each other; two of one kind rather do."""
    return 2 + (_tag(one) == _tag(other))


def _likeness_of_sections(one: list[Row], other: list[Row]) -> int:
    """By the level of the heading, and by the kinds of blocks under it."""
    (level, *kinds), (other_level, *other_kinds) = (list(map(_tag, section)) or [""] for section in (one, other))
    return 2 + (level == other_level) + (kinds == other_kinds)


def _tag(row: Row) -> str:
    return next(block.tag for block in row if block)
