"""What browsers are told of what an answer may do, and of who may show it."""

import re

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from pages.models import Goal
from tests.builders import make

NAMES = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}
HASHES = [source for source in settings.SECURE_CSP["script-src"] if str(source).startswith("'sha256-")]
PAGE = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'self' {' '.join(HASHES)}; style-src 'self'; img-src 'self' "
    "data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def told(response) -> dict[str, str]:
    return {name: response.headers[name] for name in NAMES & set(response.headers)}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 302),
        ("/ar/", 200),
        ("/en/goals/one/", 200),
        ("/en/none/", 404),
        ("/ar/search/?q=التعليم", 200),
        ("/ar/news.atom", 200),
        ("/sitemap.xml", 200),
        ("/robots.txt", 200),
    ],
)
def test_every_public_answer_tells_the_same(client, db, path, status):
    """One policy without a nonce, so that a page can be kept for the next visitor."""
    make(Goal, slug="one")
    response = client.get(path)
    assert (response.status_code, told(response)) == (status, PAGE)


@pytest.mark.parametrize("status", [200, 302, 405])
def test_the_desk_allows_no_more_than_a_nonce(admin_client, status):
    address = reverse("admin:index" if status == 200 else "admin:pages_goal_changelist")
    if status == 302:
        admin_client.logout()
    response = admin_client.delete(address) if status == 405 else admin_client.get(address)
    nonces = {part for part in response.headers["Content-Security-Policy"].split() if part.startswith("'nonce-")}
    policy = told(response)
    for nonce in nonces:
        policy["Content-Security-Policy"] = policy["Content-Security-Policy"].replace(f" {nonce.rstrip(';')}", "", 2)
    assert (response.status_code, policy) == (status, PAGE)


def test_what_others_show_is_open_to_them(client, db):
    [card] = re.findall(r'property="og:image" content="https?://[^/]+(/cards/[^"]+)"', client.get("/ar/").content.decode())
    answers = {path: client.get(path) for path in (static("img/favicon.svg"), card)}
    assert {(answer.status_code, told(answer)["Cross-Origin-Resource-Policy"]) for answer in answers.values()} == {
        (200, "cross-origin")
    }
