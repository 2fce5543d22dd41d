"""What is uploaded is decoded, checked by its content, and encoded again: nothing but its pixels is kept."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import ExifTags
from PIL import Image as Pillow

from conference_site.media.models import Image
from conference_site.media.pictures import LONGEST_SIDE, MAX_BYTES
from tests.builders import make_user
from tests.desk.forms import fields_of

pytestmark = pytest.mark.django_db

NO_PICTURE = "This file is no JPEG, PNG, WebP or SVG picture, or it is damaged."


def picture(size=(40, 30), kind="JPEG", **options) -> bytes:
    """A picture whose upper left corner is red, the rest blue."""
    image = Pillow.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says in its header how large it is, and has next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    return client


def upload(desk, content: bytes, name: str = "picture.jpg", language: str = "en", **fields):
    texts = {"alternative_text_ar": "صورة", "alternative_text_en": "A picture", "credit_ar": "مصوّر", "credit_en": ""}
    return desk.post(f"/{language}/admin/media/image/add/", texts | fields | {"file": SimpleUploadedFile(name, content)})


def stored() -> Pillow.Image:
    return Pillow.open(Image.objects.get().file.path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_webp_under_a_name_of_its_own(desk, kind):
    assert upload(desk, picture(kind=kind), "../../etc/صورة.php").status_code == 302
    image = Image.objects.get()
    assert (stored().format, stored().size, image.width, image.height) == ("WEBP", (40, 30), 40, 30)
    assert image.file.name.startswith("images/")
    assert image.file.name.endswith(".webp")
    assert "php" not in image.file.name
    assert desk.get(image.file.url).status_code == 200


def test_the_orientation_is_applied_and_where_it_was_taken_is_gone(desk):
    exif = Pillow.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turned by a quarter
    exif[ExifTags.Base.Artist] = "Somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (24.0, 38.0, 0.0)
    content = picture(exif=exif)
    assert Pillow.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    upload(desk, content)
    image = stored()
    assert (image.size, dict(image.getexif()), "exif" in image.info, "xmp" in image.info) == ((30, 40), {}, False, False)
    red, _green, blue = image.convert("RGB").getpixel((25, 5))
    assert (red > 200, blue < 50) == (True, True)  # the corner that was at the upper left is now at the upper right
    assert b"Somebody" not in Image.objects.get().file.read()


def test_a_large_picture_is_made_smaller_and_transparency_is_kept(desk):
    buffer = BytesIO()
    Pillow.new("RGBA", (LONGEST_SIDE + 400, 300), (0, 0, 0, 0)).save(buffer, "PNG")
    upload(desk, buffer.getvalue())
    assert (stored().width, stored().mode, stored().getpixel((0, 0))[3]) == (LONGEST_SIDE, "RGBA", 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("truncated.jpg", picture((400, 300))[:900], NO_PICTURE),
        ("text.jpg", b"Not a picture at all", NO_PICTURE),
        (
            "sizeless.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This SVG drawing is damaged, or does not say how large it is.",
        ),
        ("page.png", b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
        ("picture.gif", picture(kind="GIF"), NO_PICTURE),
        ("huge.gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x00\x00\x00", NO_PICTURE),
        ("huge.png", png_of(60_000, 60_000), "The picture has more than 50 million pixels."),
        ("wide.png", png_of(51_000_000, 1), "The picture has more than 50 million pixels."),
        ("heavy.jpg", picture() + b"\0" * MAX_BYTES, "The picture is larger than 12 megabytes."),
        ("polyglot.jpg", b"<?php system('id') ?>" + picture(), NO_PICTURE),
        ("empty.jpg", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_picture_for_the_site_is_refused_in_words_and_the_texts_stay(desk, name, content, words):
    response = upload(desk, content, name)
    assert (response.status_code, Image.objects.count()) == (200, 0)
    assert [str(error) for error in response.context["adminform"].form.errors["file"]] == [words]
    fields = fields_of(response, "image_form")
    assert {name: fields[name] for name in ("alternative_text_ar", "alternative_text_en", "credit_ar")} == {
        "alternative_text_ar": ["صورة"],
        "alternative_text_en": ["A picture"],
        "credit_ar": ["مصوّر"],
    }


def test_the_refusal_is_in_the_language_of_the_desk(desk):
    response = upload(desk, b"text", language="ar")
    with translation.override("ar"):
        assert response.context["adminform"].form.errors["file"] == [translation.gettext(NO_PICTURE)]
    assert NO_PICTURE not in response.content.decode()


def test_a_drawing_is_kept_without_what_could_act(desk):
    drawing = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10" onload="alert(1)">
        <script>alert(1)</script>
        <a href="javascript:alert(1)"><rect width="9" height="9"/></a><image href="https://elsewhere.example/x.png"/></svg>"""
    upload(desk, drawing, "logo.svg")
    image = Image.objects.get()
    kept = image.file.read().decode()
    assert [word for word in ("script", "onload", "javascript", "elsewhere") if word in kept] == []
    assert ("<rect" in kept, image.file.name.endswith(".svg")) == (True, True)
    assert (image.width, image.height) == (1000, 333)
    answer = desk.get(image.file.url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_what_hides_behind_a_picture_is_gone(desk):
    upload(desk, picture() + b"<script>alert(1)</script>")
    assert b"script" not in Image.objects.get().file.read()


def test_the_texts_change_without_another_upload(desk):
    upload(desk, picture())
    image = Image.objects.get()
    texts = {
        "alternative_text_ar": "أخرى",
        "alternative_text_en": "Another",
        "credit_ar": "",
        "credit_en": "Somebody",
        "file": "",
        "focus_x": "٣٠",
        "focus_y": "70",
    }
    assert desk.post(f"/en/admin/media/image/{image.pk}/change/", texts).status_code == 302
    changed = Image.objects.get()
    assert (changed.alternative_text_ar, changed.credit_en, changed.file.name) == ("أخرى", "Somebody", image.file.name)
    assert (changed.focus_x, changed.focus_y) == (30, 70)


def test_a_picture_needs_an_alternative_text_in_some_language(desk):
    response = upload(desk, picture(), alternative_text_ar="", alternative_text_en="")
    assert (response.status_code, Image.objects.count()) == (200, 0)
