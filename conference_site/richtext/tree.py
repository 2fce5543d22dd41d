"""HTML as a small tree: enough to see how elements stand inside one another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "source"})

# What is nested deeper than this was made to exhaust somebody's stack. Half as deep is what may be written, so that
# what was written can be read again.
DEEPEST = 100


class TooDeepError(ValueError):
    """Elements stand in one another beyond all reason."""


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)


Node = Element | str


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)
        if len(self.open) > DEEPEST:
            raise TooDeepError

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> list[Node]:
    """The nodes of *well-formed* HTML, such as nh3 writes.

    Raises TooDeepError.
    """
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0].children


def serialise(nodes: Iterable[Node], deepest: int = DEEPEST // 2) -> str:
    """The nodes as HTML.

    Raises TooDeepError.
    """
    if not deepest:
        raise TooDeepError
    return "".join(escape(node, quote=False) if isinstance(node, str) else _element(node, deepest) for node in nodes)


def _element(element: Element, deepest: int) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes.items())
    if element.tag in VOID:
        return f"<{element.tag}{attributes}>"
    return f"<{element.tag}{attributes}>{serialise(element.children, deepest - 1)}</{element.tag}>"


def elements(nodes: Iterable[Node]) -> Iterator[Element]:
    """Every element, in the order of the text."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from elements(node.children)


def text_of(nodes: Iterable[Node]) -> str:
    return "".join(node if isinstance(node, str) else text_of(node.children) for node in nodes)
