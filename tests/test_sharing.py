"""Handing a page on: addresses that work without a script, and texts that no direction turns around."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from conference_site.richtext.reading import minutes_to_read
from news.models import NewsItem
from pages.models import Goal, ResearchQuestion
from partners.models import Partnership
from tests.builders import make

pytestmark = pytest.mark.django_db

TITLE = "مؤتمر ALECSO: 50 % & أكثر"


def links(html: str) -> dict[str, dict[str, list[str]]]:
    """What each link of the section hands on, by the host or scheme that it leads to."""
    section = re.search(r'<section class="share".*?</section>', html, re.DOTALL)[0]
    parts = [urlsplit(unescape(link)) for link in re.findall(r'href="(.*?)"', section)]
    return {part.hostname or part.scheme: parse_qs(part.query) for part in parts}


@pytest.mark.parametrize(
    ("model", "path"),
    [(NewsItem, "news"), (Goal, "goals"), (ResearchQuestion, "questions"), (Partnership, "partnerships")],
)
def test_title_and_address_are_handed_on_in_lines_of_their_own(client, model, path):
    make(model, slug="one", title_ar=TITLE)
    address = f"http://localhost:8000/ar/{path}/one/"
    html = client.get(f"/ar/{path}/one/").content.decode()
    assert links(html) == {
        "wa.me": {"text": [f"{TITLE}\n{address}"]},
        "x.com": {"text": [TITLE], "url": [address]},
        "mailto": {"subject": [TITLE], "body": [f"{TITLE}\r\n{address}"]},
    }
    assert f'<input dir="ltr" value="{address}" readonly>' in html


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (180, 1), (181, 2), (1800, 10)])
def test_minutes_to_read(words, minutes):
    assert minutes_to_read(f"<h2>{'word ' * words}</h2>") == minutes


@pytest.mark.parametrize(("words", "said"), [(100, "دقيقة"), (300, "دقيقتان"), (500, "3\u00a0دقائق"), (2000, "12\u00a0دقيقة")])
def test_the_time_is_said_in_words(client, words, said):
    make(NewsItem, slug="one", body_ar=f"<p>{'كلمة ' * words}</p>")
    assert f"<dt>مدة القراءة</dt><dd>{said}" in re.sub(r"\s*\n\s*", "", client.get("/ar/news/one/").content.decode())


def test_a_news_item_without_text_takes_no_time(client):
    make(NewsItem, slug="one", body_ar="")
    assert "مدة القراءة" not in client.get("/ar/news/one/").content.decode()
