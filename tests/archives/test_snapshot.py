"""The public site as files, in which every link leads somewhere."""

import json
import re
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from django.core.management import CommandError
from django.db import connections
from django.test import Client

from conference_site.archives import snapshots
from conference_site.archives.linking import addresses, changed, own
from conference_site.media.models import Image
from conference_site.navigation.models import MenuEntry
from news.models import NewsItem
from pages.models import Page
from tests.archives.conftest import PDF, everything, fill, in_a_process, kill, refused, run, tree
from tests.builders import make
from tests.richtext.hostile import HOSTILE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_cards(monkeypatch) -> None:
    """Cards have tests of their own, and take half of the time."""
    monkeypatch.setattr("conference_site.cards.card.draw", lambda *_texts: b"drawn")


class Inspector(HTMLParser):
    """Notes what would run, or reach out, in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self._script = tag == "script" and given.get("type") != "application/ld+json"
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        led = [given.get(name) or "" for name in ("href", "src", "action", "srcset", "poster")]
        self.found += [value for value in led if re.match(r"\s*(javascript|vbscript|data:text)", value, re.IGNORECASE)]
        if tag in {"iframe", "object", "embed", "base", "applet", "frame"} or "evil" in (given.get("src") or ""):
            self.found.append(tag)

    def handle_data(self, data):
        if self._script and re.search("alert|evil", data):
            self.found.append(data)


def harm(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.found


def served(folder: Path):
    """Python's own web server for a folder."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_args: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.proof
def test_all_of_the_site_is_there(place, tmp_path, monkeypatch):
    everything()
    MenuEntry.objects.create(section="search", place="header")
    monkeypatch.setattr("news.views.PAGE_SIZE", 3)
    for each in range(4):
        make(NewsItem, created_on=date(2024, 1, 1) + timedelta(each))
    said = run("snapshot", tmp_path / "out")
    found = tree(tmp_path / "out")
    image = Image.objects.get(withdrawn_at=None, file__endswith=".webp")
    hidden = Image.objects.exclude(withdrawn_at=None).get()
    pages = {"index.html", "404.html", "ar/index.html", "en/index.html", "ar/404.html", "robots.txt", "sitemap.xml"}
    assert pages | {"en/goals/index.html", "en/conference.ics", "en/news.atom", "en/news/topics/learning.rss"} <= found.keys()
    assert found["en/documents/call/file/call-en.pdf"] == PDF
    assert b"/en/documents/call/file/call-en.pdf" in found["en/documents/call/index.html"]
    assert any(name.startswith(f"media/renditions/{image.file.name}") for name in found)
    assert not any(hidden.file.name in name for name in found)
    assert not any("/admin/" in name or "suggestions" in name for name in found)
    assert "pages" in said
    further = [name for name in found if re.fullmatch(r"en/news/~before=[\d.-]+/index.html", name)]
    assert further
    assert f'href="/{further[0].removesuffix("index.html")}"' in found["en/news/index.html"].decode()
    former, printed = found["en/news/topics/education/index.html"].decode(), found["call/index.html"].decode()
    assert ('url=/en/news/topics/learning/"' in former, 'url=/ar/documents/"' in printed) == (True, True)
    assert json.loads(found["snapshot.json"])["site"] == "http://localhost:8000"


@pytest.mark.proof
def test_it_is_of_one_moment(place, tmp_path, monkeypatch):
    def change_and_begin(site):
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("UPDATE pages_page SET title_en = 'Later'")
        other.close()
        return begin(site)

    make(Page, slug="about", title_en="Before")
    begin = snapshots._Site._beginnings
    monkeypatch.setattr(snapshots._Site, "_beginnings", change_and_begin)
    run("snapshot", tmp_path / "out")
    page = (tmp_path / "out/en/about/index.html").read_text()
    assert ("Before" in page, "Later" in page, Page.objects.get().title_en) == (True, False, "Later")


def test_there_is_no_search_and_it_says_so(place, tmp_path):
    make(Page, slug="about", body_en='<p><a href="/en/search/?q=goals">all goals</a></p>')
    MenuEntry.objects.create(section="search", place="header")
    run("snapshot", tmp_path / "out")
    found = {name: page.decode() for name, page in tree(tmp_path / "out").items() if name.endswith(".html")}
    assert [name for name, page in found.items() if "<form" in page or 'id="q"' in page or "suggestions" in page] == []
    assert "in which nothing can be searched for" in found["en/search/index.html"]
    assert 'href="/en/search/"' in found["en/about/index.html"]
    assert "<form" in Client().get("/en/search/", headers={"site-snapshot": "1"}).text


@pytest.mark.proof
def test_a_plain_web_server_shows_the_same_pages(place, tmp_path):
    fill()
    run("snapshot", tmp_path / "out")
    server = served(tmp_path / "out")
    with server:
        for path in ("/", "/ar/", "/en/goals/", "/en/documents/call/"):
            with urlopen(f"http://127.0.0.1:{server.server_address[1]}{path}") as answer:
                assert answer.status == 200
                page = answer.read().decode()
                if path != "/":
                    title = re.search("<title>(.*?)</title>", page, re.DOTALL)[0]
                    assert title in Client().get(path).text
        server.shutdown()


def test_a_link_that_leads_nowhere_is_named(place, tmp_path):
    make(Page, slug="about", body_en='<p><a href="/en/nothing/">x</a> <a href="/en/goals/#x">y</a></p>', public=["en"])
    with pytest.raises(CommandError) as end:
        run("snapshot", tmp_path / "out")
    assert end.value.returncode == 3
    assert str(end.value).splitlines()[1:] == [f"  {code}/about/index.html: /en/nothing/" for code in ("ar", "en")]
    assert (tmp_path / "out/en/about/index.html").exists()


@pytest.mark.proof
def test_no_hostile_text_gets_through(place, tmp_path):
    for number, text in enumerate(HOSTILE):
        words = text.replace("\0", "")
        make(NewsItem, slug=f"n{number}", title_en=words[:200], summary_en=words, body_en=text)
    with suppress(CommandError):  # some of their addresses lead nowhere
        run("snapshot", tmp_path / "out")
    found = {name: harm(page.decode()) for name, page in tree(tmp_path / "out").items() if name.endswith(".html")}
    assert {f"en/news/n{number}/index.html" for number in range(len(HOSTILE))} <= found.keys()
    assert {name: harms for name, harms in found.items() if harms} == {}
    assert harm("<p onclick=x><a href='javascript:1'><iframe>") == ["p onclick", "javascript:1", "iframe"]


@pytest.mark.proof
def test_only_its_own_folder_is_replaced(place, tmp_path):
    make(Page, slug="about")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/index.html").write_text("theirs")
    assert "no snapshot has made it" in refused("snapshot", tmp_path / "theirs")
    assert tree(tmp_path / "theirs") == {"index.html": b"theirs"}
    run("snapshot", tmp_path / "out")
    Page.objects.all().delete()
    run("snapshot", tmp_path / "out")
    assert not (tmp_path / "out/en/about").exists()


@pytest.mark.proof
@pytest.mark.parametrize(
    "step", [(snapshots._Site, "link"), (snapshots, "_broken"), (snapshots, "switch"), (Path, "rename")], ids=lambda step: step[1]
)
def test_one_that_is_killed_leaves_the_former(place, tmp_path, monkeypatch, step):
    make(Page, slug="about")
    run("snapshot", tmp_path / "out")
    before = tree(tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(*step, kill)
        assert in_a_process(lambda: run("snapshot", tmp_path / "out")) == -9
    assert tree(tmp_path / "out") == before
    run("snapshot", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_one_that_is_killed_between_the_names_is_undone(place, tmp_path, monkeypatch):
    make(Page, slug="about")
    run("snapshot", tmp_path / "out")
    before = tree(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.former")
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "_write", kill)
        assert in_a_process(lambda: run("snapshot", tmp_path / "out")) == -9
    assert tree(tmp_path / "out") == before


def test_a_page_that_fails_leaves_no_snapshot(place, tmp_path, monkeypatch):
    make(Page, slug="about")
    monkeypatch.setattr("pages.views.render", lambda *_args, **_options: 1 / 0)
    assert "The site fails at" in refused("snapshot", tmp_path / "out")
    assert list(tmp_path.glob("*out*")) == []


# Addresses


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/ar/a/", "/ar/a/"),
        ("?before=1", "/en/news/?before=1"),
        ("#x", "/en/news/"),
        ("http://localhost:8000/ar/", "/ar/"),
        ("https://example.org/ar/", None),
        ("//example.org/", None),
        ("mailto:a@example.org", None),
        ("/ar/%D8%B5/", "/ar/%D8%B5/"),
        ("/ar/ص/", "/ar/%D8%B5/"),
        ("http://[", None),
    ],
)
def test_an_address_has_one_spelling(address, found):
    assert own(address, "/en/news/") == found


def test_only_addresses_change():
    page = (
        '<p title="href=&quot;/a/&quot;">href="/a/" <A HREF=/a/ class="x">y</a>'
        '<img srcset="/a/ 1x, /b 2x"> &amp; <b>c\n<a href="/a/"></b>'
    )
    new = changed(page, "text/html", lambda address: {"/a/": "/c/?x&y"}.get(address, address))
    assert new == (
        '<p title="href=&quot;/a/&quot;">href="/a/" <A HREF="/c/?x&amp;y" class="x">y</a>'
        '<img srcset="/c/?x&amp;y 1x, /b 2x"> &amp; <b>c\n<a href="/c/?x&amp;y"></b>'
    )
    assert addresses(page, "text/html") == ["/a/", "/a/", "/b", "/a/"]


@pytest.mark.parametrize("path", ["/../x/", "/a/%2e%2e/b/", "/a//b/", "/a/./b"])
def test_no_address_leads_out_of_the_folder(path):
    assert not snapshots._is_plain(path)
