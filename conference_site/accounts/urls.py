"""The addresses of signing in and of what belongs to it, below the desk's: allauth's views, in the desk's own frame.

Only those that are meant to be there: nobody signs up, and addresses of mail are an administrator's business.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.contrib import admin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from conference_site.accounts import second_factor


def framed(route: str, view: Callable[..., HttpResponse], name: str, title: Promise | str = "") -> URLPattern:
    """A view of allauth's, of which a page gets what the desk's frame needs. As all of the desk it is kept nowhere."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            _in_own_words(response.context_data.get("form"))
            response.context_data = _frame(request) | {"title": title} | response.context_data
        return response

    return path(route, inner, name=name)


def _frame(request: HttpRequest) -> dict:
    """That of the desk, without its menu for whom nothing of it opens yet."""
    is_open = request.user.is_authenticated and (second_factor.is_shown(request) or not settings.SECOND_FACTOR)
    return admin.site.each_context(request) | {"is_nav_sidebar_enabled": is_open}


LABELS = {
    "login": _("Username"),
    "password": _("Password"),
    "oldpassword": _("The present password"),
    "password1": _("New password"),
    "password2": _("The same once more"),
    "email": _("Email address"),
    "code": _("Code"),
    "name": _("A name for it"),
}
FIRST = {"login", "code"}
"""The fields for whose sake their pages are there: the cursor stands in them."""
EXPLAINED = {"password1"}
"""The fields whose help is kept: the rules of passwords. allauth's own other help leads to what stands beside the form anyway."""


def _in_own_words(form: Form | None) -> None:
    """The desk's words for the fields; and each has a label, so that none needs a word that goes when somebody types."""
    for field in form or ():
        field.field.widget.attrs.pop("placeholder", None)
        if field.name in FIRST:
            field.field.widget.attrs["autofocus"] = True
        if field.name in LABELS:
            field.label = LABELS[field.name]
            field.help_text = field.help_text if field.name in EXPLAINED else ""


challenged = ratelimit.decorator(app="allauth.mfa", action="webauthn_challenge", limit_get=True)
"""Whoever asks for a passkey's challenge is given a session for it, which is a row: not without a limit."""

NEW_PASSWORD = _("A new password")
FACTORS = _("Second factor")
APP = _("App for codes")
KEYS = _("Passkeys and security keys")
CODES = _("Recovery codes")
AGAIN = _("Is it you?")

urlpatterns = [
    framed("login/", views.login, "account_login", _("Sign in")),
    framed("logout/", views.logout, "account_logout", _("Sign out")),
    framed("password_change/", views.password_change, "account_change_password", _("Change password")),
    framed("password_reset/", views.password_reset, "account_reset_password", NEW_PASSWORD),
    framed("password_reset/done/", views.password_reset_done, "account_reset_password_done", _("Next step")),
    framed("reset/<slug:uidb36>/<str:key>/", views.password_reset_from_key, "account_reset_password_from_key", NEW_PASSWORD),
    framed("reset/done/", views.password_reset_from_key_done, "account_reset_password_from_key_done", NEW_PASSWORD),
    framed("reauthenticate/", views.reauthenticate, "account_reauthenticate", AGAIN),
    framed("second-factor/", mfa.index, "mfa_index", FACTORS),
    framed("second-factor/authenticate/", mfa.authenticate, "mfa_authenticate", FACTORS),
    framed("second-factor/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate", AGAIN),
    framed("second-factor/app/activate/", totp.activate_totp, "mfa_activate_totp", APP),
    framed("second-factor/app/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp", APP),
    framed("second-factor/codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes", CODES),
    framed("second-factor/codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes", CODES),
    path("second-factor/codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    framed("second-factor/keys/", webauthn.list_webauthn, "mfa_list_webauthn", KEYS),
    framed("second-factor/keys/add/", webauthn.add_webauthn, "mfa_add_webauthn", _("Add a key")),
    framed("second-factor/keys/login/", challenged(webauthn.login_webauthn), "mfa_login_webauthn"),
    framed("second-factor/keys/reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn", AGAIN),
    framed("second-factor/keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn", _("Name of the key")),
    framed("second-factor/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn", _("Remove the key")),
    framed("sessions/", usersessions.list_usersessions, "usersessions_list", _("Where I am signed in")),
]
