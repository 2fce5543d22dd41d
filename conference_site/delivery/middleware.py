"""What stands between the network and the pages."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from conference_site.languages.middleware import prefix_language

READING = ("GET", "HEAD")
EDITING = (*READING, "POST", "OPTIONS")


class BoundaryMiddleware:
    """Refuses what no page of the site can mean: other methods (TRACE among them) with 405, NUL bytes with 400.

    Only the desk reads cookies. Everywhere else they are put aside unread, so that nothing can depend on one, or answer with one.

    Every 405, also a view's, has a page in the visitor's language: Django has no handler for it, and leaves its body empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        methods = EDITING if is_desk(request.path_info) else READING
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if methods is READING:
            request.COOKIES = {}
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compresses the texts that readers ask for.

    Never the desk's: its pages hold secrets beside what a request sent, and their length would tell of them (BREACH).
    A public page holds none, so that its bytes needn't be hidden by bytes of chance either.
    """

    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if is_desk(request.path_info) or not is_text(response):
            return response
        return super().process_response(request, response)


def is_text(response: HttpResponse) -> bool:
    """Whether the answer is of a kind that compressing makes smaller: pictures are compressed already."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("json", "xml"))


def is_desk(path: str) -> bool:
    """Whether the address is one of the desk's, under any language."""
    language = prefix_language(path)
    return language is not None and path.startswith(f"/{language}/admin/")
