"""The same page in another language: same path, other prefix."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from conference_site.languages.content import current, is_page_in
from conference_site.languages.middleware import prefix_language


@dataclass(frozen=True)
class Alternate:
    """A page's address in one language, and whether the page is really there in it."""

    language: str
    name: str
    path: str
    exists: bool

    @property
    def url(self) -> str:
        """The absolute address, without the query."""
        return settings.SITE_URL + self.path.partition("?")[0]

    @property
    def is_current(self) -> bool:
        return self.language == current()


def in_language(path: str, language: str) -> str:
    """``path`` under another language's prefix; a path without a prefix leads to that language's home page."""
    prefix = prefix_language(path)
    return f"/{language}{path.removeprefix(f'/{prefix}')}" if prefix else f"/{language}/"


def alternates(request: HttpRequest, item: object | None = None) -> list[Alternate]:
    """This page in each language (27, 28). A list exists in all; an item only where its text is really in that language.

    The home page counts as a list, also while the conference is public in one language only: it gathers what is public, marks
    what is in another language, and is where a reader of either language begins.
    """
    path = request.get_full_path()
    return [
        Alternate(
            language=code,
            name=name,
            path=in_language(path, code),
            exists=item is None or is_page_in(item, code),
        )
        for code, name in settings.LANGUAGES
    ]
