"""Whom to tell who found a way in (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from conference_site import settings as site


def test_it_says_whom_for_how_long_and_in_which_languages(client, settings):
    settings.SECURITY_CONTACT = "https://example.org/?a=1&b=2"
    response = client.get("/.well-known/security.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    said = dict(lines)
    assert len(said) == len(lines)
    left = datetime.fromisoformat(said.pop("Expires")) - datetime.now(UTC)
    assert timedelta(days=178) < left <= timedelta(days=180)
    assert said == {
        "Contact": "https://example.org/?a=1&b=2",
        "Preferred-Languages": "ar, en",
        "Canonical": f"{site.SITE_URL}/.well-known/security.txt",
    }


def test_where_nobody_is_named_there_is_none(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404
