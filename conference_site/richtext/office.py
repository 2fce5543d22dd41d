"""What word processors write when something is copied from them, put into plain HTML.

In Word a list comes as paragraphs whose style names the list and the level (``mso-list:l0 level2 lfo1``), with the
number or bullet as text in a span of the style ``mso-list:Ignore``. Languages and directions are the guesses of its
spelling checker: Arabic text is often marked as English. Google Docs and Word on the web write bold and italic as
styles, and Google Docs puts everything that is copied into a ``<b>`` that is not bold.
"""

import re

from conference_site.richtext import lists, patterns
from conference_site.richtext.tree import Element, Node, elements, text_of

_LEVEL = re.compile(patterns.WORD_LEVEL)
_NUMBER = re.compile(patterns.NUMBER)
_MARKER = re.compile(patterns.WORD_MARKER)
_BOLD = re.compile(patterns.BOLD)
_NOT_BOLD = re.compile(patterns.NOT_BOLD)
_ITALIC = re.compile(patterns.ITALIC)


def translate(nodes: list[Node]) -> None:
    """Turn what style and class say into elements, as far as it means anything, and leave both out."""
    found = list(elements(nodes))
    is_words = any(map(_is_words, found))
    for element in found:
        if is_words and element.tag == "p":
            _read_list_item(element)
        _read_emphasis(element)
        for name in ("style", "class", "lang", "dir") if is_words else ("style", "class"):
            element.attributes.pop(name, None)


def _is_words(element: Element) -> bool:
    return "mso-" in element.attributes.get("style", "") or element.attributes.get("class", "").startswith("Mso")


def _read_list_item(paragraph: Element) -> None:
    """Make the paragraph an item, if it is one."""
    level = _LEVEL.search(paragraph.attributes.get("style", ""))
    marker = _without_marker(paragraph)
    if not level and marker is None:
        return
    number = _NUMBER.match((marker or "").strip())
    item = lists.item(
        paragraph.children,
        level=int(level[1]) if level else 1,
        is_numbered=bool(number),
        number=number[1] if number else None,
    )
    paragraph.tag, paragraph.attributes = item.tag, item.attributes


def _without_marker(element: Element) -> str | None:
    """Take the number or bullet out of the element, and return it."""
    for position, child in enumerate(element.children):
        if isinstance(child, Element):
            if _MARKER.search(child.attributes.get("style", "")):
                del element.children[position]
                return text_of([child])
            if (marker := _without_marker(child)) is not None:
                return marker
    return None


def _read_emphasis(element: Element) -> None:
    style = element.attributes.get("style", "")
    if element.tag == "b" and _NOT_BOLD.search(style):
        element.tag = "span"
    if element.tag == "span" and _ITALIC.search(style):
        element.children = [Element("em", {}, element.children)]
    if element.tag == "span" and _BOLD.search(style):
        element.children = [Element("strong", {}, element.children)]
