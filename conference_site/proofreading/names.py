"""Names in a form that isn't the official one, by the rows that editors keep."""

import re
from collections.abc import Iterable, Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.proofreading.arabic import LETTER, MARK
from conference_site.proofreading.findings import Finding, found
from conference_site.proofreading.reading import Block, Reading, Replace

MESSAGE = _("The official form of this name is: {name}.")
_ARTICLE = "ال"


class Names:
    """Official names and the forms that they replace: ``Names([("اليونسكو", ["اليونيسكو"]), …])``."""

    def __init__(self, rows: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        self.forms: dict[str, str] = {}
        """Each form → the official name; an official name to itself, so that no shorter form is found in it."""
        rows = [(name, list(forms)) for name, forms in rows]
        for name, forms in rows:
            self.forms |= {_bare(form): name for form in forms}
        self.forms |= {_bare(name): name for name, _forms in rows}

    def unofficial(self, reading: Reading) -> Iterator[Finding]:
        """41: a name in another form than the official one (the glossary, which is rows at the desk)."""
        for block in reading.own_blocks:
            present = [form for form in self.forms if _stem(form) in block.bare[0]]
            if present:
                yield from self._in_block(block, present)

    def _in_block(self, block: Block, present: list[str]) -> Iterator[Finding]:
        longest_first = sorted(present, key=len, reverse=True)
        for match in re.finditer("|".join(map(_pattern, longest_first)), block.bare[0]):
            words, name = match[0], self.forms[longest_first[match.lastindex - 1]]
            form = longest_first[match.lastindex - 1]
            if _bare(name) == form:
                continue
            start, end = block.span(match)
            right = _with_prefix(words, form, name)
            yield found("names", format_lazy(MESSAGE, name=name), block, start, end, Replace(block.number, start, end, right))


def _bare(name: str) -> str:
    return re.sub(MARK, "", name)


def _stem(form: str) -> str:
    """What stands in a text in any case: after «لـ» the article loses its alef."""
    return form.removeprefix(_ARTICLE)


def _pattern(form: str) -> str:
    """The form as whole words, with what Arabic writes in one with a word; one group."""
    words = r"\s".join(map(re.escape, form.split()))
    if not re.match(LETTER, form):
        return rf"(?<!\w)({words})(?!\w)"
    before = f"[وف]?[بكل]?{words}"
    if form.startswith(_ARTICLE):
        before = f"[وف]?(?:[بك]?{words}|لل{words.removeprefix(_ARTICLE)})"
    return rf"(?<!{LETTER})({before})(?!{LETTER})"


def _with_prefix(words: str, form: str, name: str) -> str:
    """The official name with what stood before the other one («لليونيسكو» → «لليونسكو»)."""
    length = len(form)
    if len(words) >= length and re.sub(r"\s", " ", words[-length:]) == form:
        prefix = words[:-length]
        return (
            f"{prefix[:-1]}لل{name.removeprefix(_ARTICLE)}"
            if prefix.endswith("ل") and name.startswith(_ARTICLE)
            else prefix + name
        )
    prefix = words[: len(words) - len(_stem(form)) - 1]  # up to the first of the two ل
    return f"{prefix}ل{name.removeprefix(_ARTICLE)}" if name.startswith(_ARTICLE) else prefix + name
