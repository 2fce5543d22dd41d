"""A working copy as the public will see it: the ordinary view of its ordinary address, called before everything is undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from conference_site.languages.addresses import Alternate, alternates
from conference_site.languages.content import current
from conference_site.publishing import working_copies
from conference_site.publishing.models import PreviewLink, Publishable

UNSEEN = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
"""On every answer that shows a working copy, or might have: nobody keeps it, finds it, or learns its address."""
OF_THE_SERVER = ("SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme")
"""What the request of a preview takes over: where the site stands, and nothing of who asks."""


@dataclass(frozen=True)
class Preview:
    """What a rendered page says of itself, by ``request.preview``: until when its link leads there, and its other languages.

    Without an end it is shown in a frame of the desk, where its links open elsewhere: no other page lets itself be framed.
    """

    ends_at: datetime | None = None
    versions: Iterable[Alternate] = ()


def addresses(item: Publishable) -> list[str]:
    """Where the item is shown, in the language that is active: on its own page, if it has one, and among others."""
    own = [item.get_absolute_url()] if hasattr(item, "get_absolute_url") else []
    return [*own, reverse(item.also_shown_on)]


def show(request: HttpRequest, item: Publishable, language: str, preview: Preview, place: int = 0) -> HttpResponse:
    """The page that will show the item in ``language``: the ``place``-th of its addresses. Where it can't be shown, why not."""
    request.preview = preview
    with override(language):
        try:
            with working_copies.as_published(item) as published:
                response = _answer(request, addresses(published)[place], preview)
        except (ValidationError, IntegrityError, Http404) as problem:
            said = problem.messages if isinstance(problem, ValidationError) else []
            response = render(request, "preview_problem.html", {"said": said}, status=409)
    return _unseen(response, language)


@require_safe
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """The newest working copy for whoever has a link to it. A link that has ended is answered like one that never was."""
    links = PreviewLink.objects.open().select_related("content_type")
    link = links.filter(digest=PreviewLink.digest_of(token)).first()
    item = link.item if link else None
    if item is None:
        return _unseen(render(request, "preview_ended.html", status=404), current())
    return show(request, item, current(), Preview(link.expires_at, alternates(request)))


def _answer(request: HttpRequest, address: str, preview: Preview) -> HttpResponse:
    """What the view behind a public address answers to a stranger, rendered."""
    environ = {name: request.META[name] for name in OF_THE_SERVER if name in request.META}
    stranger = WSGIRequest(environ | {"REQUEST_METHOD": "GET", "PATH_INFO": address, "wsgi.input": BytesIO()})
    stranger.LANGUAGE_CODE, stranger.preview = current(), preview
    stranger.resolver_match = match = resolve(address)
    response = match.func(stranger, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


def _unseen(response: HttpResponse, language: str) -> HttpResponse:
    for name, value in (UNSEEN | {"Content-Language": language}).items():
        response.headers[name] = value
    return response
