"""What readers get is compressed and in few files; the desk's pages stay as they are."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from conference_site.delivery.storage import JoinedStaticFilesStorage, drawing_address
from tests.builders import make_user

COMPRESSED = {"Accept-Encoding": "gzip"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ar/", "/en/news.atom", "/en/nothing/", "/sitemap-lists.xml"])
def test_texts_are_compressed_for_whoever_can_read_it(client, path):
    plain, packed = client.get(path), client.get(path, headers=COMPRESSED)
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert len(gzip.decompress(packed.content)) == len(plain.content)
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.django_db
def test_the_desk_is_never_compressed(client):
    assert "Content-Encoding" not in client.get("/en/admin/login/", headers=COMPRESSED).headers
    client.force_login(make_user("administrator"))
    assert "Content-Encoding" not in client.get("/en/admin/", headers=COMPRESSED).headers


def test_pictures_are_not_compressed_again(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.webp").write_bytes(b"RIFF" * 1000)
    assert "Content-Encoding" not in client.get("/media/a.webp", headers=COMPRESSED).headers


def test_the_stylesheets_are_collected_into_one():
    name = staticfiles_storage.stored_name("css/site.css")
    sheet = Path(settings.STATIC_ROOT, name).read_text()
    assert "@import" not in sheet
    places = [sheet.index(text) for text in ("--text-hero:", "}body{", ".site-header>", ":lang(ar)")]
    assert places == sorted(places)
    assert "/*" not in sheet
    assert Path(settings.STATIC_ROOT, f"{name}.gz").stat().st_size < 10 * 1460 - 600  # the first ten packets, with headers
    assert Path(settings.STATIC_ROOT, f"{name}.br").exists()
    # Small drawings are in it; a large one keeps an address, with a hash.
    assert sheet.count('url("data:image/svg+xml,') == 3
    assert sheet.count('.svg")') == 1


def test_only_what_is_new_is_compressed(tmp_path, monkeypatch):
    """A start that changes nothing has nothing to compress; what is there is whole, for it got its name last."""
    storage = JoinedStaticFilesStorage(location=tmp_path)
    names = ["a.css", "a.js", "a.js.map"]
    for name in names:
        (tmp_path / name).write_text("text " * 100)
    assert sorted(storage.compress_files(names)) == [(name, name + end) for name in names[:2] for end in (".br", ".gz")]
    (tmp_path / "a.js.gz").unlink()  # as after an interruption
    assert sorted(storage.compress_files(names)) == [("a.js", "a.js.br"), ("a.js", "a.js.gz")]
    (tmp_path / "b.css").write_text("text " * 100)
    monkeypatch.setattr(Path, "replace", lambda unfinished, _name: unfinished)
    list(storage.compress_files(["b.css"]))
    assert sorted(path.name for path in tmp_path.glob("b.*")) == ["b.css", "b.css.br.new", "b.css.gz.new"]


@pytest.mark.django_db
def test_a_page_has_its_scripts_within_and_allows_each_by_its_hash(client):
    response = client.get("/en/news/")
    [script] = re.findall(r'<script type="module">(.*?)</script>', response.content.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_a_drawing_is_an_address_that_can_stand_anywhere():
    assert drawing_address('<svg fill="#0b3"><path d="M0 (1)"/></svg>\n') == (
        "data:image/svg+xml,%3Csvg%20fill=%22%230b3%22%3E%3Cpath%20d=%22M0%20%281%29%22/%3E%3C/svg%3E"
    )
