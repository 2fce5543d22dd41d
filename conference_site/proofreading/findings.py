"""What a rule found in a text, and what would put it right."""

from dataclasses import dataclass

from conference_site.proofreading.reading import Block, Edit


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


def found(rule: str, advice: str, block: Block, start: int, end: int, *edits: Edit) -> Finding:
    return Finding(rule, advice, block.number, start, end, block.around(start, end), edits)
