"""Plain text read as its writer meant it: paragraphs, lists, links, WhatsApp's *strong* and _emphasis_."""

import re

from conference_site.richtext import lists, patterns
from conference_site.richtext.tree import Element, Node

_ITEM = re.compile(patterns.ITEM)
_INLINE = re.compile(patterns.INLINE)


def blocks(text: str) -> list[Node]:
    """A paragraph for every line, and an item of a list, still without its list, where the line is one."""
    return [_block(line) for line in text.split("\n") if line.strip()]


def _block(line: str) -> Element:
    if found := _ITEM.match(line):
        return lists.item(inline(line[found.end() :]), is_numbered=bool(found[1]), number=found[1])
    return Element("p", {}, inline(line))


def inline(line: str) -> list[Node]:
    nodes: list[Node] = []
    end = 0
    for found in _INLINE.finditer(line):
        nodes += [line[end : found.start()], _marked(*found.groups())]
        end = found.end()
    return [*nodes, line[end:]]


def _marked(address: str | None, mail: str | None, strong: str | None, emphasis: str | None) -> Element:
    if address:
        return Element("a", {"href": address if address.startswith("http") else f"https://{address}"}, [address])
    if mail:
        return Element("a", {"href": f"mailto:{mail}"}, [mail])
    return Element("strong", {}, inline(strong)) if strong else Element("em", {}, inline(emphasis or ""))
