"""Who is let in at all: every address of the desk, asked by somebody who isn't signed in, or no more.

What each role may do there is tried in `test_roles` and `test_matrix`.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from tests.builders import make_user
from tests.routes import routes

pytestmark = pytest.mark.django_db
OPEN = {
    "login",
    "logout",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_login_webauthn",
    "language",  # which only leads elsewhere in another language
}
"""What somebody needs who isn't signed in yet."""
SAMPLES = {"path": "1", "str": "x", "int": "1", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def addresses() -> dict[str, str]:
    """Every address of the desk by the name of its view, with values of its parameters that lead to nothing."""
    found = ((route, pattern) for route, pattern in routes("en") if route.startswith("/en/admin/"))
    return {f"{pattern.name} {route}": _filled(route, pattern) for route, pattern in found}


def _filled(route: str, pattern: URLPattern) -> str:
    if "(?P<url>.*)" in route:
        return "/en/admin/nowhere"
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES["str"])
    return route.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1")


def signed_in_once(state: str) -> Client:
    """Somebody who was an administrator, and is no more."""
    client, user = Client(), make_user("administrator")
    client.force_login(user)
    session = Session.objects.filter(pk=client.session.session_key)
    if state == "disabled":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif state == "signed out":
        session.delete()
    elif state == "expired":
        session.update(expire_date=timezone.now() - timedelta(seconds=1))
    elif state == "not of the staff":
        User.objects.filter(pk=user.pk).update(is_staff=False)
    else:
        user.set_password("correct horse battery staple")
        user.save()
    return client


proof = pytest.mark.proof
STATES = ["disabled", "signed out", "expired", "not of the staff", "with another password"]


@pytest.mark.parametrize("state", ["never signed in", *(pytest.param(state, marks=proof) for state in STATES)])
def test_nobody_gets_in_who_is_not_signed_in_or_no_more(state):
    found = addresses()
    assert len(found) > 250
    client = Client() if state == "never signed in" else signed_in_once(state)
    let_in = {}
    for name, address in found.items():
        answers = [client.get(address), client.post(address)]
        if name.split(" ")[0] not in OPEN and not all(map(_leads_to_the_door, answers)):
            let_in[name] = [answer.status_code for answer in answers]
    assert let_in == {}


def _leads_to_the_door(answer) -> bool:
    """Or the method is none of the address's, which says nothing."""
    doors = ("/en/admin/login/", "/en/admin/nowhere/")
    return answer.status_code == 405 or (answer.status_code in {301, 302} and answer.headers["Location"].startswith(doors))
