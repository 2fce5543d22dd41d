"""From a request to a language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from conference_site.languages.content import codes


def prefix_language(path: str) -> str | None:
    """The language whose prefix ``path`` begins with: ``/ar/news/`` → ``ar``; None where it has none."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in codes() else None


def accepted_language(header: str) -> str:
    """The first of the site's languages that an Accept-Language header names, else the site's own (26)."""
    for tag, quality in parse_accept_lang_header(header):
        language = tag.split("-")[0]
        if quality and language in codes():
            return language
    return codes()[0]


class LanguageMiddleware:
    """Activates the language of the address; where the address has none, the one that the browser asks for.

    Only a page of HTML has a language, and only without a prefix does it depend on the browser's wish.
    Django's own LocaleMiddleware isn't used: it redirects an unprefixed deep link by language, and reads a cookie (26).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = prefix_language(request.path_info)
        language = prefix or accepted_language(request.headers.get("Accept-Language", "")[:500])
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
            if not prefix:
                patch_vary_headers(response, ["Accept-Language"])
        return response
