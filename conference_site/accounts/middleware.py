"""What stands before every address of the desk, whatever view is behind it."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from conference_site.accounts import second_factor, sessions
from conference_site.delivery.middleware import is_desk

ALWAYS = {"account_logout", "language"}
MAKING = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
"""What somebody needs who has no second factor yet."""
SHOWING = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


class SignedInMiddleware:
    """Ends sessions in time, and lets nobody any further who owes a second factor. Looks at the desk's addresses only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_desk(request.path_info) and not request.user.is_authenticated:
            sessions.shorten(request)
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not is_desk(request.path_info) or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name or ""
        if sessions.is_over(request):
            logout(request)
            messages.info(request, gettext("The session was over, after a while in which nothing was done or after a long day."))
            return None  # and the desk asks to sign in, as of anybody
        if not name.endswith("_present"):  # which a page that is open asks for by itself: nobody need sit before it
            sessions.note(request)
        if settings.SECOND_FACTOR and name not in ALWAYS and not second_factor.is_shown(request):
            return _to_second_factor(request, name)
        return None


def _to_second_factor(request: HttpRequest, name: str) -> HttpResponse | None:
    """To where it is shown or made; None if that is where the request goes."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if not kinds:
        return None if name in MAKING else _redirect("mfa_index", request)
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return None if name in SHOWING else _redirect(page, request)


def _redirect(name: str, request: HttpRequest) -> HttpResponse:
    wanted = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
