"""The words of a rich text without its structure: so they can be translated elsewhere, and put back where they stood.

A slot is where words stand: a paragraph, a heading, an item, a cell, a caption, the alternative text of a picture. What is marked
in it becomes numbered tags, ``{1}a link{/1}`` or ``{2/}`` for a picture; a line break is a line break, and a brace is doubled.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from django.utils.translation import gettext as _

from conference_site.languages.addresses import in_language
from conference_site.languages.middleware import prefix_language
from conference_site.languages.text import normalise
from conference_site.richtext.order import INLINE
from conference_site.richtext.tree import VOID, Element, Node, elements, parse, serialise, text_of

TOKEN = re.compile(r"\{\{|\}\}|\{(/?)(\d{1,4})(/?)\}")
BRACES = str.maketrans({"{": "{{", "}": "}}"})
NEEDED = {"a", "strong", "img"}
"""What a translation must keep. Emphasis and the language of a passage may go: they depend on the language of the text."""

MOST_COMPARED = 1_000_000
"""Pairs of slots. Beyond that, they are paired in their order."""


class TagsError(ValueError):
    """The numbered tags of a text aren't those that it was given with; says how, in a sentence."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The children of ``owner`` from ``start`` to ``end``; of a picture, its alternative text."""

    owner: Element
    start: int
    end: int

    @property
    def kind(self) -> str:
        return self.owner.tag

    @property
    def nodes(self) -> list[Node]:
        return [self.owner.attributes.get("alt", "")] if self.kind == "img" else self.owner.children[self.start : self.end]

    @property
    def text(self) -> str:
        return text_of(self.nodes)

    @property
    def html(self) -> str:
        return serialise(self.nodes)

    @property
    def has_letters(self) -> bool:
        """Whether there is anything to translate: a number or a line of asterisks is the same in every language."""
        return any(letter.isalpha() for letter in self.text)

    def fill(self, nodes: list[Node]) -> None:
        if self.kind == "img":
            self.owner.attributes["alt"] = " ".join(text_of(nodes).split())
        else:
            self.owner.children[self.start : self.end] = nodes


class Slots:
    """A rich text with its slots, in the order of reading."""

    def __init__(self, html: str) -> None:
        self.root = Element("", {}, parse(html))
        self.all = list(_slots(self.root))

    def __getitem__(self, place: int | None) -> Slot | None:
        return self.all[place] if place is not None and place < len(self.all) else None

    @property
    def kinds(self) -> list[str]:
        return [slot.kind for slot in self.all]

    @property
    def texts(self) -> list[str]:
        return [slot.text for slot in self.all]

    @property
    def to_translate(self) -> list[int]:
        """The places of the slots with words; of all, where none has any."""
        return [place for place, slot in enumerate(self.all) if slot.has_letters] or list(range(len(self.all)))

    def filled(self, filling: dict[int, list[Node]]) -> str:
        """The text with these nodes in the slots of these places."""
        for place in sorted(filling, reverse=True):
            self.all[place].fill(filling[place])
        return serialise(self.root.children)


def _slots(element: Element) -> Iterator[Slot]:
    for is_inline, run in groupby(enumerate(element.children), lambda pair: isinstance(pair[1], str) or pair[1].tag in INLINE):
        places, nodes = zip(*run, strict=True)
        if not is_inline:
            for child in nodes:
                yield from _slots(child)
            continue
        if text_of(nodes).strip():
            yield Slot(element, places[0], places[-1] + 1)
        yield from (Slot(picture, 0, 0) for picture in elements(nodes) if picture.tag == "img")


def paired(source: Slots, translation: Slots, former: Slots | None) -> list[int | None]:
    """For each slot of the source, the place of the one in its translation that belongs to it.

    Where the source is known from which that was translated, and is built like it, what stayed the same keeps its translation.
    """
    if former and former.kinds == translation.kinds:
        places = aligned(former.texts, source.texts)
    else:
        places = aligned(translation.kinds, source.kinds)
    of_pictures = [[kind == "img" for kind in slots.kinds] for slots in (source, translation)]
    return [
        place if place is not None and of_pictures[0][own] == of_pictures[1][place] else None for own, place in enumerate(places)
    ]


def aligned(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each of the new, the place of the old one that it is, or in whose stead it stands."""
    if len(old) * len(new) > MOST_COMPARED:
        return [place for _new, place in zip_longest(new, range(min(len(old), len(new))))]
    found: list[int | None] = [None] * len(new)
    for _tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for ours, theirs in zip(range(i, j), range(k, m), strict=False):
            found[theirs] = ours
    return found


class Pair:
    """A slot of the source and the one of its translation, either of which may not be there, with the numbers of their marks.

    A mark that both have is one, as it stands in the translation. What only the source has leads to the pages in ``language``.
    """

    def __init__(self, source: Slot | None, translation: Slot | None, language: str) -> None:
        self.source, self.translation = source, translation
        ours, theirs = (list(_marks(slot, language)) for slot in (source, translation))
        self.marks = [_in_language(mark, language) for mark in ours]
        self.numbers = {id(mark): number for number, mark in enumerate(ours, 1)}
        self.needed = {number for number, mark in enumerate(ours, 1) if mark.tag in NEEDED}
        self._pair(theirs)

    def _pair(self, theirs: list[Element]) -> None:
        left = list(range(len(self.marks)))
        for exactly in (True, False):
            for mark in theirs:
                alike = (place for place in left if _alike(self.marks[place], mark, exactly=exactly))
                if id(mark) not in self.numbers and (place := next(alike, None)) is not None:
                    left.remove(place)
                    self._take(place, mark)
        for mark in theirs:
            if id(mark) not in self.numbers:
                self.marks.append(mark)
                self.numbers[id(mark)] = len(self.marks)

    def _take(self, place: int, mark: Element) -> None:
        self.numbers[id(mark)] = place + 1
        if mark.tag == "img":  # its alternative text is a slot of the source's own
            self.marks[place].attributes["src"] = mark.attributes["src"]
        else:
            self.marks[place] = mark

    @property
    def source_text(self) -> str:
        return self._tagged(self.source.nodes) if self.source else ""

    @property
    def text(self) -> str:
        return self._tagged(self.translation.nodes) if self.translation else ""

    def _tagged(self, nodes: list[Node]) -> str:
        return "".join(node.translate(BRACES) if isinstance(node, str) else self._tagged_element(node) for node in nodes)

    def _tagged_element(self, element: Element) -> str:
        number, inner = self.numbers.get(id(element)), self._tagged(element.children)
        if element.tag == "br":
            return "\n"
        if number is None:
            return inner
        return f"{{{number}/}}" if element.tag in VOID else f"{{{number}}}{inner}{{/{number}}}"

    def read(self, text: str, *, is_strict: bool = True) -> list[Node]:
        """The nodes that a text with numbered tags means. Unless ``is_strict`` is False, all that are needed must be there."""
        reader = _Reader(self.marks)
        reader.read(normalise(text).strip())
        missing = sorted(self.needed - reader.seen)
        if is_strict and missing:
            tags = " ".join(f"{{{number}}}" for number in missing)
            raise TagsError(_("Numbered tags are missing: %(tags)s. They stand for a link, bold or a picture.") % {"tags": tags})
        return reader.root.children


class _Reader:
    """Makes nodes of a text with numbered tags."""

    def __init__(self, marks: list[Element]) -> None:
        self.marks = marks
        self.root = Element("")
        self.open: list[tuple[int, Element]] = [(0, self.root)]
        self.seen: set[int] = set()

    def read(self, text: str) -> None:
        end = 0
        for token in TOKEN.finditer(text):
            self._words(text[end : token.start()])
            self._token(token)
            end = token.end()
        self._words(text[end:])
        if len(self.open) > 1:
            raise TagsError(_("A numbered tag is not closed: %(tag)s.") % {"tag": f"{{{self.open[-1][0]}}}"})

    def _words(self, text: str) -> None:
        for place, line in enumerate(text.split("\n")):
            self._children.extend([Element("br"), line] if place else [line])

    @property
    def _children(self) -> list[Node]:
        return self.open[-1][1].children

    def _token(self, token: re.Match) -> None:
        if token[2] is None:
            self._children.append(token[0][0])
        elif token[1]:
            self._close(int(token[2]), token[0])
        else:
            self._open(int(token[2]), token[0])

    def _open(self, number: int, tag: str) -> None:
        if not 0 < number <= len(self.marks):
            raise TagsError(_("The source has no such numbered tag: %(tag)s.") % {"tag": tag})
        if number in self.seen:
            raise TagsError(_("A numbered tag stands there twice: %(tag)s.") % {"tag": tag})
        self.seen.add(number)
        mark = self.marks[number - 1]
        element = mark if mark.tag in VOID else Element(mark.tag, dict(mark.attributes))
        self._children.append(element)
        if mark.tag not in VOID:
            self.open.append((number, element))

    def _close(self, number: int, tag: str) -> None:
        opened, element = self.open[-1]
        if opened != number:
            raise TagsError(_("A numbered tag is closed that is not open there: %(tag)s.") % {"tag": tag})
        if not text_of(element.children).strip() and not any(elements(element.children)):
            raise TagsError(_("Nothing stands between a numbered tag and its end: %(tag)s.") % {"tag": tag})
        self.open.pop()


def _marks(slot: Slot | None, language: str) -> Iterator[Element]:
    """What is marked in a slot, but for passages of the language into which it is translated: there they're none any more."""
    own = language.partition("-")[0]
    if slot and slot.kind != "img":
        for element in elements(slot.nodes):
            is_own = element.tag == "span" and element.attributes.get("lang", "").partition("-")[0] == own
            if element.tag != "br" and not is_own:
                yield element


def _in_language(mark: Element, language: str) -> Element:
    """The mark of a source as it stands in a translation: a link within the site leads to the page in its language."""
    address = mark.attributes.get("href", "")
    if not prefix_language(address):
        return mark
    return Element(mark.tag, mark.attributes | {"href": in_language(address, language)}, mark.children)


def _alike(one: Element, other: Element, *, exactly: bool) -> bool:
    return one.tag == other.tag and (one.attributes == other.attributes or not exactly)
