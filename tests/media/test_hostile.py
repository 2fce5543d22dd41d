"""Every file of `hostile`, through every place where one can be uploaded: refused in words, or kept without its harm."""

import re
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from conference_site.media.models import Image
from pages.documents import Document
from tests.builders import make, make_user
from tests.media import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
ARABIC = re.compile(r"[\u0621-\u064a]{3}")


@pytest.fixture
def send(client):
    """Posts to a page of the desk, in Arabic; what is answered is never a fault."""
    client.force_login(make_user("administrator"))
    return partial(post, client)


def post(client: Client, name: str, fields: dict) -> tuple[int, str]:
    with translation.override("ar"):
        answer = client.post(reverse(f"admin:{name}"), fields)
    return answer.status_code, answer.content.decode()


def said(page: str) -> list[str]:
    return [re.sub("<[^>]+>", " ", each).strip() for each in re.findall(r'<ul class="errorlist.*?</ul>', page, re.DOTALL)]


def refused(page: str, file: hostile.File) -> bool:
    words = said(page)
    return bool(words) and all(ARABIC.search(each) for each in words) and hostile.MARK not in page


def test_there_are_many():
    numbers = [len(list(kind())) for kind in (hostile.pictures, hostile.documents, hostile.spreadsheets)]
    assert sum(numbers) >= 60, numbers


@pytest.mark.parametrize("file", list(hostile.pictures()), ids=lambda file: ascii(file.name))
def test_a_picture(send, file):
    fields = {"alternative_text_ar": "صورة", "alternative_text_en": "A picture", "credit_ar": "", "credit_en": ""}
    status, page = send("media_image_add", fields | {"file": SimpleUploadedFile(file.name, file.content)})
    if file.end == hostile.REFUSED:
        assert (status, refused(page, file), Image.objects.count()) == (200, True, 0)
    else:
        assert status == 302, said(page)
        image = Image.objects.get()
        kept = image.file.read()
        assert re.fullmatch(r"images/\d{4}/\d\d/[0-9a-f]{32}\.(webp|svg)", image.file.name)
        harm = (hostile.MARK, "192.0.2.1", "GPS", "<?php", "ENTITY", "PK\x03\x04")
        assert [mark for mark in harm if mark.encode() in kept] == []


@pytest.mark.parametrize("file", [*hostile.pictures()][:40:4], ids=lambda file: ascii(file.name))
def test_many_photographs_at_once(send, file):
    """With a good one beside it, of which nothing is kept either where the other one is refused."""
    files = [SimpleUploadedFile("good.jpg", hostile.photograph()), SimpleUploadedFile(file.name, file.content)]
    make(Image)
    status, page = send("media_image_add", {"files": files})
    assert status < 500
    assert hostile.MARK not in page


@pytest.mark.parametrize("file", list(hostile.documents()), ids=lambda file: ascii(file.name))
def test_a_document(send, file):
    fields = {"title_ar": "وثيقة", "file_ar": SimpleUploadedFile(file.name, file.content), "_continue": "1"}
    status, page = send("pages_document_add", fields)
    assert (status, refused(page, file), Document.objects.count()) == (200, True, 0)


@pytest.mark.parametrize("file", list(hostile.spreadsheets()), ids=lambda file: ascii(file.name))
def test_a_spreadsheet(send, file):
    status, page = send("spreadsheet", {"file": SimpleUploadedFile(file.name, file.content)})
    assert (status, refused(page, file)) == (200, True)
