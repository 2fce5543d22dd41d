"""Bad input is answered in words, with 4xx and never 5xx."""

import re
import socket
from urllib.parse import urlsplit

import pytest

from news.models import NewsItem
from pages.models import Conference
from tests.builders import make

pytestmark = pytest.mark.django_db

LONG = "a" * 3900


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ar/nothing/", 404),
        ("/en/goals/nothing/", 404),
        ("/en/news/archive/1800/", 404),
        ("/en/news/archive/0000/", 404),
        ("/en/news/archive/99999/", 404),
        ("/en/news/topics/nothing/", 404),
        ("/xx/goals/", 404),
        ("/ar/%D9%86%D8%A8%D8%A3/", 404),
        ("/ar/%00/", 400),
        ("/ar/news/?before=2024-08-17.1", 404),
        ("/ar/news/?after=2024-08-19.1", 404),
        ("/ar/news/archive/2024/?before=2024-08-17.1", 404),
        ("/ar/news/?before=%00", 400),
        ("/ar/news/?before=", 400),
        ("/ar/news/?before=2024-13-01.1", 400),
        ("/ar/news/?before=2024-01-01", 400),
        ("/ar/news/?after=2024-01-01.99999999999999999999", 400),
        ("/ar/news/?after=2024-01-01.1&before=2024-01-01.1", 400),
        ("/ar/news/?before=٢٠٢٤-٠١-٠١.١", 400),
        ("/ar/news/?before=1' OR 1=1", 400),
        (f"/ar/{LONG}/", 404),
        (f"/ar/goals/{LONG}/", 404),
        (f"/ar/news/?before={LONG}", 400),
        ("/ar/search/?q=a&kind=secret", 400),
        ("/ar/search/?q=a&kind=topic", 400),
        ("/ar/search/?q=a&year=0", 400),
        ("/ar/search/?q=a&year=20245", 400),
        ("/ar/search/?q=a&topic=nothing", 400),
        ("/ar/search/?q=a&after=x", 400),
        ("/ar/search/?q=a&after=1.3.2024-13-01.1", 400),
        ("/ar/search/?q=a&after=1.24.2024-01-01.1", 400),
        ("/ar/search/?q=a&after=1.3.2024-01-01.1", 404),
        ("/ar/search/?q=%00", 400),
        ("/ar/search/suggestions/?q=%00", 400),
        ("/media/nothing.webp", 404),
        ("/media/../manage.py", 404),
        ("/media/%2e%2e/manage.py", 404),
        (f"/media/{LONG}", 404),
        ("/ar/%FF%FE/", 404),
        ("/ar/?x=%ED%A0%80", 200),
        ("/ar/goals/a%0d%0aSet-Cookie:x/", 404),
        ("/ar//goals/", 404),
    ],
)
def test_bad_addresses(client, path, status):
    make(Conference)
    make(NewsItem, event_on="2024-08-18")
    response = client.get(path)
    assert response.status_code == status
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X" * 50])
@pytest.mark.parametrize("path", ["/", "/ar/", "/ar/news/", "/ar/goals/x/", "/robots.txt", "/sitemap.xml"])
def test_wrong_methods(client, method, path):
    assert client.generic(method, path).status_code == 405


WORDS_OF_405 = {"ar": "هذا العنوان لا يقبل هذا النوع من الطلبات", "en": "This address does not accept that kind of request"}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/{}/", "GET, HEAD"),
        ("TRACE", "/{}/goals/", "GET, HEAD"),
        ("POST", "/{}/news/", "GET, HEAD"),
        ("POST", "/robots.txt", "GET, HEAD"),
    ],
)
def test_29_a_wrong_method_is_refused_in_words(client, language, method, path, allowed):
    response = client.generic(method, path.format(language), headers={"Accept-Language": language})
    html = response.content.decode()
    assert (response.status_code, response["Allow"], response["Content-Language"]) == (405, allowed, language)
    assert re.findall(r"<h1>(.*?)</h1>", html) == [WORDS_OF_405[language]]
    assert f'<html lang="{language}"' in html


@pytest.mark.parametrize("host", ["evil.example", "", "localhost:8000@evil.example", "local host", "a" * 300])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/ar/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(("language", "words"), [("ar", "الصفحة غير موجودة"), ("en", "Page not found")])
def test_29_errors_are_in_the_language_of_the_address(client, language, words):
    html = client.get(f"/{language}/nothing/", headers={"Accept-Language": "fr"}).content.decode()
    assert words in html
    assert f'<html lang="{language}"' in html


def test_29_errors_without_a_language_are_in_the_browser_s(client):
    response = client.get("/nothing/", headers={"Accept-Language": "en"})
    assert '<html lang="en"' in response.content.decode()
    assert (response["Content-Language"], response["Vary"]) == ("en", "Accept-Encoding, Accept-Language")


def test_a_server_error_needs_no_database(client, monkeypatch, settings):
    def broken(*args, **kwargs):
        raise RuntimeError("the database is away")

    client.raise_request_exception = False
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    response = client.get("/ar/")
    assert (response.status_code, "حدث خطأ في الموقع" in response.content.decode()) == (500, True)


def test_raw_requests_up_to_the_line_limit(site):
    """What no client library would send: line feeds, NUL, huge lines, through a real socket."""
    parts = urlsplit(site.url)
    for line in (b"GET /ar/" + b"a" * 60_000 + b"/ HTTP/1.1", b"GET /ar/\x00 HTTP/1.1", b"GET \xff HTTP/1.1", b"\x00\x01"):
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            connection.sendall(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b" 500 " not in answer.split(b"\r\n")[0]
