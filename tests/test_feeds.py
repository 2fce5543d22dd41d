"""The feeds: what is in them, in which language, and that they can be asked for again at no cost."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.utils import timezone

from conference_site.media.models import Image
from news.models import NewsItem, Topic
from pages.models import Conference
from tests.builders import make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FULL_TEXT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def read(client, path: str) -> ET.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return ET.fromstring(answer.content)


def titles(feed: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_feed_has_only_what_is_public_in_its_own_language(client, language):
    make(Conference, short_title_ar="المؤتمر", short_title_en="The Conference")
    now = timezone.now()
    make(NewsItem, title_ar="في اللغتين", title_en="In both", published_on="2024-05-01")
    make(NewsItem, ["ar"], title_ar="بالعربية", title_en="A draft in English", published_on="2024-04-01")
    make(NewsItem, ["en"], title_ar="مسودة", title_en="In English", published_on="2024-03-01")
    make(NewsItem, [], publish_at_ar=now + timedelta(hours=1), publish_at_en=now + timedelta(hours=1))
    make(NewsItem, deleted_at=now)
    feed = read(client, f"/{language}/news.atom")
    assert titles(feed) == {"ar": ["في اللغتين", "بالعربية"], "en": ["In both", "In English"]}[language]
    assert feed.get(XML_LANG) == language
    assert feed.findtext(f"{ATOM}title") == {"ar": "الأخبار · المؤتمر", "en": "News · The Conference"}[language]
    channel = read(client, f"/{language}/news.rss").find("channel")
    assert channel.findtext("language") == language
    assert [item.findtext("title") for item in channel.iter("item")] == titles(feed)


def test_an_entry_has_its_whole_text_with_whole_addresses(client):
    body = '<p><a href="/en/goals/">goals</a> &amp; <a href="https://example.org/">x</a></p>'
    image = Image.objects.create(file="images/x.webp", width=900, height=600, alternative_text_en="A hall")
    gone = Image.objects.create(file="images/y.webp", width=900, height=600, withdrawn_at=timezone.now())
    shown, hidden = (f'<figure><img src="{one.file.url}" alt="a"></figure>' for one in (image, gone))
    make(NewsItem, ["en"], slug="one", body_en=body + shown + hidden, summary_en="In short")
    jpeg = f'<figure><img src="{image.whole_url}" alt="a" width="900" height="600"></figure>'
    whole = (body + jpeg).replace('"/', '"http://localhost:8000/')
    entry = read(client, "/en/news.atom").find(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content")
    assert (content.get("type"), content.text) == ("html", whole)
    assert entry.findtext(f"{ATOM}summary") == "In short"
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost:8000/en/news/one/"
    addresses = [element.get("href") for element in read(client, "/en/news.atom").iter(f"{ATOM}link")]
    assert [address for address in addresses if not address.startswith("http://localhost:8000/en/news")] == []
    assert next(read(client, "/en/news.rss").iter("item")).findtext(FULL_TEXT) == whole


def test_an_entry_keeps_its_name_when_its_address_changes(client):
    item = make(NewsItem, ["en"], slug="old")
    names = [read(client, "/en/news.atom").find(f"{ATOM}entry").findtext(f"{ATOM}id")]
    NewsItem.objects.filter(pk=item.pk).update(slug="new")
    names.append(read(client, "/en/news.atom").find(f"{ATOM}entry").findtext(f"{ATOM}id"))
    assert names == [f"tag:localhost,{item.created_on.year}:news/{item.pk}/en"] * 2


def test_a_feed_of_a_topic(client):
    topic = Topic.objects.create(slug="libraries", name_ar="المكتبات", name_en="Libraries")
    item = make(NewsItem, title_en="Filed")
    item.topics.add(topic)
    make(NewsItem, title_en="Not filed")
    feed = read(client, "/en/news/topics/libraries.atom")
    assert (titles(feed), feed.findtext(f"{ATOM}title")) == (["Filed"], "Libraries")
    assert feed.find(f"{ATOM}entry").find(f"{ATOM}category").get("term") == "Libraries"
    assert client.get("/en/news/topics/nothing.atom").status_code == 404


@pytest.mark.parametrize("path", ["/en/news.atom", "/en/news.rss"])
def test_what_a_reader_has_is_not_sent_again_and_what_was_withdrawn_is_missed(client, path):
    kept, withdrawn = make(NewsItem, ["en"]), make(NewsItem, ["en"])
    first = client.get(path)
    assert "Last-Modified" not in first.headers
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    NewsItem.objects.filter(pk=withdrawn.pk).update(expires_at_en=timezone.now())
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, kept.title_en in changed.content.decode()) == (200, True)


def test_every_entry_has_what_atom_asks_for(client):
    """RFC 4287, 4.1.1 and 4.1.2: an id, a title and a moment of change each, and an author for all."""
    make(NewsItem, ["en"], title_en="News <of> & more", summary_en="", body_en="")
    feed = read(client, "/en/news.atom")
    for element in (feed, feed.find(f"{ATOM}entry")):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert feed.find(f"{ATOM}author").findtext(f"{ATOM}name")
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"alternate", "self"}
    assert titles(feed) == ["News <of> & more"]


def test_a_site_without_news_has_an_empty_feed(client):
    assert titles(read(client, "/ar/news.atom")) == []


def test_readers_find_the_feeds_by_themselves(client):
    topic = Topic.objects.create(slug="libraries", name_en="Libraries")
    make(NewsItem).topics.add(topic)
    link = '<link rel="alternate" type="application/atom+xml" title="{}" href="{}">'
    assert link.format("الأخبار", "/ar/news.atom") in client.get("/ar/").content.decode()
    page = client.get("/en/news/topics/libraries/").content.decode()
    assert link.format("Libraries", "/en/news/topics/libraries.atom") in page


def test_a_picture_that_is_gone_breaks_no_feed(client):
    from conference_site.media.models import Image

    picture = Image.objects.create(file="images/gone.webp", width=3, height=2, alternative_text_en="x")
    make(NewsItem, ["en"], title_en="With a picture", image=picture)
    assert titles(read(client, "/en/news.atom")) == ["With a picture"]
