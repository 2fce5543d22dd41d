"""From a request to its language."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language, override

from conference_site.languages.addresses import alternates, in_language
from conference_site.languages.middleware import LanguageMiddleware, accepted_language, prefix_language


def answer(path: str, **headers: str) -> HttpResponse:
    """What the middleware makes of a page that says in which language it was rendered."""
    middleware = LanguageMiddleware(lambda request: HttpResponse(f"{get_language()} {request.LANGUAGE_CODE}"))
    return middleware(RequestFactory().get(path, headers=headers))


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/ar/news/", "ar"),
        ("/en/", "en"),
        ("/en", "en"),
        ("/fr/", None),
        ("/arx/", None),
        ("/", None),
        ("", None),
        ("//ar/", None),
    ],
)
def test_26_the_prefix_names_the_language(path, language):
    assert prefix_language(path) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "ar"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ar-SA,en;q=0.9", "ar"),
        ("en;q=0.5,ar;q=0.7", "ar"),
        ("fr,en;q=0.1", "en"),
        ("fr-FR,de", "ar"),
        ("*", "ar"),
        ("en;q=0", "ar"),
        ("en;q=nonsense,,;;", "ar"),
    ],
)
def test_26_without_a_prefix_the_browser_is_asked_then_arabic_taken(header, language):
    assert accepted_language(header) == language


@pytest.mark.parametrize("header", ["en", "ar", "fr", "", "x" * 100_000])
def test_26_a_deep_link_never_changes_its_language(header):
    response = answer("/en/news/2024/", accept_language=header, cookie="django_language=ar")
    assert (response.status_code, response.content, response.headers["Content-Language"]) == (200, b"en en", "en")


def test_26_an_address_without_a_prefix_answers_in_the_language_of_the_browser_and_sets_no_cookie():
    response = answer("/nowhere", accept_language="en-US")
    assert (response.content, response.headers["Content-Language"], dict(response.cookies)) == (b"en en", "en", {})
    assert response.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("path", ["/ar/", "/static/x.css", "/robots.txt"])
@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/css", "image/png"])
def test_26_only_a_page_has_a_language_and_only_without_a_prefix_does_it_vary(path, content_type):
    response = LanguageMiddleware(lambda request: HttpResponse(content_type=content_type))(RequestFactory().get(path))
    is_page = content_type.startswith("text/html")
    assert response.headers.get("Content-Language") == ("ar" if is_page else None)
    assert response.headers.get("Vary") == ("Accept-Language" if is_page and path != "/ar/" else None)


def test_26_the_language_of_one_request_does_not_outlive_it():
    with override("en"):
        answer("/ar/")
        assert get_language() == "en"


@pytest.mark.parametrize(
    ("path", "language", "other"),
    [
        ("/ar/news/?year=2024", "en", "/en/news/?year=2024"),
        ("/en/en/", "ar", "/ar/en/"),
        ("/en/", "en", "/en/"),
        ("/healthz", "ar", "/ar/"),
    ],
)
def test_27_the_same_page_in_another_language_keeps_path_and_query(path, language, other):
    assert in_language(path, language) == other


def test_27_28_alternates_tell_which_languages_the_item_is_really_there_in(settings):
    class Item:
        def is_public(self, language: str) -> bool:
            return language == "ar"

    settings.SITE_URL = "https://example.org"
    request = RequestFactory().get("/en/news/beijing/?from=list")
    with override("en"):
        arabic, english = alternates(request, Item())
    assert (arabic.name, arabic.path, arabic.url, arabic.exists, english.exists) == (
        "العربية",
        "/ar/news/beijing/?from=list",
        "https://example.org/ar/news/beijing/",
        True,
        False,
    )
    assert [alternate.exists for alternate in alternates(request)] == [True, True]
