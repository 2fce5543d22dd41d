"""Every page is valid HTML by the W3C's checker, with content of every kind and with none."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from conference_site import views
from conference_site.media.models import Image
from news.models import NewsItem
from pages.models import Announcement, Conference, Fact, Phase, SocialAccount
from tests import sitemaps, starting_content
from tests.builders import make
from tests.crowd import PAGES, make_crowd
from tests.html_checker import check_html

pytestmark = pytest.mark.django_db

ERRORS = {"not found": "/{}/nothing/", "bad request": "/{}/news/?before=x"}
SEARCH = {"search": "/{}/search/", "no word": "/{}/search/?q=%22%3C%26", "nothing found": "/{}/search/?q=none+at+all&kind=goal"}
LISTS = {name: path for name, path in PAGES.items() if "first" not in path and "2024" not in path}


def error_pages(language: str) -> dict[str, str]:
    """What answers a form without its token, a wrong method, and a fault of the site."""
    with translation.override(language):
        fault = views.server_error(RequestFactory().get(f"/{language}/"))
    answers = {
        "forbidden": Client(enforce_csrf_checks=True).post(f"/{language}/admin/login/"),
        "wrong method": Client().put(f"/{language}/"),
        "server error": fault,
    }
    assert [answer.status_code for answer in answers.values()] == [403, 405, 500]
    return {name: answer.content.decode() for name, answer in answers.items()}


def documents(client, pages: dict[str, str], kind: str) -> dict[str, str]:
    """The pages in both languages, by a name that says which they are."""
    return {
        f"{name} ({language}, {kind})": client.get(path.format(language)).content.decode()
        for name, path in pages.items()
        for language in ("ar", "en")
    }


def test_pages_with_and_without_content_are_valid(client):
    empty = documents(client, LISTS | ERRORS | SEARCH, "empty")
    empty |= {f"{name} ({language})": html for language in ("ar", "en") for name, html in error_pages(language).items()}
    make_crowd(3)
    assert check_html(empty | documents(client, PAGES, "three of each")) == []


@pytest.mark.proof
def test_pages_of_the_starting_content_are_valid(client):
    starting_content.load()
    paths = {path: path.replace("/ar/", "/{}/", 1) for path in sitemaps.pages(client) if path.startswith("/ar/")}
    assert check_html(documents(client, paths, "starting content")) == []


def test_everything_an_editor_may_fill_in_is_valid(client):
    """One item of one language with every field, and the conference in every phase."""
    now = timezone.now()
    picture = Image.objects.create(
        file="images/gone.webp", width=800, height=500, alternative_text_ar="قاعة", credit_en="A. Photographer"
    )
    body = '<h2>One</h2><p><a href="https://example.org/">x</a> <span lang="ar" dir="rtl">نص</span></p><ul><li>a</li></ul>'
    body += (
        '<figure><img src="/media/images/gone.webp" alt="x"></figure><table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>'
    )
    make(
        NewsItem,
        ["en"],
        slug="first",
        body_en=body,
        image=picture,
        correction_en="c",
        corrected_on=now.date(),
        event_on=now.date(),
    )
    make(Announcement, level="urgent", link="/ar/news/", link_text_ar="التفاصيل")
    conference = make(
        Conference,
        starts_on="2027-03-01",
        ends_on="2027-03-03",
        former_starts_on="2027-01-01",
        venue_ar="تونس",
        former_venue_en="Tunis",
        mode="mixed",
        organiser_en="O",
        call_for_papers_en="<p>x</p>",
        registration_url="https://example.org/",
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=1),
        registration_during_ar="التسجيل",
        contact_email="info@example.org",
    )
    SocialAccount.objects.create(conference=conference, name="X", url="https://x.example/")
    found = documents(client, {"news item": PAGES["news item"]}, "full")
    for phase in Phase.values:
        Conference.objects.update(phase=phase)
        found |= documents(client, {"home": "/{}/", "conference": "/{}/conference/"}, phase or "unset")
    Conference.objects.update(to_be_announced=Fact.values, starts_on=None, ends_on=None, venue_ar="", mode="", contact_email="")
    found |= documents(client, {"conference": "/{}/conference/"}, "to be announced")
    assert check_html(found) == []
