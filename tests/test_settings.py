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
        ("database", "postgres://site:p@ss/word@db:5432/site", (), "are to be written with %"),
        ("mailer", "abc", ("backend",), "must name a mail server"),
        ("mailer", "imap://host", ("backend",), "must name a mail server"),
        ("contact", "nobody", (), "must be a mail address"),
        ("contact", "http://example.org/", (), "must be a mail address"),
        ("contact", "a@example.org\nContact: b@example.org", (), "must be a mail address"),
        ("files", "media", ("backend",), "must name a bucket"),
        ("files", "s3://host/media", ("backend",), "must name a bucket"),
        ("files", "s3://key:secret@host", ("backend",), "must name a bucket"),
        ("files", "s3://key:secret@host/media/folder", ("backend",), "must name a bucket"),
        ("files", "s3://key:sec/ret@host/media", ("backend",), "must name a bucket"),
        ("files", "s3://key:secret@host/media?acl=public", ("backend",), "must name a bucket"),
        ("files", "s3://key:secret@host/media?region", ("backend",), "must name a bucket"),
        ("files", "https://key:secret@host/media", ("backend",), "must name a bucket"),
        ("place", "s3://host/backups", ("folder",), "must name a bucket"),
        ("place", "https://key:secret@host/backups", ("folder",), "or a folder"),
        ("counts", "7 4", ("7 4 12",), "must be 3 whole numbers, as in 7 4 12"),
        ("counts", "7 4 -1", ("7 4 12",), "must be 3 whole numbers"),
        ("cache", "localhost:6379", ({},), "must name a Redis"),
        ("cache", "memcached://localhost", ({},), "must name a Redis"),
        ("cache", "redis://", ({},), "must name a Redis"),
        ("cache", "redis://host:port", ({},), "must name a Redis"),
        ("cache", "redis://host/name", ({},), "must name a Redis"),
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


@pytest.mark.parametrize(
    ("value", "secret", "place", "region", "style"),
    [
        ("s3://key:a%2Fb%40+c@fsn1.example.com/media", "a/b@+c", "https://fsn1.example.com", "us-east-1", "path"),
        ("s3+http://key:x@[::1]:9000/media?region=garage", "x", "http://[::1]:9000", "garage", "path"),
        (
            "s3://key:x@s3.me-south-1.amazonaws.com/media?region=me-south-1",
            "x",
            "https://s3.me-south-1.amazonaws.com",
            "me-south-1",
            "virtual",
        ),
    ],
)
def test_files_are_in_the_bucket_that_the_address_names(environment, value, secret, place, region, style):
    assert environment("files", value, "backend")["OPTIONS"] == {
        "access_key": "key",
        "secret_key": secret,
        "bucket_name": "media",
        "endpoint_url": place,
        "region_name": region,
        "addressing_style": style,
    }
    assert environment("files", None, "backend") == {"BACKEND": "backend"}


@pytest.mark.parametrize(
    ("value", "uri"),
    [
        (None, ""),
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/security", "https://example.org/security"),
    ],
)
def test_who_is_told_is_named_as_a_uri(environment, value, uri):
    assert environment("contact", value) == uri


def test_archives_are_in_a_folder_or_a_bucket(environment, tmp_path):
    bucket = "s3://key:secret@host/backups"
    assert [environment("place", value, str(tmp_path)) for value in (None, "/srv/backups", bucket)] == [
        str(tmp_path),
        "/srv/backups",
        bucket,
    ]
    assert environment("counts", "7 0 12", "7 4 12") == [7, 0, 12]


def test_what_hosts_count_together_is_where_the_address_says(environment):
    cache = environment("cache", "rediss://me:secret@cache.example:6380/1", {})
    assert cache["LOCATION"] == "rediss://me:secret@cache.example:6380/1"
    assert cache["OPTIONS"] == {"socket_connect_timeout": 1, "socket_timeout": 1}
    assert environment("cache", None, {"BACKEND": "the database"}) == {"BACKEND": "the database"}


def test_the_start_ends_with_one_sentence_and_no_traceback():
    wrong = os.environ | {"SITE_URL": "https://example.org/path"}
    done = subprocess.run([sys.executable, "manage.py", "check"], env=wrong, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("SITE_URL must be an address")
