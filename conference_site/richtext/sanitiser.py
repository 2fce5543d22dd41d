"""What HTML an editor may write, and how anything else becomes it.

:func:`clean` is the one way in. nh3 (the Ammonia library, an HTML5 parser with an allow-list) reads the markup and at
the end checks the result once more: nothing that this module builds reaches the database past it. Between the two, the
elements are put in order: a text is a sequence of paragraphs, headings, lists, quotations, tables and figures.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from itertools import groupby, pairwise
from unicodedata import bidirectional
from urllib.parse import unquote

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import direction
from conference_site.languages.text import INVISIBLE, normalise
from conference_site.richtext import lists, office, patterns, plain
from conference_site.richtext.tree import Element, Node, TooDeep, elements, parse, serialise, text_of

_LANGUAGE = {"lang", "dir"}
ALLOWED = {
    "p": _LANGUAGE,
    "h2": _LANGUAGE,
    "h3": _LANGUAGE,
    "h4": _LANGUAGE,
    "ul": set(),
    "ol": {"start"},
    "li": _LANGUAGE,
    "blockquote": _LANGUAGE,
    "figure": set(),
    "figcaption": _LANGUAGE,
    "hr": set(),
    "table": set(),
    "tbody": set(),
    "tr": set(),
    "th": _LANGUAGE | {"colspan", "rowspan", "scope"},
    "td": _LANGUAGE | {"colspan", "rowspan"},
    "a": {"href", "dir"},
    "strong": set(),
    "em": set(),
    "span": _LANGUAGE,
    "br": set(),
    "img": {"src", "alt"},
}

# The page's title is the h1; what is deeper than h4 is deeper than a page of this site.
SYNONYMS = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "bdi": "span"}
# Elements that only part the text into blocks, and those whose text is none of the reader's.
DIVISIONS = set("address article aside caption center dd details div dl dt fieldset footer form header main nav pre section summary".split())
TABLE_PARTS = {"thead", "tfoot"}
UNREADABLE = set(
    "applet audio button canvas embed frame frameset head iframe map math noembed noframes noscript object option script "
    "select style svg template textarea title video xml xmp".split()
)

LONGEST = 200_000  # characters, some seventy pages
MOST_TAGS = 20_000
TOO_MUCH = _("This text holds more, or more deeply nested, formatting than a page can have. Paste it without its formatting.")

INLINE = {"a", "strong", "em", "span", "br", "img"}

_ADDRESS = re.compile(patterns.ADDRESS, re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,4}", re.IGNORECASE)  # BCP 47, without its rarities
_COUNT = re.compile(r"[1-9][0-9]{0,2}")


def clean(html: str, language: str | None = None) -> str:
    """The text in the site's own HTML. ``clean(clean(x)) == clean(x)``.

    Text without any element is read as plain text. Pictures of other sites and links to other schemes are left out,
    their words stay. Where the text's ``language`` is known, markup that only repeats it goes, too (docs/arabic.md, 2).
    Raises ValidationError where there is more than any page holds: reading it would take minutes.
    """
    html = html.encode("utf-8", "ignore").decode()  # a lone surrogate, which JSON can carry, is no text
    _refuse_too_much(html)
    try:
        nodes = parse(_READER.clean(html))
        office.translate(nodes)
        if all(isinstance(node, str) for node in nodes):
            nodes = plain.blocks(normalise(text_of(nodes)))
        if language:
            _leave_out_repetition(nodes, language.split("-")[0], direction(language))
        cleaned = _WRITER.clean(serialise(_blocks(_ordered(nodes))))
    except TooDeep:
        raise ValidationError(TOO_MUCH, code="too_deep") from None
    _refuse_too_much(cleaned)
    return cleaned


def _refuse_too_much(html: str) -> None:
    if len(html) > LONGEST or html.count("<") > MOST_TAGS:
        raise ValidationError(TOO_MUCH, code="too_much")


def plain_text(html: str) -> str:
    """The words of a cleaned text, for search, summaries and feeds: a line for every block, without markup."""
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    lines = (re.sub(" +", " ", line).strip() for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def pictures_without_text(html: str) -> list[str]:
    """The addresses of the pictures in a cleaned text that lack an alternative text."""
    pictures = (element.attributes for element in elements(parse(html)) if element.tag == "img")
    return [picture["src"] for picture in pictures if not picture.get("alt", "").strip()]


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE or tag == "br":
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


# Attributes


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an attribute may have, or None. nh3 asks this for every attribute, first and last."""
    value = INVISIBLE.sub("", value).strip()
    match name:
        case "href":
            return _address(value)
        case "src":
            return _own_picture(value)
        case "alt":
            return " ".join(normalise(value).split())
        case "lang":
            return value if _LANGUAGE_TAG.fullmatch(value) else None
        case "dir":
            return value.lower() if value.lower() in ("ltr", "rtl") else None
        case "scope":
            return value if value in ("col", "row") else None
        case "start" | "colspan" | "rowspan":
            return value if _COUNT.fullmatch(value) and value != "1" else None
    return value


def _address(value: str) -> str | None:
    # Browsers drop tabs and line ends from an address, so that "/\t/host" leads to another site.
    value = re.sub(r"[\t\r\n]", "", value).replace(" ", "%20")
    if value.startswith("www."):
        value = f"https://{value}"
    return value if _ADDRESS.match(value) else None


def _own_picture(value: str) -> str | None:
    is_own = value.startswith(settings.MEDIA_URL) and not re.search(r"[\s\\?#]", value) and ".." not in unquote(value)
    return value if is_own else None


def _leave_out_repetition(nodes: Iterable[Node], language: str, own_direction: str) -> None:
    for element in nodes:
        if isinstance(element, Element) and element.attributes.get("lang", language).split("-")[0].lower() == language:
            element.attributes.pop("lang", None)
            if element.attributes.get("dir", own_direction) == own_direction:
                element.attributes.pop("dir", None)
                _leave_out_repetition(element.children, language, own_direction)


# Elements, from the inside out: each rule gets an element whose children are in order, and returns what stands in its place.


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
    return (node.tag, *node.attributes.items()) if node.tag in ("a", "strong", "em", "span") else id(node)


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
    return _inline(element) if element.attributes.keys() & _LANGUAGE else element.children


def _link(element: Element) -> list[Node]:
    """A link that shows its own address or number is an isolate from left to right (docs/arabic.md, 4)."""
    address = element.attributes.get("href")
    if not address:
        return element.children
    words = text_of(element.children)
    is_address = re.sub(r"[\s()-]", "", words) in address and not any(bidirectional(c) in ("R", "AL") for c in words)
    element.attributes = {"href": address} | ({"dir": "ltr"} if is_address else {})
    return _inline(element)


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
    """Rows, and before the table whatever else stood in it. A header in the first row heads a column, any other a row."""
    rows = [child for child in element.children if _is(child, "tr")]
    outside = _blocks(child for child in element.children if not _is(child, "tr"))
    for position, row in enumerate(rows):
        for header in row.children:
            if header.tag == "th":
                header.attributes["scope"] = "row" if position else "col"
    return [*outside, Element("table", {}, [Element("tbody", {}, rows)])] if rows else outside


def _row(element: Element) -> list[Node]:
    element.children = [child for child in element.children if _is(child, "td") or _is(child, "th")]
    return [element] if element.children else []


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
    | dict.fromkeys(["tbody", *TABLE_PARTS], _contents)
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


# nh3, as it reads and as it writes

_NO_OTHERS: dict[str, set[str]] = {"*": set()}  # else nh3 lets title and lang through everywhere
_SCHEMES = {"http", "https", "mailto", "tel"}
_READER = nh3.Cleaner(
    tags=ALLOWED.keys() | SYNONYMS.keys() | DIVISIONS | TABLE_PARTS,
    clean_content_tags=UNREADABLE,
    attributes=_NO_OTHERS
    | {tag: ALLOWED[SYNONYMS.get(tag, tag)] | {"style", "class"} for tag in ALLOWED.keys() | SYNONYMS.keys()},
    attribute_filter=_attribute,
    url_schemes=_SCHEMES,
    link_rel=None,
)
_WRITER = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags=UNREADABLE,
    attributes=_NO_OTHERS | ALLOWED,
    attribute_filter=_attribute,
    url_schemes=_SCHEMES,
    link_rel=None,
)
