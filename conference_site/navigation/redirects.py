"""From an address that was printed to where it leads. Asked only where nothing else answers, so that no page pays for it."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponseRedirect

from conference_site.delivery.middleware import READING, is_desk
from conference_site.navigation.addresses import canonical
from conference_site.navigation.models import Redirect

MOST = 2000
"""Characters of an address with what was passed on; beyond that, nothing is passed on."""

KEPT = 300
"""Seconds for which a browser may remember where an address leads: editors lead it elsewhere whenever they like."""


def answer(request: HttpRequest) -> HttpResponseRedirect | None:
    """The way on, in the address's language, else in the one that the browser asks for, as at ``/``; or None."""
    path = canonical(request.path_info)
    if request.method not in READING or is_desk(request.path_info) or len(path) > Redirect._meta.get_field("path").max_length:
        return None
    redirect = Redirect.objects.with_items().filter(path=path).first()
    if redirect is None or not redirect.is_shown:
        return None
    response = HttpResponseRedirect(with_query(redirect.url, request.META.get("QUERY_STRING", "")))
    response.headers["Cache-Control"] = f"private, max-age={KEPT}"
    return response


def with_query(address: str, query: str) -> str:
    """``address`` with a query beside its own."""
    parts = urlsplit(address)
    whole = urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, query]))))
    return whole if len(whole) <= MOST else address
