"""What a rule found in a text, and what would put it right."""

from dataclasses import dataclass

from conference_site.proofreading.arabic import NBSP
from conference_site.proofreading.reading import Block, Edit, Replace


@dataclass(frozen=True)
class Finding:
    """``advice`` says in a sentence what is to be looked at, ``excerpt`` where: the words before, those meant, those after.

    ``edits`` put it right where there is one way to do so only; without them, somebody has to decide.
    """

    rule: str
    advice: str
    block: int
    start: int
    end: int
    excerpt: tuple[str, str, str]
    edits: tuple[Edit, ...] = ()
    better: str = ""
    """What would stand in place of the words meant, where that can be seen."""


def found(rule: str, advice: str, block: Block, start: int, end: int, *edits: Edit) -> Finding:
    """The finding at a place of a block, shown in whole words."""
    first, last = block.whole_words(start, end)
    excerpt = block.around(first, last)
    return Finding(rule, advice, block.number, start, end, excerpt, edits, _better(block, first, last, edits))


def _better(block: Block, first: int, last: int, edits: tuple[Edit, ...]) -> str:
    if not edits or not all(isinstance(edit, Replace) and first <= edit.start and edit.end <= last for edit in edits):
        return ""
    text = block.written[first:last]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start - first] + edit.text + text[edit.end - first :]
    return text if text.replace(NBSP, " ") != block.written[first:last] else ""
