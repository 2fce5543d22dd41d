"""The addresses in files of the site: which there are, and other ones in their places."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings

ADDRESSES = {"href", "src", "action", "poster", "content"}
SETS = {"srcset", "imagesrcset"}
OF_SHEETS = re.compile(r"""url\(\s*(["']?)([^"')]*)\1\s*\)""")
SAFE = "/~:@!$&'()*+,;=-._"

Change = Callable[[str], str]
"""From an address as it stands there to the one that is to stand there."""


def own(address: str, base: str) -> str | None:
    """The path and query of an address that stands on the page ``base``, each in one spelling; None for another site's."""
    try:
        parts = urlsplit(urljoin(settings.SITE_URL + base, address.strip()))
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None
    return quote(unquote(parts.path or "/"), safe=SAFE) + (f"?{parts.query}" if parts.query else "")


def with_fragment(new: str, address: str) -> str:
    """``new`` with what followed a # in ``address``, and with the site before it where that was there."""
    fragment = urlsplit(address).fragment
    site = settings.SITE_URL if address.startswith(settings.SITE_URL) else ""
    return site + new + (f"#{fragment}" if fragment else "")


def addresses(text: str, kind: str) -> list[str]:
    """All addresses in a file of this content type, as they stand there."""
    found: list[str] = []

    def note(address: str) -> str:
        found.append(address)
        return address

    changed(text, kind, note)
    if kind == "text/html":
        found += _absolute().findall("".join(_Page(text).data))
    return found


def changed(text: str, kind: str, change: Change) -> str:
    """A file of this content type with other addresses; each other character stays as it is."""
    if kind == "text/css":
        return OF_SHEETS.sub(lambda found: f"url({found[1]}{change(found[2])}{found[1]})", text)
    if kind.endswith("xml"):
        return _absolute().sub(lambda found: html.escape(change(html.unescape(found[0]))), text)
    return _in_page(text, change) if kind == "text/html" else text


def _absolute() -> re.Pattern:
    return re.compile(re.escape(settings.SITE_URL) + r"(?:/[^\s\"'<>]*)?(?![\w.:-])")


def _in_page(text: str, change: Change) -> str:
    pieces, end = [], 0
    for begin, tag, attributes in _Page(text).tags:
        pieces += [text[end:begin], _in_tag(tag, attributes, change)]
        end = begin + len(tag)
    return "".join([*pieces, text[end:]])


def _in_tag(tag: str, attributes: list[tuple[str, str]], change: Change) -> str:
    for name, value in attributes:
        if name in SETS:
            new = ", ".join(" ".join([change(each.split()[0]), *each.split()[1:]]) for each in value.split(",") if each.split())
        elif name in ADDRESSES and (name != "content" or value.startswith(settings.SITE_URL)):
            new = change(value)
        else:
            continue
        if new != value:
            tag = re.sub(
                rf"""(\s{name}\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)""",
                lambda found, new=new: f'{found[1]}"{html.escape(new)}"',
                tag,
                count=1,
                flags=re.IGNORECASE,
            )
    return tag


class _Page(HTMLParser):
    """Where the tags with attributes stand in a page, and what data it carries for machines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[int, str, list[tuple[str, str]]]] = []
        self.data: list[str] = []
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._is_data = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        given = [(name, value) for name, value in attributes if value is not None]
        self._is_data = tag == "script" and ("type", "application/ld+json") in given
        if given:
            self.tags.append((self._lines[line - 1] + column, self.get_starttag_text(), given))

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(data)
