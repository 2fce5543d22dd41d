"""After everything was destroyed and brought back, every address of the site answers what it did, byte for byte."""

import html
import re
import shutil
import time

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from news.models import NewsItem, NewsPicture
from pages.documents import Document
from tests import sitemaps
from tests.archives.conftest import PDF, files, picture, rows, run
from tests.builders import make
from tests.routes import routes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]

LINK = re.compile(r'(?:href|src|srcset|poster|content)="(?:http://localhost:8000)?(/[^"#]*)')
APART = re.compile(r"/(?:ar|en)/admin/|/static/")
LANGUAGES = ("ar", "en")
KINDS = ("text/html", "application/atom", "image/", "application/pdf")
SEARCHES = [f"/{language}/search/?q={words}" for language in LANGUAGES for words in ("التعليم", "education", "x")]


def answers() -> dict[str, tuple[int, str, bytes]]:
    """Status, type and bytes of every address: those of the sitemaps in each language, and whatever is linked to from any page.

    Files and pictures that are drawn are among them.
    """
    client, found = Client(), {}
    listed = [f"/{language}/{path[4:]}" for path in sitemaps.pages(client) for language in LANGUAGES]
    plain = [path for language in LANGUAGES for path, _pattern in routes(language) if "<" not in path and "(" not in path]
    waiting = ["/", "/sitemap.xml", *sitemaps.index(client), *SEARCHES, *plain, *listed]
    while waiting:
        path = waiting.pop()
        if path in found or APART.match(path):
            continue
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[path] = (answer.status_code, answer.headers.get("Content-Type", ""), content)
        if "html" in found[path][1] or "xml" in found[path][1]:
            waiting += [html.unescape(each.split(" ")[0]) for each in LINK.findall(content.decode())]
    return found


def test_every_row_file_and_page_is_as_it_was(place):
    call_command("load_starting_content", verbosity=0)
    item = make(NewsItem, slug="with-pictures", image=picture("red", 900), body_en="<p>Text</p>")
    NewsPicture.objects.create(item=item, image=picture("blue", 700), caption_en="A hall")
    picture("green").withdraw()
    make(Document, slug="call", file_en=ContentFile(PDF, "x.pdf"))
    begun = time.monotonic()
    was = rows(), files(), answers()
    run("backup")
    [archive] = place.glob("*.tar")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT)
    run("restore", archive)
    found = rows(), files(), answers()
    assert found[:2] == was[:2]
    assert found[2].keys() == was[2].keys()
    assert [path for path in was[2] if was[2][path] != found[2][path]] == []
    types = [kind for status, kind, _content in was[2].values() if status == 200]
    kinds = {name: sum(kind.startswith(name) for kind in types) for name in KINDS}
    assert min(kinds.values()) > 0
    told = f"{len(was[2])} addresses, {kinds}, {sum(map(len, was[0].values()))} rows, {len(was[1])} files"
    print(f"{told}, {time.monotonic() - begun:.0f} s")
