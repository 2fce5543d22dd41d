"""How two versions of a text differ, word by word, and how the difference is set in lines to be read.

The standard library's difflib finds what stayed. What it costs grows with the square of what it compares, so it is given small
pieces: blocks first, then sentences, and words only within what these leave.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from conference_site.richtext.words import Word

SIGNS = {
    "p": _("paragraph"),
    "br": _("line break"),
    "h2": _("heading"),
    "h3": _("heading of the second level"),
    "h4": _("heading of the third level"),
    "ul li": _("item of a list"),
    "ol li": _("item of a numbered list"),
    "blockquote": _("quotation"),
    "figcaption": _("caption"),
    "tr": _("row of a table"),
    "th": _("heading of a table"),
    "td": _("cell of a table"),
    "hr": _("dividing line"),
    "img": _("picture"),
    "a": _("link to"),
    "/a": _("end of the link"),
    "strong": _("bold"),
    "/strong": _("end of bold"),
    "em": _("emphasis"),
    "/em": _("end of emphasis"),
    "span": _("other language"),
    "/span": _("end of the other language"),
}
"""What an editor calls the signs of `richtext.words`."""

MOST_COMPARED = 200_000
"""Pairs of words (or sentences, or blocks). Beyond that, a piece counts as written anew: nobody reads so many changes singly."""

CONTEXT = 12
"""Words that are shown beside a change. What is unchanged beyond them is folded, where that saves as many again."""


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Run(NamedTuple):
    """Words that follow each other and share a fate."""

    kind: Kind
    words: Sequence[Word]


@dataclass
class Piece:
    """What a line is made of: words, or a sign with its text. ``is_fold`` stands for what is left out."""

    kind: Kind
    text: str = ""
    sign: str = ""
    is_apart: bool = False
    is_fold: bool = False

    @property
    def label(self) -> str:
        return SIGNS.get(self.sign, "")

    @property
    def words(self) -> str:
        """What is read of it; of a picture, its alternative text."""
        return self.text.partition("\n")[0] if self.sign == "img" else self.text

    @property
    def address(self) -> str:
        """Where a link leads, the name of a picture's file, the code of a language."""
        return self.text.rpartition("\n")[2].rpartition("/")[2] if self.sign == "img" else self.text


@dataclass
class Line:
    """A line of a difference; ``sign`` is that of its block, where it is worth saying, and ``kind`` what became of it."""

    kind: Kind = Kind.SAME
    sign: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def label(self) -> str:
        return SIGNS.get(self.sign, "")


def runs(old: list[Word], new: list[Word]) -> list[Run]:
    """What is the same, removed and added, in the order of reading, what is removed before what stands in its place."""
    return _joined(_without_crumbs(_joined(_runs(old, new, [_blocks, _sentences]))))


def lines(found: Iterable[Run], *, folded: bool = True) -> list[Line]:
    """The runs in lines; unless ``folded`` is False, long stretches that are the same are left out."""
    found = list(found)
    set_lines = [Line()]
    for number, run in enumerate(found):
        is_last = number == len(found) - 1
        for words in _folded(run, not number, is_last) if folded and run.kind is Kind.SAME else [run.words]:
            if words is None:
                set_lines[-1].pieces.append(Piece(run.kind, is_apart=True, is_fold=True))
            else:
                _set(set_lines, run.kind, words)
    return [line for line in set_lines if line.pieces or line.sign]


def whole(old: str, new: str) -> list[Line]:
    """One line for values that are no running text: the old one, and the new one in its place."""
    if old == new:
        return [Line(pieces=[Piece(Kind.SAME, old)])] if old else []
    pairs = ((Kind.REMOVED, old), (Kind.ADDED, new))
    return [Line(pieces=[Piece(kind, text, is_apart=True) for kind, text in pairs if text])]


# Finding


def _runs(old: Sequence[Word], new: Sequence[Word], splits: Sequence[Callable]) -> Iterator[Run]:
    """By the first of ``splits`` into pieces; what differs word by word, if it is short enough, else by finer pieces."""
    if not splits:
        for is_same, ours, theirs in _matches(old, new):
            yield from [Run(Kind.SAME, theirs)] if is_same else [Run(Kind.REMOVED, ours), Run(Kind.ADDED, theirs)]
        return
    split, *finer = splits
    for is_same, ours, theirs in _matches(split(old), split(new)):
        if is_same:
            yield Run(Kind.SAME, list(chain(*theirs)))
            continue
        before, after = list(chain(*ours)), list(chain(*theirs))
        if len(before) * len(after) <= MOST_COMPARED:
            yield from _runs(before, after, [])
        elif len(ours) == len(theirs) > 1:  # a word changed in each of many: each beside its own
            for one, other in zip(ours, theirs, strict=True):
                yield from _runs(one, other, finer)
        else:
            yield from _runs(before, after, finer)


def _matches[T](old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[bool, Sequence[T], Sequence[T]]]:
    """Both in stretches that are the same, or differ. What begins and ends alike costs nothing."""
    least = min(len(old), len(new))
    head = next((place for place in range(least) if old[place] != new[place]), least)
    tail = next((place for place in range(least - head) if old[-1 - place] != new[-1 - place]), least - head)
    ours, theirs = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield True, old[:head], new[:head]
    if not ours or not theirs or len(ours) * len(theirs) > MOST_COMPARED:
        if ours or theirs:
            yield False, ours, theirs
    else:
        for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            yield tag == "equal", ours[i:j], theirs[k:m]
    if tail:
        yield True, old[len(old) - tail :], new[len(new) - tail :]


def _blocks(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    return _split(words, lambda before, word: word.begins_line and not before.begins_line)


def _sentences(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    return _split(words, lambda before, word: word.begins_line or (before.text in tuple(".!?؟؛…") and word.is_apart))


def _split(words: Sequence[Word], begins: Callable[[Word, Word], bool]) -> list[tuple[Word, ...]]:
    pieces: list[list[Word]] = [[]]
    for word in words:
        if pieces[-1] and begins(pieces[-1][-1], word):
            pieces.append([])
        pieces[-1].append(word)
    return [tuple(piece) for piece in pieces if piece]


def _joined(found: Iterable[Run]) -> list[Run]:
    """Neighbours of one kind as one, and between two that are the same first all that is removed, then all that is added."""
    joined: list[Run] = []
    changed: dict[Kind, list[Word]] = {Kind.REMOVED: [], Kind.ADDED: []}

    def put_changed() -> None:
        joined.extend(Run(kind, list(words)) for kind, words in changed.items() if words)
        for words in changed.values():
            words.clear()

    for run in found:
        if run.kind is not Kind.SAME:
            changed[run.kind] += run.words
        elif run.words:
            put_changed()
            if joined and joined[-1].kind is Kind.SAME:
                joined[-1] = Run(Kind.SAME, [*joined[-1].words, *run.words])
            else:
                joined.append(Run(Kind.SAME, list(run.words)))
    put_changed()
    return joined


def _without_crumbs(found: list[Run]) -> Iterator[Run]:
    """A comma or a little word that two rewritten passages happen to share is no part that stayed, and tears both to pieces."""
    for number, run in enumerate(found):
        is_between = run.kind is Kind.SAME and 0 < number < len(found) - 1
        if is_between and not any(word.sign for word in run.words):
            letters = sum(word.text[:1].isalnum() for word in run.words)
            least = min(_weight(found[:number][::-1]), _weight(found[number + 1 :]))
            if letters == 0 or letters * 4 <= least:
                yield from (Run(kind, run.words) for kind in (Kind.REMOVED, Kind.ADDED))
                continue
        yield run


def _weight(beside: Iterable[Run]) -> int:
    """How many words the change beside has: the more of those removed and those added."""
    most = 0
    for run in beside:
        if run.kind is Kind.SAME:
            break
        most = max(most, len(run.words))
    return most


# Setting in lines


def _folded(run: Run, is_first: bool, is_last: bool) -> list[Sequence[Word] | None]:
    """The words of a run that is the same; None in place of what is too far from any change."""
    after, before = 0 if is_first else CONTEXT, 0 if is_last else CONTEXT
    if len(run.words) <= after + before + CONTEXT:
        return [run.words]
    return [run.words[:after], None, run.words[len(run.words) - before :]]


def _set(set_lines: list[Line], kind: Kind, words: Sequence[Word]) -> None:
    for place, word in enumerate(words):
        # A sign that goes with its words says nothing that they don't, unless it is no paragraph.
        is_alone = kind is not Kind.SAME and place == (0 if word.sign.startswith("/") else len(words) - 1)
        if word.begins_line:
            if set_lines[-1].pieces or set_lines[-1].sign:
                set_lines.append(Line())
            if is_alone or word.sign not in ("p", "br"):
                set_lines[-1].kind, set_lines[-1].sign = kind, word.sign
        elif word.sign == "img" or (word.sign and is_alone) or (word.sign == "a" and kind is not Kind.SAME):
            set_lines[-1].pieces.append(Piece(kind, word.text, word.sign, is_apart=True))
        elif not word.sign:
            _add(set_lines[-1].pieces, kind, word)


def _add(pieces: list[Piece], kind: Kind, word: Word) -> None:
    last = pieces[-1] if pieces else None
    if last and last.kind is kind and not (last.sign or last.is_fold):
        last.text += " " * word.is_apart + word.text
    else:
        pieces.append(Piece(kind, word.text, is_apart=word.is_apart))
