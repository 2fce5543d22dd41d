"""A text as it is read: its blocks, each as one line of words that knows where in the HTML each of them stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from unicodedata import combining

from conference_site.languages.content import direction
from conference_site.languages.text import normalise
from conference_site.proofreading.arabic import MARK
from conference_site.richtext.sanitiser import clean
from conference_site.richtext.tree import Element, Node, elements, parse, serialise, text_of

INLINE = {"a", "strong", "em", "span", "br", "img"}
HEADINGS = ("h2", "h3", "h4")
HIDDEN = "\ufffc"
"""Stands for each character that no rule may judge: what is marked as another language, addresses, pictures."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>«»]+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_MARK = re.compile(MARK)
CONTEXT = 32  # characters on either side of what is wrong


@dataclass(frozen=True)
class Replace:
    """Other words in place of some."""

    block: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Mark:
    """Words said to be of a language."""

    block: int
    start: int
    end: int
    language: str


@dataclass(frozen=True)
class Level:
    """A heading made one of another level."""

    block: int
    tag: str
    start: int = -1
    end: int = -1


Edit = Replace | Mark | Level


@dataclass(eq=False)
class Block:
    """A paragraph, heading, item or cell. ``written`` is all of its text, ``text`` the same with what is `HIDDEN`."""

    number: int
    element: Element
    is_foreign: bool = False
    written: str = ""
    text: str = ""
    pieces: list[tuple[int, Element, int]] = field(default_factory=list)
    """Where each piece of text begins, the element that it stands in, and its place there."""

    @cached_property
    def bare(self) -> tuple[str, list[int]]:
        """The text without tashkeel, and where each of its characters, and its end, stands in ``text``."""
        kept = [i for i, character in enumerate(self.text) if not _MARK.match(character)]
        return "".join(self.text[i] for i in kept), [*kept, len(self.text)]

    def span(self, match: re.Match, group: int | str = 0) -> tuple[int, int]:
        """Where a match in ``bare`` stands in ``text``, with the tashkeel of its last letter."""
        places = self.bare[1]
        return places[match.start(group)], places[match.end(group)]

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """The place widened to whole words: no mark may stand inside one (12)."""
        first, last = start, end
        while first > max(0, start - CONTEXT) and _is_of_word(self.written[first - 1 : first + 1]):
            first -= 1
        while last < min(len(self.written), end + CONTEXT) and _is_of_word(self.written[max(0, last - 1) : last + 1]):
            last += 1
        return first, last

    def around(self, start: int, end: int) -> tuple[str, str, str]:
        """What stands before a place, there, and after it: whole words, in one line."""
        before, after = self.written[max(0, start - CONTEXT) : start], self.written[end : end + CONTEXT]
        if start > CONTEXT:
            before = "…" + before.partition(" ")[2]
        if end + CONTEXT < len(self.written):
            after = after.rpartition(" ")[0] + "…"
        return tuple(re.sub(r"[\n\t]+", " ", text) for text in (before, self.written[start:end], after))


def _is_of_word(neighbours: str) -> bool:
    """Whether two neighbours are of one word."""
    return len(neighbours) == 2 and all(letter.isalnum() or combining(letter) for letter in neighbours)


class Reading:
    """One text in its language, as the rules read it.

    ``is_headline`` and ``is_card`` say what it is to its item; ``first_level`` is the highest level that its headings may have.
    """

    def __init__(
        self,
        text: str,
        language: str,
        *,
        is_rich: bool = False,
        is_headline: bool = False,
        is_card: bool = False,
        first_level: int = 2,
    ) -> None:
        self.source, self.language, self.is_rich = text, language, is_rich
        self.is_headline, self.is_card, self.first_level = is_headline, is_card, first_level
        self.root = Element("", {}, parse(text) if is_rich else [text])
        self.blocks: list[Block] = []
        self._read(self.root, is_foreign=False)

    @property
    def own_blocks(self) -> list[Block]:
        """Those that are not marked as of another language."""
        return [block for block in self.blocks if not block.is_foreign]

    @property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.element.tag in HEADINGS]

    def links(self) -> Iterator[tuple[Block, int, int, str]]:
        """Each link within a block: where its words begin and end, and what they are."""
        for block in self.blocks:
            links = {id(link): link for link in elements(block.element.children) if link.tag == "a"}
            for link in links.values():
                inner = {id(link), *(id(element) for element in elements(link.children))}
                starts = [start for start, parent, _child in block.pieces if id(parent) in inner]
                if starts:
                    words = text_of([link])
                    yield block, starts[0], starts[0] + len(words), words

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text after these edits, which don't overlap; in the form in which it is stored."""
        copy = Reading(self.source, self.language, is_rich=self.is_rich)
        for edit in sorted(edits, key=lambda edit: (edit.block, edit.start), reverse=True):
            copy._apply(edit)
        if not self.is_rich:
            return normalise(text_of(copy.root.children))
        return clean(serialise(copy.root.children), self.language)

    # Reading

    def _read(self, element: Element, *, is_foreign: bool) -> None:
        is_foreign = is_foreign or self._is_foreign(element)
        positions = list(enumerate(element.children))
        for is_inline, run in groupby(positions, lambda pair: isinstance(pair[1], str) or pair[1].tag in INLINE):
            if is_inline:
                self._read_block(element, list(run), is_foreign=is_foreign)
            else:
                for _position, child in run:
                    self._read(child, is_foreign=is_foreign)

    def _read_block(self, element: Element, run: list[tuple[int, Node]], *, is_foreign: bool) -> None:
        block = Block(len(self.blocks), element, is_foreign)
        written, shown, length = [], [], 0
        for position, node, parent, hidden in self._pieces(element, run):
            if isinstance(node, str):
                block.pieces.append((length, parent, position))
            piece = node if isinstance(node, str) else "\n" if node.tag == "br" else HIDDEN
            written.append(piece)
            shown.append(HIDDEN * len(piece) if hidden else piece)
            length += len(piece)
        block.written = "".join(written)
        block.text = _ADDRESS.sub(lambda match: HIDDEN * len(match[0]), "".join(shown))
        self.blocks.append(block)

    def _pieces(
        self, parent: Element, run: list[tuple[int, Node]], hidden: bool = False
    ) -> Iterator[tuple[int, Node, Element, bool]]:
        """The texts, breaks and pictures of a run, each with its place in its parent, and whether it is hidden from the rules."""
        for position, node in run:
            if isinstance(node, str) or node.tag in ("br", "img"):
                yield position, node, parent, hidden
            else:
                yield from self._pieces(node, list(enumerate(node.children)), hidden or self._is_foreign(node))

    def _is_foreign(self, element: Element) -> bool:
        """Whether an element says that its words are of another language, or are an address to be read from left to right."""
        attributes = element.attributes
        return attributes.get("lang", self.language) != self.language or (element.tag == "a" and "dir" in attributes)

    # Editing

    def _apply(self, edit: Edit) -> None:
        block = self.blocks[edit.block]
        if isinstance(edit, Level):
            block.element.tag = edit.tag
            return
        touched = [piece for piece in block.pieces if _overlaps(piece, edit)]
        for start, parent, position in reversed(touched):
            text = parent.children[position]
            begin, end = max(0, edit.start - start), min(len(text), edit.end - start)
            if isinstance(edit, Replace):
                words = edit.text if start == touched[0][0] else ""
                parent.children[position] = text[:begin] + words + text[end:]
            else:
                marked = Element("span", {"lang": edit.language, "dir": direction(edit.language)}, [text[begin:end]])
                parent.children[position : position + 1] = [text[:begin], marked, text[end:]]


def _overlaps(piece: tuple[int, Element, int], edit: Edit) -> bool:
    start, parent, position = piece
    text = parent.children[position]
    return isinstance(text, str) and start < edit.end and edit.start < start + len(text)
