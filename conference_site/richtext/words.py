"""A text as one row of words and signs, so that two versions of it can be compared word by word.

A sign stands for what is no word: where a paragraph or a heading begins, where a link leads, a picture.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from conference_site.richtext.tree import Node, parse
from conference_site.search.tokens import APOSTROPHES, MARKS

BLOCKS = frozenset({"p", "h2", "h3", "h4", "ul li", "ol li", "blockquote", "figcaption", "tr", "th", "td", "hr", "br"})
"""The signs with which a line begins. A ``br`` is one between two lines of plain text, too."""

# A word with its vowel signs, which are never parted from it: an Arabic word that is marked in part falls to pieces.
_WORD = re.compile(rf"\s+|[\w{MARKS}](?:[\w{MARKS}\u200c\u200d]|[{APOSTROPHES}.,:/-](?=\w))*|.", re.DOTALL)


class Word(NamedTuple):
    """A word or a punctuation mark; with a ``sign`` something else, of which ``text`` says the rest (where a link leads)."""

    text: str
    sign: str = ""
    is_apart: bool = (
        False  # whether a space stands before it; so at the beginning of a line, that what stands before be no matter
    )

    @property
    def begins_line(self) -> bool:
        return self.sign in BLOCKS


def words_of(text: str) -> list[Word]:
    """The words of plain text, and a sign between its lines."""
    found: list[Word] = []
    for number, line in enumerate(text.splitlines()):
        if number:
            found.append(Word("", "br"))
        found += _words(line, is_apart=True)
    return found


def words_of_html(html: str) -> list[Word]:
    """The words and signs of cleaned rich text."""
    reader = _Reader()
    reader.read(parse(html))
    return reader.found


def _words(text: str, *, is_apart: bool) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        if match[0].isspace():
            is_apart = True
        else:
            yield Word(match[0], is_apart=is_apart)
            is_apart = False


class _Reader:
    def __init__(self) -> None:
        self.found: list[Word] = []
        self.is_apart = True

    def read(self, nodes: list[Node], parent: str = "") -> None:
        for node in nodes:
            if isinstance(node, str):
                self.found += _words(node, is_apart=self.is_apart)
                self.is_apart = node[-1:].isspace()
                continue
            match node.tag:
                case "img":
                    # Its own words are compared; another file under the same words is another picture.
                    self.found.append(Word(f"{node.attributes.get('alt', '')}\n{node.attributes.get('src', '')}", "img"))
                case "a" | "strong" | "em" | "span":
                    self._mark(node.tag, node.attributes.get("href") or node.attributes.get("lang", ""), node.children)
                case tag:
                    self._block(f"{parent} {tag}".strip() if tag == "li" else tag)
                    self.read(node.children, tag)

    def _mark(self, tag: str, text: str, children: list[Node]) -> None:
        self.found.append(Word(text, tag))
        self.read(children)
        self.found.append(Word("", f"/{tag}"))

    def _block(self, tag: str) -> None:
        """A block's sign, but for the first paragraph of an item, a cell or a quotation, which is there in any case."""
        is_first = self.found and self.found[-1].begins_line and self.found[-1].sign not in ("hr", "br")
        if tag in BLOCKS and not (tag == "p" and is_first):
            self.found.append(Word("", tag))
            self.is_apart = True
