"""How elements stand in one another: a text is a sequence of blocks, and blocks hold words or other blocks.

Elements are put in order from the inside out. Each rule gets an element whose children are in order, and returns what
stands in its place: itself, its children, or something that means the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from unicodedata import bidirectional

from conference_site.languages.text import normalise
from conference_site.richtext import lists
from conference_site.richtext.tree import Element, Node, text_of

# The page's title is the h1; what is deeper than h4 is deeper than a page of this site.
SYNONYMS = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "bdi": "span"}
INLINE = {"a", "strong", "em", "span", "br", "img"}
MARKS = {"a", "strong", "em", "span"}
# Elements that do nothing but part the text into blocks.
DIVISIONS = {
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "footer", "form",
    "header", "main", "nav", "pre", "section", "summary",
}  # fmt: skip


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """The blocks that these nodes mean."""
    return _blocks(_ordered(nodes))


def _ordered(nodes: Iterable[Node]) -> list[Node]:
    ordered: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            ordered.append(node)
        else:
            node.tag = SYNONYMS.get(node.tag, node.tag)
            node.children = _ordered(node.children)
            ordered += RULES[node.tag](node)
    return _joined(ordered)


def _joined(nodes: Iterable[Node]) -> list[Node]:
    """Neighbours that are one: pieces of text, and marks that Word divides into runs."""
    joined: list[Node] = []
    for _key, run in groupby((node for node in nodes if not isinstance(node, str) or _tidy(node)), _mergeable):
        first, *others = run
        if isinstance(first, str):
            first = _tidy("".join([first, *others]))
        elif others:
            first.children = _joined(child for element in [first, *others] for child in element.children)
        joined.append(first)
    return joined


def _mergeable(node: Node) -> object:
    """A key that neighbours share when they are one."""
    if isinstance(node, str):
        return "text"
    return (node.tag, *node.attributes.items()) if node.tag in MARKS else id(node)


def _tidy(text: str) -> str:
    """Normal text, with one space for all that HTML shows as one."""
    text = normalise(text)
    # A solidus overlay that overlays nothing would become one character with the ">" of the tag before it.
    text = re.sub(r"(^|[ \t\n])\u0338+", r"\1", text)
    return re.sub(r"[ \t\n]+", " ", text)


def _inline(element: Element) -> list[Node]:
    """A mark belongs within a block, and around words."""
    is_mark = _has_content(element.children) and not any(_kind(child) != "inline" for child in element.children)
    return [element] if is_mark else element.children


def _span(element: Element) -> list[Node]:
    return _inline(element) if element.attributes.keys() & {"lang", "dir"} else element.children


def _link(element: Element) -> list[Node]:
    """A link that shows its own address or number is an isolate from left to right (docs/arabic.md, 4)."""
    address = element.attributes.get("href")
    if not address:
        return element.children
    shown = _bare(re.sub(r"[\s()-]", "", text_of(element.children)))
    is_shown = re.match(re.escape(shown) + r"([/?#]|$)", _bare(address)) and not any(
        bidirectional(c) in ("R", "AL") for c in shown
    )
    element.attributes = {"href": address} | ({"dir": "ltr"} if is_shown else {})
    return _inline(element)


def _bare(address: str) -> str:
    """The address as people write it: ``example.org``, ``+966133412345``."""
    return re.sub(r"^(https?://|mailto:|tel:)?(www\.)?", "", address).rstrip("/")


def _picture(element: Element) -> list[Node]:
    """A picture of the site. Of others only an emoji stays, for it is a letter to those who wrote it."""
    alternative = element.attributes.get("alt", "")
    if "src" in element.attributes:
        element.attributes = {"src": element.attributes["src"], "alt": alternative}
        return [element]
    return [] if any(letter.isalpha() for letter in alternative) else [alternative]


def _text_block(element: Element) -> list[Node]:
    """A paragraph or heading holds words."""
    if (children := _words(element.children)) is None:
        return _blocks(element.children)
    element.children = _trimmed(children)
    if not _has_content(element.children):
        return []
    if all(isinstance(child, Element) and child.tag == "img" for child in element.children):
        return [Element("figure", {}, [picture]) for picture in element.children]
    return [element]


def _quotation(element: Element) -> list[Node]:
    element.children = _blocks(element.children)
    return [element] if element.children else []


def _item(element: Element) -> list[Node]:
    element.children = _unwrapped(_blocks(element.children))
    return [element] if element.children else []


def _cell(element: Element) -> list[Node]:
    element.children = _unwrapped(_blocks(element.children))
    return [element]


def _list(element: Element) -> list[Node]:
    """A list holds items. What stands between them belongs to the one before."""
    items: list[Element] = []
    for is_item, run in groupby(element.children, lambda child: _is(child, "li")):
        children = list(run)
        if is_item:
            items += children
        elif _has_content(children):
            items = items or [Element("li")]
            items[-1].children = _unwrapped(_blocks([*items[-1].children, *children]))
    element.children = items
    return [element] if items else []


def _table(element: Element) -> list[Node]:
    """Rows, and before the table whatever else stood in it."""
    rows = [child for child in element.children if _is(child, "tr")]
    outside = _blocks(child for child in element.children if not _is(child, "tr"))
    return [*outside, Element("table", {}, [Element("tbody", {}, rows)])] if rows else outside


def _row(element: Element) -> list[Node]:
    """Cells. A header heads the row if there are data in it, and its column if there are none."""
    cells = [child for child in element.children if _is(child, "td") or _is(child, "th")]
    scope = "row" if any(_is(cell, "td") for cell in cells) else "col"
    for cell in cells:
        cell.attributes |= {"scope": scope} if _is(cell, "th") else {}
    element.children = cells
    return [element] if cells else []


def _figure(element: Element) -> list[Node]:
    """A picture with its caption; what else stands in a figure stands after it."""
    inner = [child for block in element.children for child in (block.children if _is(block, "figure") else [block])]
    picture = next((child for child in inner if _is(child, "img")), None)
    if not picture:
        return element.children
    caption = next((child for child in inner if _is(child, "figcaption")), None)
    element.children = [picture, caption] if caption else [picture]
    return [element, *_blocks(child for child in inner if child is not picture and child is not caption)]


def _caption(element: Element) -> list[Node]:
    if (words := _words(element.children)) is None:
        words = _joined([" ".join(text_of([block]) for block in _blocks(element.children))])
    element.children = _trimmed(words)
    return [element] if _has_content(element.children) else []


def _division(element: Element) -> list[Node]:
    return _blocks(element.children)


def _itself(element: Element) -> list[Node]:
    return [element]


def _contents(element: Element) -> list[Node]:
    return element.children


RULES: dict[str, Callable[[Element], list[Node]]] = (
    dict.fromkeys(["p", "h2", "h3", "h4"], _text_block)
    | dict.fromkeys(["strong", "em"], _inline)
    | dict.fromkeys(["ul", "ol"], _list)
    | dict.fromkeys(["td", "th"], _cell)
    | dict.fromkeys(["br", "hr"], _itself)
    | dict.fromkeys(["thead", "tbody", "tfoot"], _contents)
    | dict.fromkeys(DIVISIONS, _division)
    | {"span": _span, "a": _link, "img": _picture, "li": _item, "blockquote": _quotation}
    | {"table": _table, "tr": _row, "figure": _figure, "figcaption": _caption}
)


# What stands where


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _kind(node: Node) -> str:
    if isinstance(node, str) or node.tag in INLINE:
        return "inline"
    return "item" if node.tag == "li" else "block"


def _has_content(nodes: Iterable[Node]) -> bool:
    """Whether there is anything to see or hear."""
    return any(
        bool(node.strip()) if isinstance(node, str) else node.tag in ("img", "hr") or _has_content(node.children)
        for node in nodes
    )


def _blocks(nodes: Iterable[Node]) -> list[Node]:
    """Nothing but blocks: words between them become paragraphs, items become lists."""
    blocks: list[Node] = []
    for kind, run in groupby(_without_gaps(list(nodes)), _kind):
        if kind == "inline":
            blocks += _text_block(Element("p", {}, _joined(run)))
        elif kind == "item":
            blocks += lists.gathered(run)
        else:
            for block in run:
                blocks += _text_block(Element("p", {}, block.children)) if _is(block, "figcaption") else [block]
    return blocks


def _without_gaps(nodes: list[Node]) -> Iterator[Node]:
    """Leave out the white space between blocks, which would part an item from the next."""
    for node, following in pairwise([*nodes, None]):
        is_gap = isinstance(node, str) and not node.strip(" ")
        if not (is_gap and (following is None or _kind(following) != "inline")):
            yield node


def _words(nodes: list[Node]) -> list[Node] | None:
    """The inline nodes, also of a single paragraph; None where there are blocks."""
    if all(_kind(node) == "inline" for node in nodes):
        return nodes
    blocks = _blocks(nodes)
    return blocks[0].children if len(blocks) == 1 and _is(blocks[0], "p") else None


def _unwrapped(blocks: list[Node]) -> list[Node]:
    """An item or a cell with one paragraph holds its words."""
    paragraphs = [block for block in blocks if _is(block, "p")]
    if len(paragraphs) != 1 or paragraphs[0].attributes:
        return blocks
    return [node for block in blocks for node in (block.children if block is paragraphs[0] else [block])]


def _trimmed(nodes: list[Node]) -> list[Node]:
    """Without line breaks and spaces at either end."""
    filled = [i for i, node in enumerate(nodes) if (node.strip(" ") if isinstance(node, str) else node.tag != "br")]
    if not filled:
        return []
    nodes = nodes[filled[0] : filled[-1] + 1]
    if isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip(" ")
    if isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip(" ")
    return nodes
