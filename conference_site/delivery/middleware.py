"""What stands between the network and the pages."""

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string

from conference_site.delivery import policy
from conference_site.languages.content import current, direction
from conference_site.languages.middleware import prefix_language
from conference_site.media.storage import AwayError
from conference_site.navigation.menus import Menus

log = logging.getLogger(__name__)

RENDERING = "delivery.rendering"
"""In the environment of a request that is rendered for the page store: where is said what may be kept."""
AWAY = "delivery.away"
"""In the environment of a request while the database is away."""
WITHOUT_DATABASE = {"", "static", "media", "cards", "healthz", "readyz", "metrics"}
"""How the addresses begin whose answers need none, but for those that refuse: these have the frame of a page."""
SHARED = f"max-age=0, s-maxage=1, stale-if-error={24 * 3600}"
"""How caches may keep a public page: a browser asks each time whether it has changed, a shared cache each second."""
RETRY_AFTER = 30
"""Seconds after which a reader, or a search engine, is asked to come again while the database is away."""

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


class PolicyMiddleware:
    """Two headers for which Django has no setting. A view that says something else of itself is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(policy.CORP, policy.OWN)
        response.headers.setdefault("Permissions-Policy", policy.ABILITIES)
        return response


class StoreMiddleware:
    """Says of each answer whether it may be kept for the next reader, to shared caches and to the page store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_for_everybody = _is_for_everybody(request, response)
        if is_for_everybody:
            response.headers["Cache-Control"] = SHARED
        if rendering := request.environ.get(RENDERING):
            rendering.is_storable = is_for_everybody
            rendering.reads_query = "GET" in vars(request)  # where Django keeps it once it was asked for
            rendering.visited = getattr(response, "visited", None)
        return response


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer depends on nothing but its address. A view that says how to keep it knows better."""
    return (
        response.status_code == 200
        and request.method in READING
        and not is_desk(request.path_info)
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
        and response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
        and not getattr(request, "_csp_nonce", None)
    )


class OutageMiddleware:
    """Says in words that the database is away: at once where the page store knows it, else where it was found out.

    The same where it is the files that are away. Only what needs one is concerned.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_needed = request.path_info.lstrip("/").partition("/")[0] not in WITHOUT_DATABASE
        return unavailable() if is_needed and request.environ.get(AWAY) else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError, AwayError)):
            return None
        if not isinstance(exception, AwayError):
            log.error("%s: the database failed", request.path_info, exc_info=exception)
        elif exception.__cause__:  # or it was found out, and logged, a moment ago
            log.error("%s: the files failed", request.path_info, exc_info=exception)
        return unavailable()


def unavailable() -> HttpResponse:
    """503, until the database is there again."""
    return fault(503, {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})


def fault(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """A page with the menu of the code. Needs no database, no session, no context processor: any of them may be what failed."""
    language = current()
    context = {"status": status, "language": language, "direction": direction(language), "menus": Menus.default().links()}
    return HttpResponse(render_to_string(f"{status}.html", context), status=status, headers=headers)


class CompressionMiddleware(GZipMiddleware):
    """Compresses the texts that readers ask for.

    Never the desk's: its pages hold secrets beside what a request sent, and their length would tell of them (BREACH).
    A public page holds none, so that its bytes needn't be hidden by bytes of chance either.
    """

    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if is_desk(request.path_info) or not is_text(response.headers.get("Content-Type", "")):
            return response
        if "Accept-Ranges" in response.headers:  # parts of it are parts of what lies on the disk
            return response
        return super().process_response(request, response)


def is_text(content_type: str) -> bool:
    """Whether an answer of this kind becomes smaller when it is compressed: pictures are compressed already."""
    kind = content_type.partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("json", "xml"))


def is_desk(path: str) -> bool:
    """Whether the address is one of the desk's, under any language."""
    language = prefix_language(path)
    return language is not None and path.startswith(f"/{language}/admin/")
