"""What HTML an editor may write, and how anything else becomes it.

:func:`clean` is the one way in. nh3 (the Ammonia library, an HTML5 parser with an allow-list) reads the markup and at
the end checks the result once more: nothing that this module builds reaches the database past it. Between the two, the
elements are put in order: a text is a sequence of paragraphs, headings, lists, quotations, tables and figures.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import direction
from conference_site.languages.text import INVISIBLE, normalise
from conference_site.richtext import office, patterns, plain
from conference_site.richtext.order import INLINE, RULES, SYNONYMS, in_order
from conference_site.richtext.tree import Element, Node, TooDeepError, elements, parse, serialise, text_of

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

# Elements whose text is none of the reader's.
UNREADABLE = {
    "applet", "audio", "button", "canvas", "embed", "frame", "frameset", "head", "iframe", "map", "math", "noembed", "noframes",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xml", "xmp",
}  # fmt: skip

LONGEST = 200_000  # characters, some seventy pages
MOST_TAGS = 20_000
TOO_MUCH = _("This text holds more, or more deeply nested, formatting than a page can have. Paste it without its formatting.")

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
        nodes = _read(html)
        if language:
            _leave_out_repetition(nodes, language.split("-")[0], direction(language))
        cleaned = _WRITER.clean(serialise(in_order(nodes))).replace("&nbsp;", "\u00a0")
    except TooDeepError:
        raise ValidationError(TOO_MUCH, code="too_deep") from None
    _refuse_too_much(cleaned)
    return cleaned


def _read(html: str) -> list[Node]:
    nodes = parse(_READER.clean(html))
    if all(isinstance(node, str) for node in nodes):
        return parse(_READER.clean(serialise(in_order(plain.blocks(normalise(text_of(nodes)))))))
    office.translate(nodes)
    return nodes


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
            return value if re.match(patterns.picture(settings.MEDIA_URL), value) else None
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


def _leave_out_repetition(nodes: Iterable[Node], language: str, own_direction: str) -> None:
    for element in nodes:
        if isinstance(element, Element) and element.attributes.get("lang", language).split("-")[0].lower() == language:
            element.attributes.pop("lang", None)
            if element.attributes.get("dir", own_direction) == own_direction:
                element.attributes.pop("dir", None)
                _leave_out_repetition(element.children, language, own_direction)


# nh3, as it reads and as it writes

_NO_OTHERS: dict[str, set[str]] = {"*": set()}  # else nh3 lets title and lang through everywhere
_SCHEMES = {"http", "https", "mailto", "tel"}
_READER = nh3.Cleaner(
    tags=RULES.keys() | SYNONYMS.keys(),
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
