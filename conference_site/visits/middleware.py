"""What counts as a visit: somebody opened a public page."""

import re
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from conference_site.delivery.middleware import RENDERING, is_desk
from conference_site.languages.middleware import prefix_language
from conference_site.visits import counting
from conference_site.visits.counting import Page

MACHINES = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|fetch|preview|monitor|archiv|validat|feed|headless|lighthouse|facebookexternalhit|whatsapp/|"
    r"curl|wget|python|java/|go-http|okhttp|libwww|http-?client|axios|node",
    re.IGNORECASE,
)
"""Words by which programs name themselves (Cubot makes telephones). One that calls itself a browser is counted as one."""
AHEAD = re.compile("prefetch|prerender|preview", re.IGNORECASE)
NOT_COUNTED = {"preview", "suggestions"}
"""Names of URL patterns that lead to no page of the public."""


def is_read_by_somebody(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks because its user opened the page. Looks at the headers, and keeps nothing of them."""
    browser = headers.get("User-Agent", "")
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return bool(browser) and not MACHINES.search(browser) and not AHEAD.search(purpose)


def page_of(request: HttpRequest, response: HttpResponse) -> Page | None:
    """The page of the site that was answered with, if it is one: an item by its key, any other by the name of its pattern.

    Query strings, former addresses and the way of reading (in parallel, an older page of a list) make no page of their own.
    """
    language, match = prefix_language(request.path_info), request.resolver_match
    is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    if not (is_page and language and match and match.url_name) or is_desk(request.path_info) or match.url_name in NOT_COUNTED:
        return None
    item = getattr(response, "item", None)
    if item is None:
        return Page(match.url_name.removesuffix("_parallel"), 0, language)
    return Page(item._meta.label_lower, item.pk, language)


class VisitsMiddleware:
    """Counts what was read. The page store answers before any view, and counts with the page that it kept.

    What editors read is counted too, for public pages read no cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.visited = page_of(request, response)
        is_counted_later = RENDERING in request.environ
        if request.method == "GET" and response.visited and not is_counted_later and is_read_by_somebody(request.headers):
            counting.count(response.visited)
            if words := getattr(response, "fruitless", ""):
                counting.count_fruitless(words, response.visited.language)
        return response
