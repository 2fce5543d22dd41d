"""The ways in that every site on the Web is tried by, and this one's answer: nothing comes of them.

What belongs to one room is tried there: uploads in tests/media, rich text in tests/richtext, addresses that the site asks in
tests/links, the page store in tests/delivery, who may do what in tests/desk and tests/accounts.
"""

import importlib
import pkgutil
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from news.models import NewsItem
from pages.models import Goal
from tests.accounts.test_sign_in import PASSWORD, sign_in, signed_in
from tests.builders import make, make_user, reread
from tests.desk.forms import send
from tests.desk.test_access import addresses
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "\tjavascript:alert(1)",
    "https://localhost@evil.example/",
    "/%0d%0aLocation:%20https://evil.example/",
    "https://evil.example/?https://testserver/",
    "http://[::1]@evil.example/",
]


# Forgery of requests: CSRF


@pytest.mark.proof
def test_no_address_of_the_desk_does_anything_without_the_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("boss", password=PASSWORD))
    statuses = {name: client.post(path).status_code for name, path in addresses().items()}
    assert len(statuses) > 250
    assert {name: status for name, status in statuses.items() if status != 403} == {}


# Open redirects


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(target):
    user = make_user("editor")
    client = signed_in(user)
    answers = {
        "signing in": sign_in(Client(), user, next=target),
        "signed in already": client.get("/en/admin/login/", {"next": target}),
        "asked again": client.post("/en/admin/reauthenticate/", {"password": PASSWORD, "next": target}),
        "language": client.post("/en/admin/language/", {"language": "ar", "next": target}),
        "signing out": client.post("/en/admin/logout/", {"next": target}),
        "forgotten": client.post("/en/admin/password_reset/", {"email": "nobody@example.org", "next": target}),
        "passkey": client.post("/en/admin/second-factor/keys/login/", {"credential": "{}", "next": target}),
    }
    places = {name: answer.headers.get("Location", "") for name, answer in answers.items()}
    assert {name: place for name, place in places.items() if place and not re.match(r"/(?![/\\])", place)} == {}


# Headers that are injected, or believed


@pytest.mark.parametrize(
    "path", ["/{}", "/ar/{}", "/en/news/{}/", "/en/admin/login/?next=/en/admin/{}", "/ar/search/?q={}", "/?{}"]
)
@pytest.mark.parametrize("break_", ["%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D", "%C4%8D%C4%8A", "%E2%80%A8"])
def test_no_header_is_injected(client, path, break_):
    response = client.get(path.format(f"a{break_}X-Injected:1{break_}Set-Cookie:a=b"))
    assert response.status_code < 500
    assert "X-Injected" not in response.headers
    assert not any("\r" in value or "\n" in value or value.startswith("a=b") for value in response.headers.values())


@pytest.mark.proof
def test_what_a_proxy_might_say_changes_nothing(client):
    """A page that somebody's header had changed would be kept for all."""
    make(Goal)
    claims = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": "/evil",
        "X-Host": "evil.example",
        "X-Original-URL": "/en/admin/",
        "X-Rewrite-URL": "/en/admin/",
        "X-Script-Name": "/evil",
        "Script-Name": "/evil",
        "X-Http-Method-Override": "POST",
        "X-Method-Override": "POST",
        "Forwarded": "host=evil.example;proto=https",
        "Cookie": "session=1; language=en",
        "Authorization": "Basic YTpi",
        "Referer": "https://evil.example/",
        "User-Agent": "<script>alert(1)</script>",
    }
    for path in ("/ar/", "/en/goals/", "/ar/news/feed/", "/sitemap.xml", "/robots.txt", "/ar/nothing/"):
        plain = client.get(path)
        for name, value in claims.items():
            claimed = client.get(path, headers={name: value})
            assert (claimed.status_code, claimed.content) == (plain.status_code, plain.content), (path, name)


# Mass assignment


def test_a_form_takes_only_what_it_shows():
    """Every column of the live row is sent along; saving a draft leaves all of them as they are."""
    client, item = signed_in(make_user("editor")), make(NewsItem, public=[], title_en="Live")
    columns = {field.name: getattr(item, field.attname) for field in item._meta.concrete_fields}
    forged = dict.fromkeys(columns, "1") | {f"{name}_0": "2020-01-01" for name in columns if name.startswith("publish_at")}
    forged |= {
        "publish_at_en": timezone.now().isoformat(),
        "id": 4711,
        "pk": 4711,
        "title_en": "Draft",
        "slug": item.slug,
        "topic": "",
    }
    send(client, address(item), **forged)
    now = reread(item)
    assert {name: getattr(now, now._meta.get_field(name).attname) for name in columns} == columns


def test_ones_own_settings_take_no_rights():
    user = make_user("editor", email="editor@example.org")
    client = signed_in(user)
    rights = {
        "is_superuser": "on",
        "is_staff": "",
        "username": "boss",
        "email": "x@example.org",
        "password": "x",
        "groups": "1",
        "user": "1",
    }
    send(client, "/en/admin/settings/", form_id="settings_form", first_name="Changed", **rights)
    now = User.objects.get(pk=user.pk)
    assert (now.first_name, now.is_superuser, now.username, now.email) == ("Changed", False, user.username, "editor@example.org")
    assert (now.password, list(now.groups.all())) == (user.password, list(user.groups.all()))


# Expressions that take for ever: ReDoS

ADVERSARIES = """
import re, resource, sys
from tests.security.test_web import patterns
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
units = ["a", " ", "\\t", "\\n", "<", "<a ", "&", "&#", "=", "/", "../", "(", "[", "0", "0."]
units += ["ا", "\\u064b", "ـ", "http://", "a@", "-", "“", ",", "%2"]
for name, pattern in sorted(patterns()):
    for unit in units:
        text = unit * (8000 // len(unit)) + "\\0"
        if isinstance(pattern.pattern, bytes):
            text = text.encode()
        print(name, repr(unit), file=sys.stderr)
        pattern.search(text), pattern.match(text), pattern.fullmatch(text)
print(len(patterns()))
"""


def patterns() -> set[tuple[str, re.Pattern]]:
    """Every expression that a module of the site has compiled."""
    rooms = ("conference_site", "pages", "partners", "news")
    found = set()
    for room in rooms:
        package = importlib.import_module(room)
        names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{room}.") if ".management." not in each.name]
        for name in names:
            if name.endswith(("wsgi", "settings", "operations.gunicorn", "library_messages")) or ".migrations" in name:
                continue
            module = importlib.import_module(name)
            found |= {(f"{name}.{key}", value) for key, value in vars(module).items() if isinstance(value, re.Pattern)}
    return found


@pytest.mark.proof
def test_no_expression_takes_for_ever():
    """Each on long texts of what it might repeat, all together within a minute of one processor: exponential ones take years."""
    root = Path(__file__).resolve().parents[2]
    code = f"import django; django.setup()\n{ADVERSARIES}"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr.splitlines()[-1:]
    assert int(done.stdout) > 40
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY
