"""Whether somebody has shown a second factor, and how all of them are forgotten where they are lost."""

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from conference_site.accounts import outbox, sessions
from conference_site.accounts.models import Kind


def connect() -> None:
    authenticator_added.connect(_made, dispatch_uid="accounts.second_factor")
    authenticator_removed.connect(_removed, dispatch_uid="accounts.second_factor")


def _made(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs) -> None:
    """Who makes one shows it by that: a code of the app, or the touch of a key."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)


def _removed(request: HttpRequest, user: User, **kwargs) -> None:
    """Whoever else has shown it is signed out, for it may be removed because somebody else has it.

    Who has none any more has shown none: where one is obligatory, the next page asks for it.
    """
    sessions.end_all(user, but=request.session.session_key)
    if not Authenticator.objects.filter(user=user).exists():
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [record for record in records if record["method"] != "mfa"]


def is_shown(request: HttpRequest) -> bool:
    """In this session, when signing in or by making one."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


@transaction.atomic
def forget(user: User) -> bool:
    """Remove all of them, and sign the user out everywhere; the next one is made when signing in. False if there was none."""
    found, _models = Authenticator.objects.filter(user=user).delete()
    if found:
        sessions.end_all(user)
        outbox.put_for(user, Kind.ACCOUNT, what="forgotten")
    return bool(found)
