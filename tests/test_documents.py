"""Documents: a file for each language under an address that stays, found by search, attached to what they belong to."""

import re
from io import BytesIO
from pathlib import PurePath
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from conference_site.media import documents
from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.documents import Document
from pages.models import Goal
from tests.builders import make, make_user

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF"


def archive(*members: str, **contents: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as file:
        for member in members:
            file.writestr(member, "x")
        for member, content in contents.items():
            file.writestr(member, content)
    return buffer.getvalue()


def make_document(**fields) -> Document:
    files = {name: ContentFile(content, "x") for name, content in fields.items() if name.startswith("file_")}
    return make(Document, **{"slug": "call"} | fields | files)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_each_language_has_its_file_under_an_address_that_stays(client):
    document = make_document(file_ar=PDF + b" ar", file_en=PDF + b" en")
    for language in ("ar", "en"):
        answer = client.get(f"/{language}/documents/call/file/")
        assert (answer.status_code, body(answer)) == (200, PDF + f" {language}".encode())
        assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
            "application/pdf",
            f'attachment; filename="call-{language}.pdf"',
        )
    document.file_en = ContentFile(PDF + b" new", "y.pdf")
    document.save()
    again = client.get("/en/documents/call/file/")
    assert (body(again), document.size_en) == (PDF + b" new", len(PDF + b" new"))
    assert client.get("/en/documents/call/file/", headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    # Who has had it is told nothing by which another address of the file could be made up.
    assert PurePath(document.file_en.name).stem not in str(again.headers)


def test_a_language_without_a_file_has_none_and_its_page_offers_the_other(client):
    make_document(file_ar=PDF, title_en="The call", title_ar="الدعوة", description_ar="الوصف")
    assert client.get("/en/documents/call/file/").status_code == 404
    html = client.get("/en/documents/call/").content.decode()
    assert '<a href="/ar/documents/call/file/" hreflang="ar">' in html
    assert ("/en/documents/call/file/" in html, '<meta name="robots" content="noindex">' in html) == (False, True)


def test_nothing_leads_to_the_file_of_a_draft(client):
    document = make_document(file_ar=PDF, file_en=PDF)
    working_copies.withdraw(document, ["en"])
    assert client.get("/en/documents/call/file/").status_code == 404
    working_copies.withdraw(document, ["ar"])
    assert [client.get(f"/ar/documents/call/{end}").status_code for end in ("", "file/")] == [404, 404]
    assert "call" not in client.get("/ar/documents/").content.decode()


def test_it_stands_with_what_it_belongs_to_with_kind_and_size(client):
    document = make_document(file_en=archive("ppt/presentation.xml") + b"\0" * 2048, title_en="Slides")
    hidden = make(Document, [], slug="hidden", title_en="Hidden")
    for model, path in ((NewsItem, "/en/news/one/"), (Goal, "/en/goals/one/")):
        item = make(model, slug="one")
        item.documents.set([document, hidden])
        html = client.get(path).content.decode()
        size = "2.1 KB" in html.replace("\xa0", " ")
        assert ("Slides" in html, "Hidden" in html, "PowerPoint" in html, size) == (True, False, True, True)


def test_4_a_size_reads_in_the_direction_of_its_page(client):
    document = make_document(file_ar=PDF)
    working_copies.publish(document, ["ar"])
    sizes = re.findall(r"<bdi[^>]*>\d[^<]*</bdi>", client.get("/ar/documents/").content.decode())
    assert [size.partition(">")[0] for size in sizes] == ["<bdi"]  # an Arabic unit follows its number from right to left


def test_it_is_found_by_its_title_and_description(client):
    document = make_document(file_en=PDF, title_en="Call for papers", description_en="Deadlines and templates")
    working_copies.publish(document, ["ar", "en"])
    for words in ("papers", "templates"):
        assert "/en/documents/call/" in client.get("/en/search/", {"q": words}).content.decode()


def test_a_former_address_leads_to_the_file_too(client):
    document = make_document(file_en=PDF)
    working_copies.publish(document, ["en"])
    document.slug = "call-2027"
    document.save()
    document.keep_former_slug("call")
    answer = client.get("/en/documents/call/file/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/documents/call-2027/file/")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html>", "This file is no PDF, Office or OpenDocument file, or it is damaged."),
        (archive("x.txt"), "This file is no PDF, Office or OpenDocument file, or it is damaged."),
        (archive(mimetype="text/html"), "This file is no PDF, Office or OpenDocument file, or it is damaged."),
        (archive("word/document.xml", "word/vbaProject.bin"), "This file carries macros. Save it without them."),
        (archive("xl/workbook.xml", "XL/VBAPROJECT.BIN"), "This file carries macros. Save it without them."),
    ],
)
def test_what_is_no_document_is_refused_in_words(client, content, words):
    client.force_login(make_user("organiser"))
    fields = {"title_en": "T", "file_en": ContentFile(content, "x.pdf"), "_continue": "1"}
    answer = client.post("/en/admin/pages/document/add/", fields)
    assert (answer.status_code, Document.objects.count()) == (200, 0)
    assert [str(error) for error in answer.context["adminform"].form.errors["file_en"]] == [words]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (PDF, ".pdf"),
        (archive("word/document.xml"), ".docx"),
        (archive("xl/workbook.xml"), ".xlsx"),
        (archive(mimetype="application/vnd.oasis.opendocument.presentation"), ".odp"),
    ],
)
def test_the_kind_is_read_from_the_content(client, content, suffix):
    client.force_login(make_user("organiser"))
    fields = {"title_en": "T", "file_en": ContentFile(content, "evil.html"), "_continue": "1"}
    assert client.post("/en/admin/pages/document/add/", fields).status_code == 302
    document = Document.objects.get()
    assert re.fullmatch(rf"documents/\d{{4}}/\d\d/[0-9a-f]{{32}}\{suffix}", document.file_en.name)  # nobody can guess it
    assert (document.size_en, document.size_ar) == (len(content), 0)
    assert client.get("/en/documents/t/file/").status_code == 404  # a draft
    working_copies.publish(document, ["en"])
    answer = client.get("/en/documents/t/file/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="t-en{suffix}"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("compression", [ZIP_DEFLATED, ZIP_LZMA])
def test_a_damaged_archive_is_refused_in_words(compression):
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    content = buffer.getvalue()
    start = content.index(b"mimetype") + len("mimetype")
    with pytest.raises(ValidationError, match="This file is no PDF"):
        documents.validate(ContentFile(content[:start] + b"\xff" * 12 + content[start + 12 :]))


def test_a_document_may_be_large_but_not_too_large(monkeypatch):
    monkeypatch.setattr(documents, "MAX_BYTES", 2 * 1024**2)
    documents.validate(ContentFile(PDF[:-5].ljust(documents.MAX_BYTES - 5) + PDF[-5:]))
    with pytest.raises(ValidationError, match="larger than 2 megabytes"):
        documents.validate(ContentFile(PDF.ljust(documents.MAX_BYTES + 1)))


def test_a_document_needs_a_file_in_some_language(client):
    client.force_login(make_user("organiser"))
    answer = client.post("/en/admin/pages/document/add/", {"title_en": "T", "_continue": "1"})
    assert answer.context["adminform"].form.non_field_errors() == ["At least one language needs its file."]
