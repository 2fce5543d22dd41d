"""The editors' guide on the desk: docs/editors.md in the reader's language, for those who never see the repository.

The document holds each language in a block of its own (``<div … lang="…">``), so that it reads right in a repository too.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from conference_site.languages.content import Text, codes, current

DOCUMENT = settings.BASE_DIR / "docs" / "editors.md"
PICTURES = settings.BASE_DIR / "docs" / "screenshots" / "desk"
"""Static files too, under ``guide/``."""
BLOCK = re.compile(r'^<div\b[^>]* lang="([\w-]+)">\n(.*?)^</div>$', re.DOTALL | re.MULTILINE)
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


class Guide(NamedTuple):
    """The guide in one language."""

    language: str
    headings: list[tuple[str, str]]
    """The id and the words of each part's heading."""
    html: SafeString

    @property
    def attributes(self) -> SafeString:
        """Those of its element, where its language isn't the page's."""
        return Text(self.html, self.language).attributes


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The guide in the desk's language, else in the first that it is written in."""
    context = admin.site.each_context(request) | {"title": gettext("Help"), "guide": guide(current())}
    return TemplateResponse(request, "desk/guide.html", context)


@cache
def guide(language: str) -> Guide:
    """Read once, for the document comes with the code. It is ours, and the parser lets no HTML through."""
    blocks = written()
    language = next(code for code in (language, *codes()) if code in blocks)
    tokens = MARKDOWN.parse(blocks[language])[3:]  # without the heading of the whole: the page has one
    headings = list(_numbered(tokens))
    for token in tokens:
        for image in token.children or ():
            if image.type == "image":
                _serve(image)
    html = MARKDOWN.renderer.render(list(_framed(tokens)), MARKDOWN.options, {})
    return Guide(language, headings, mark_safe(html))  # noqa: S308 - of our own file, and html is off in the parser


def written() -> dict[str, str]:
    """Language → what the document says in it, as Markdown."""
    return dict(BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")))


def _numbered(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Give each part's heading an id, and tell of both."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            key = f"part-{place}"
            token.attrSet("id", key)
            yield key, tokens[place + 1].content


def _framed(tokens: list[Token]) -> Iterator[Token]:
    """Let a table that is wider than a phone be moved sideways in a frame, by the keyboard too."""
    heading, is_heading = "", False
    for token in tokens:
        heading, is_heading = token.content if is_heading else heading, token.type == "heading_open"
        if token.type == "table_open":
            opening = format_html('<div class="wide" tabindex="0" role="group" aria-label="{}">', heading)
            yield Token("html_block", "", 0, content=opening)
        yield token
        if token.type == "table_close":
            yield Token("html_block", "", 0, content="</div>")


def _serve(image: Token) -> None:
    """Let a picture come from the static files, in a place that is kept for it while it loads."""
    name = Path(image.attrs["src"]).name
    with Image.open(PICTURES / name) as picture:
        width, height = picture.size
    image.attrs |= {"src": static(f"guide/{name}"), "width": width, "height": height, "loading": "lazy"}
