"""Addresses: the way to a language, what each version says of the others, and that no page is personal."""

import re

import pytest

from news.models import NewsItem
from pages.models import Goal
from partners.models import Organisation, Partnership
from tests import sitemaps
from tests.builders import make
from tests.crowd import PAGES, make_crowd

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "path"),
    [
        ("", "/ar/"),
        ("en-GB,en;q=0.9,ar;q=0.8", "/en/"),
        ("ar-SA", "/ar/"),
        ("fr,en;q=0.5", "/en/"),
        ("fr", "/ar/"),
        ("en;q=0,ar;q=0.1", "/ar/"),
        ("*", "/ar/"),
        (",;q=x" * 2000, "/ar/"),
    ],
)
def test_26_the_root_redirects_by_what_the_browser_asks_for(client, accepted, path):
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"], response["Vary"]) == (302, path, "Accept-Language")
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/news/", "/goals/first/", "/fr/news/", "/AR/", "/ar-SA/"])
def test_26_a_deep_link_never_redirects_by_language(client, path):
    assert client.get(path, headers={"Accept-Language": "en"}).status_code == 404


def test_26_no_public_page_sets_a_cookie_or_varies_by_one(client):
    make_crowd(3)
    for path in PAGES.values():
        response = client.get(path.format("en"), headers={"Accept-Language": "ar"})
        assert (response.status_code, response["Content-Language"], dict(response.cookies)) == (200, "en", {}), path
        assert response["Vary"] == "Accept-Encoding", path


@pytest.mark.parametrize("cookie", ["session=x", "session=", "csrf=abc", "csrf=", "messages=x", "session=x; csrf=y; other=z"])
def test_26_a_public_page_reads_no_cookie(client, cookie):
    make(Goal, slug="one")
    plain = client.get("/ar/goals/one/")
    response = client.get("/ar/goals/one/", headers={"Cookie": cookie})
    assert (response.status_code, dict(response.cookies), response.headers == plain.headers) == (200, {}, True)


def links(html: str, pattern: str) -> list[tuple[str, ...]]:
    return re.findall(pattern, html)


ALTERNATE = r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">'
SITE = "http://localhost:8000"


def test_27_the_switcher_keeps_the_page_and_its_query(client):
    make(NewsItem, event_on="2024-08-18")
    html = client.get("/ar/news/?before=2030-01-01.1").content.decode()
    switch = re.search(r'<a [^>]*hreflang="en"[^>]*>', html)[0]
    assert 'href="/en/news/?before=2030-01-01.1"' in switch
    assert 'lang="en"' in switch
    assert re.search(r"<a [^>]*hreflang=\"en\"[^>]*>\s*English", html)


def test_28_alternates_name_real_translations_reciprocally(client):
    make(Goal, slug="both")
    expected = [("ar", f"{SITE}/ar/goals/both/"), ("en", f"{SITE}/en/goals/both/"), ("x-default", f"{SITE}/ar/goals/both/")]
    for language in ("ar", "en"):
        html = client.get(f"/{language}/goals/both/").content.decode()
        assert sorted(links(html, ALTERNATE)) == expected
        assert f'<link rel="canonical" href="{SITE}/{language}/goals/both/">' in html
        assert "noindex" not in html


def test_6_28_an_item_of_one_language_opens_under_the_other_marked_and_unindexed(client):
    make(Goal, public=["en"], slug="one", title_en="Only English", summary_en="Real", title_ar="مسودة سرية", summary_ar="سر")
    html = client.get("/ar/goals/one/").content.decode()
    assert '<h1 lang="en" dir="ltr"' in html
    assert re.search(r'<meta name="robots" content="noindex', html)
    assert not set(links(html, ALTERNATE)) & {("ar", f"{SITE}/ar/goals/one/")}
    assert "سر" not in re.sub(r"<title>.*?</title>", "", html)
    english = client.get("/en/goals/one/").content.decode()
    assert links(english, ALTERNATE) == [("en", f"{SITE}/en/goals/one/")]


@pytest.mark.parametrize(
    ("model", "slug", "main_text"),
    [
        (Goal, "goals", "body"),
        (NewsItem, "news", "body"),
        (Organisation, "organisations", "description"),
        (Partnership, "partnerships", "agreed"),
    ],
)
def test_6_28_a_page_whose_main_text_is_of_the_other_language_is_no_alternate(client, model, slug, main_text):
    make(model, slug="half", **{f"{main_text}_en": "<p>Only this.</p>"})
    make(model, slug="whole", **{f"{main_text}_en": "<p>This.</p>", f"{main_text}_ar": "<p>هذا.</p>"})
    arabic, english = (client.get(f"/{language}/{slug}/half/").content.decode() for language in ("ar", "en"))
    assert ("noindex" in arabic, "canonical" in arabic, "noindex" in english) == (True, False, False)
    assert links(arabic, ALTERNATE) == links(english, ALTERNATE) == [("en", f"{SITE}/en/{slug}/half/")]
    listed = [path for path in sitemaps.pages(client) if re.fullmatch(rf"/../{slug}/\w+/", path)]
    assert sorted(listed) == [f"/ar/{slug}/whole/", f"/en/{slug}/half/", f"/en/{slug}/whole/"]


def test_28_a_further_page_of_a_list_is_a_page_of_its_own(client):
    items = [make(NewsItem, event_on=f"2024-08-{day:02}") for day in range(1, 15)]
    cursor = f"?before=2024-08-14.{items[-1].pk}"
    html = client.get(f"/en/news/{cursor}&from=elsewhere").content.decode()
    expected = [("ar", f"{SITE}/ar/news/{cursor}"), ("en", f"{SITE}/en/news/{cursor}"), ("x-default", f"{SITE}/ar/news/{cursor}")]
    assert links(html, ALTERNATE) == expected
    assert links(html, '<link rel="canonical" href="(.*?)">') == [f"{SITE}/en/news/{cursor}"]
    plain = client.get("/en/news/?from=elsewhere").content.decode()
    assert links(plain, '<link rel="canonical" href="(.*?)">') == [f"{SITE}/en/news/"]


def test_6_lists_mark_what_is_in_the_other_language(client):
    make(Goal, public=["en"], title_en="Only English", title_ar="مسودة سرية")
    for path in ("/ar/", "/ar/goals/"):
        html = client.get(path).content.decode()
        assert re.search(r'lang="en" dir="ltr"[^>]*>\s*Only English', html), path
        assert "مسودة سرية" not in html


@pytest.mark.parametrize("name", PAGES)
def test_6_an_unpublished_text_never_shows(client, name):
    """Every text of the other language is there, in a column of the row, and unpublished."""
    from django.apps import apps

    from conference_site.publishing.models import Publishable

    make_crowd(3)
    for model in apps.get_models():
        if issubclass(model, Publishable):
            model.objects.update(publish_at_en=None)
            for field in model._meta.concrete_fields:
                if field.name.endswith("_en") and field.get_internal_type() in ("CharField", "TextField"):
                    model._base_manager.update(**{field.name: "SECRET"})
    html = client.get(PAGES[name].format("en")).content.decode()
    assert html.count("SECRET") == 0
    assert "<h1" in html
