"""Pages that belong to no one app: home, the way to a language, robots, errors."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference_site.delivery.middleware import AWAY, fault, unavailable
from conference_site.home import overview
from conference_site.languages.content import codes, current, direction
from conference_site.navigation import redirects
from conference_site.search import finding
from conference_site.search import page as search_page
from conference_site.search.page import Asked
from news.models import NewsItem, Topic


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """From ``/`` to the home page in the browser's language (26). Each browser asks for itself, so no cache may keep it.

    `LanguageMiddleware` says that the answer varies.
    """
    response = HttpResponseRedirect(reverse("home"))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The conference at a glance."""
    return render(request, "home.html", overview())


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found for the words in the address, in every language; see `search.page`."""
    topics = Topic.objects.by_name()
    asked = Asked.read(request.GET, dict(Topic.objects.values_list("slug", "pk")))
    years = sorted({*NewsItem.objects.years(), *filter(None, [asked.year])}, reverse=True)
    page = search_page.search(asked)
    response = render(request, "search.html", {"page": page, "topics": topics, "years": years})
    if page.query and not page.results and not asked.is_narrowed:
        response.fruitless = asked.words  # for the count of searches that found nothing
    return response


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Titles and names for words that are still being typed, as JSON."""
    found = finding.suggest(request.GET.get("q", ""), current())
    rows = [suggestion._asdict() | {"direction": direction(suggestion.language)} for suggestion in found]
    return JsonResponse({"suggestions": rows}, json_dumps_params={"ensure_ascii": False}, headers={"X-Robots-Tag": "noindex"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything is open to search engines but the desk."""
    return render(request, "robots.txt", {"codes": [code for code, _name in settings.LANGUAGES]}, "text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell who found a way in (RFC 9116). It holds for half a year from the day of the answer."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = datetime.combine(timezone.now().date() + timedelta(days=180), time(), UTC)
    context = {"contact": settings.SECURITY_CONTACT, "until": until.isoformat(), "languages": ", ".join(codes())}
    return render(request, "security.txt", context, "text/plain; charset=utf-8")


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """An error in the visitor's language, in the site's own frame, which the database has."""
    if request.environ.get(AWAY):
        return unavailable()
    return render(request, f"{status}.html", {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. A `BadRequest` of ours says why; what other exceptions say is for the log."""
    return error_page(request, 400, str(exception) if type(exception) is BadRequest else "")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """What allauth answers whoever tries too often."""
    page = error_page(request, 429)
    page.headers["Retry-After"] = "600"
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, unless somebody has printed this address."""
    is_away = request.environ.get(AWAY)
    return (None if is_away else redirects.answer(request)) or error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return fault(500)
