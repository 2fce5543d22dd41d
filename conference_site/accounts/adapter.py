"""What the site decides where allauth asks."""

import base64
import hashlib
import ipaddress
import logging
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.accounts import outbox
from conference_site.accounts.models import Kind
from conference_site.accounts.sessions import has_just_signed_in
from conference_site.accounts.views import in_own_language

logger = logging.getLogger(__name__)

NEWS_OF_ACCOUNT = {
    "account/email/password_changed",
    "account/email/password_reset",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
}
"""What allauth tells users of by mail, by the names that it has for it; `mail.NEWS_OF_ACCOUNT` has the sentences."""


WRONG_CODE = _("This code is not right. Each works once, and an app shows another after half a minute.")
WORDS = {
    "username_password_mismatch": _("The username or the password is not right. Capital and small letters differ in both."),
    "too_many_login_attempts": _("Too many attempts. The next one counts in ten minutes, or after very many tomorrow."),
    "incorrect_password": _("The password is not right."),
    "enter_current_password": _("The present password is not right."),
    "incorrect_code": WRONG_CODE,
    "invalid_password_reset": _("This link works no more: it was used already, or is older than three days."),
    "rate_limited": _("Too many attempts. A little patience is needed."),
}
"""What people are told on these pages, in place of allauth's own words."""


SHOWN = "password_shown"
"""In the session of somebody who has shown a password and no code yet: what changes with the password."""


class StaffBackend(ModelBackend):
    """Accounts are for the desk: who isn't of the staff doesn't get in, and who is no more is signed out."""

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and user.is_staff


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; mail goes through the outbox; the address of who asks is what the last trusted proxy says."""

    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse | None:
        """A passkey, of which no backend is asked, opens for nobody whom a password wouldn't let in."""
        if StaffBackend().user_can_authenticate(user):
            request.session[SHOWN] = user.get_session_auth_hash()
            return None
        clear_login(request)
        messages.error(request, str(WRONG_CODE))
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: User) -> None:
        """Between the password and the code somebody else may have changed the password: then it was the wrong one."""
        if not constant_time_compare(request.session.pop(SHOWN, ""), user.get_session_auth_hash()):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        """Who has signed in comes to the page that they asked for in their own language."""
        response = super().post_login(request, user, **kwargs)
        response["Location"] = in_own_language(user, response["Location"])
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        return not has_just_signed_in(self.request)

    def is_safe_url(self, url: str) -> bool:
        """What is no address at all leads nowhere, and is no fault of the site's."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """The button for passkeys asks for JSON; nothing else of this site does."""
        return request.resolver_match.url_name == "mfa_login_webauthn" and super().is_ajax(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """An account has one count. allauth's has one for each Host header, whose port and capitals anybody may choose."""
        return credentials["username"].lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who adds addresses of their own only lengthens the list: the trusted ones are counted from its end.

        Where the list is shorter than that, somebody came past a proxy, and is known by the connection itself.
        """
        listed = request.headers.get("X-Forwarded-For", "").split(",")
        nearest = listed[-settings.TRUSTED_PROXIES] if 0 < settings.TRUSTED_PROXIES <= len(listed) else ""
        for address in (nearest, request.META.get("REMOTE_ADDR", "")):
            try:
                known = ipaddress.ip_address(address.strip())
            except ValueError:
                continue
            return str(getattr(known, "ipv4_mapped", None) or known)  # a socket for both would make all of IPv4 one network
        return "127.0.0.1"  # a socket of this host

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """The link is made when the mail is sent: it is kept nowhere, and whether there is an account costs nobody time."""
        outbox.put_for(user, Kind.PASSWORD)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        if template_prefix in NEWS_OF_ACCOUNT:
            outbox.put_for(user, Kind.ACCOUNT, what=template_prefix.rpartition("/")[2])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets lie in the database as a key that isn't there made them: somebody who has a backup has no second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 – allauth's name for it
        return gettext("Key %(number)s") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What another key made can't be read: its place takes a secret that nobody knows, and an operator is told why."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor was made under another SECRET_KEY: see docs/operations.md, “Who gets in”.")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor\0" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
