"""For how long somebody is signed in, where, and whether it was just now."""

import time
from importlib import import_module

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.http import HttpRequest

BEGAN, SEEN = "signed_in_at", "seen_at"
"""In the session, as seconds since 1970. Django's own expiry begins anew with whatever is written into the session."""
NOTED_EVERY = 60  # seconds
ON_THE_WAY = 15 * 60  # seconds


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="accounts.sessions")


def _begin(request: HttpRequest, **kwargs) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)


def shorten(request: HttpRequest) -> None:
    """Who has a session without being signed in is on the way: a robot that begins many leaves nothing for long."""
    if request.session.modified:
        request.session.set_expiry(ON_THE_WAY)


def is_over(request: HttpRequest) -> bool:
    """Whether the session was idle for too long, or has lasted a working day whatever was done."""
    now = time.time()
    is_idle = now - request.session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS
    return is_idle or now - request.session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE


def note(request: HttpRequest) -> None:
    """Write down that the session is in use, at most once a minute."""
    now = time.time()
    if now - request.session[SEEN] > NOTED_EVERY:
        request.session[SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=Now())


def has_just_signed_in(request: HttpRequest) -> bool:
    """Whether a password or a factor was shown in this session some minutes ago, at signing in or since."""
    shown = [record["at"] for record in get_authentication_records(request, request.user)]
    return time.time() - max(shown, default=request.session.get(BEGAN, 0)) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def end_all(user: User, but: str | None = None) -> None:
    """Sign somebody out wherever they are signed in, but for the session with this key."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


def forget() -> None:
    """Delete the sessions that are over, what is known of them, and counts of attempts that count no more."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(Exists(Session.objects.filter(pk=OuterRef("session_key")))).delete()
    with connection.cursor() as cursor:  # else Django's table would throw counts away that still hold, once it is full
        cursor.execute(f"DELETE FROM {settings.COUNTS['LOCATION']} WHERE expires < now()")  # noqa: S608 – of the settings
