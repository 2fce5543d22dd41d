"""A wrong or missing setting stops the start with one sentence that names it."""

import os
import subprocess
import sys

import pytest

from conference_site.environment import Environment


@pytest.fixture
def environment(tmp_path, monkeypatch):
    def read(kind: str, value: str | None, *rest):
        monkeypatch.delenv("SETTING", raising=False)
        if value is not None:
            monkeypatch.setenv("SETTING", value)
        return getattr(Environment(tmp_path / "none"), kind)("SETTING", *rest)

    return read


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("https://Example.org/", "https://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses(environment, value, address):
    assert environment("address", value) == address


@pytest.mark.parametrize(
    ("kind", "value", "rest", "why"),
    [
        ("address", None, (), "is not set"),
        ("address", "", (), "is not set"),
        ("address", "example.org", (), "must be an address"),
        ("address", "ftp://example.org", (), "must be an address"),
        ("address", "https://example.org/path", (), "must be an address"),
        ("address", "https://user:pw@example.org", (), "must be an address"),
        ("address", "https://exa mple.org", (), "must be an address"),
        ("address", "https://example.org:99999", (), "is no address"),
        ("address", "http://example.org", (), "must begin with https://"),
        ("address", "https://مثال.السعودية", (), "here xn--mgbh0fb.xn--mgberp4a5d4ar"),
        ("secret", "short", (), "is too weak"),
        ("secret", "a" * 70, (), "is too weak"),
        ("database", "mysql://host/name", (), "must name a PostgreSQL"),
        ("database", "nonsense", (), "must name a PostgreSQL"),
        ("database", "postgres:///", (), "must name a PostgreSQL"),
        ("mailer", "abc", ("backend",), "must name a mail server"),
        ("mailer", "imap://host", ("backend",), "must name a mail server"),
        ("time_zone", "Mars/Olympus", ("Asia/Riyadh",), "must be a time zone"),
        ("time_zone", "Asia", ("Asia/Riyadh",), "must be a time zone"),
        ("count", "-1", (0,), "must not be negative"),
        ("count", "abc", (0,), "must be a whole number"),
    ],
)
def test_refusals_name_the_setting_and_say_why(environment, kind, value, rest, why):
    with pytest.raises(SystemExit) as refusal:
        environment(kind, value, *rest)
    assert str(refusal.value).startswith("SETTING ")
    assert why in str(refusal.value)
    assert str(refusal.value).count(". ") == 1


def test_mail_goes_where_the_address_says(environment):
    mailer = environment("mailer", "submission://me:secret@mail.example:587", "backend")
    options = {key: mailer["OPTIONS"][key] for key in ("host", "port", "username", "password", "use_tls")}
    assert options == {"host": "mail.example", "port": 587, "username": "me", "password": "secret", "use_tls": True}
    assert environment("mailer", None, "backend") == {"BACKEND": "backend"}


def test_the_start_ends_with_one_sentence_and_no_traceback():
    wrong = os.environ | {"SITE_URL": "https://example.org/path"}
    done = subprocess.run([sys.executable, "manage.py", "check"], env=wrong, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("SITE_URL must be an address")
