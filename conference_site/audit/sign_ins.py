"""Signing in and out, as Django's signals tell it: nothing of it is a row that a trigger could watch."""

from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth import signals
from django.contrib.auth.models import User

from conference_site.audit.models import Action, Entry


def connect() -> None:
    signals.user_logged_in.connect(_signed_in)
    signals.user_logged_out.connect(_signed_out)
    signals.user_login_failed.connect(_refused)
    authentication_failed.connect(_wrong_code)


def _signed_in(user: User, **kwargs: Any) -> None:
    _write(Action.SIGNED_IN, user)


def _signed_out(user: User | None, **kwargs: Any) -> None:
    if user:
        _write(Action.SIGNED_OUT, user)


def _refused(credentials: dict, **kwargs: Any) -> None:
    """Only names that exist are kept: what else stands in the box may be a password, typed one box too early."""
    typed = str(credentials.get(User.USERNAME_FIELD) or "").replace("\0", "")
    _write(Action.REFUSED, User.objects.filter(**{User.USERNAME_FIELD: typed[:150]}).first())


def _wrong_code(user: User, **kwargs: Any) -> None:
    """Whoever types it has the password: that is worth knowing most of all."""
    _write(Action.REFUSED, user)


def _write(action: Action, user: User | None) -> None:
    """``user`` is whose account it is about; for a refusal that isn't known to be who acts."""
    about = {"item_model": User._meta.label_lower, "item_id": str(user.pk), "item_name": user.get_username()} if user else {}
    actor = {} if action == Action.REFUSED or not user else {"user_key": user.pk, "who": user.get_username()}
    Entry.objects.create(action=action, **actor, **about)
