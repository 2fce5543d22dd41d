"""Items that come one after another, each knowing its level and its kind of list, and the lists they make."""

from collections.abc import Iterable

from conference_site.richtext.tree import Element, Node


def item(children: list[Node], *, level: int = 1, is_numbered: bool = False, number: str | None = None) -> Element:
    """An item that has no list yet. ``number`` is what stood before it, in digits of any script."""
    start = str(int(number)) if number else "1"
    return Element("li", {"level": str(level), "list": "ol" if is_numbered else "ul", "start": start}, children)


def gathered(items: Iterable[Element]) -> list[Element]:
    """The lists that these items make, a deeper one inside the item before it."""
    lists: list[Element] = []
    open_lists: list[tuple[int, Element]] = []
    for element in items:
        attributes = element.attributes
        level, tag, start = int(attributes.pop("level", 1)), attributes.pop("list", "ul"), attributes.pop("start", "1")
        while open_lists and _is_over(*open_lists[-1], level, tag):
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            opened = Element(tag, {} if start in ("0", "1") else {"start": start})
            (open_lists[-1][1].children[-1].children if open_lists else lists).append(opened)
            open_lists.append((level, opened))
        open_lists[-1][1].children.append(element)
    return lists


def _is_over(level: int, opened: Element, next_level: int, next_tag: str) -> bool:
    return level > next_level or (level == next_level and opened.tag != next_tag)
