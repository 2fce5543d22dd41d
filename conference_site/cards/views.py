"""Cards over HTTP."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from conference_site.cards.card import picture
from conference_site.delivery.policy import ALL, CORP

YEAR = 31_536_000  # seconds


@require_safe
def card(request: HttpRequest, signed: str) -> HttpResponse:
    """Needs neither database nor session. Its address changes with what it shows, so that everybody may keep it."""
    content = picture(signed)
    if content is None:
        raise Http404
    response = set_response_etag(HttpResponse(content, "image/png"))
    response.headers[CORP] = ALL
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)
