"""What is uploaded is decoded, checked by its content, and encoded again: nothing but its pixels is kept."""

import struct
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import ExifTags, ImageCms
from PIL import Image as Pillow

from conference_site.media.models import Image
from conference_site.media.pictures import LONGEST_SIDE, MAX_BYTES, MAX_SVG_BYTES, MAX_SVG_DEPTH
from tests.builders import make_user
from tests.desk.forms import fields_of
from tests.media.hostile import png_of

pytestmark = pytest.mark.django_db

NO_PICTURE = "This file is no JPEG, PNG, WebP or SVG picture, or it is damaged."
NO_DRAWING = "This SVG drawing is damaged, or does not say how large it is."


def picture(size=(40, 30), kind="JPEG", **options) -> bytes:
    """A picture whose upper left corner is red, the rest blue."""
    image = Pillow.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def drawing(content: str = "", size: str = 'viewBox="0 0 30 10"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>'.encode()


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


def test_metadata_that_are_damaged_make_no_picture_a_bad_one(desk):
    exif = Pillow.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "Somebody"
    damaged = exif.tobytes().replace(b"\x01;\0\x02\0\0\0\t", b"\x01;\0\x05\0\0\0\x01")  # a text that says it were a fraction
    assert damaged != exif.tobytes()
    upload(desk, picture(kind="WEBP", exif=damaged))
    assert stored().size == (30, 40)  # upright nevertheless
    assert upload(desk, picture(kind="WEBP", exif=b"Exif\0\0MM\0x\0\0")).status_code == 302


def test_colours_become_those_that_browsers_presume(desk):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")  # it calls blue what is red
    upload(desk, picture(icc_profile=swapped))
    red, _green, blue = stored().getpixel((5, 5))
    assert (red < 50, blue > 200, "icc_profile" in stored().info) == (True, True, False)


@pytest.mark.parametrize("profile", [b"<script>", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_a_profile_that_is_none_for_these_colours_does_no_harm(desk, profile):
    upload(desk, picture(icc_profile=profile))
    red, _green, blue = stored().getpixel((5, 5))
    assert (red > 200, blue < 50) == (True, True)


@pytest.mark.parametrize(
    ("mode", "kind", "colour", "seen"),
    [
        ("CMYK", "JPEG", (0, 255, 255, 0), (255, 0, 0)),
        ("I;16", "PNG", 0x8000, (128, 128, 128)),
        ("L", "PNG", 128, (128, 128, 128)),
    ],
)
def test_pictures_for_print_and_of_sixteen_bits_look_as_they_did(desk, mode, kind, colour, seen):
    buffer = BytesIO()
    Pillow.new(mode, (40, 30), colour).save(buffer, kind)
    upload(desk, buffer.getvalue())
    assert [abs(is_ - was) < 3 for is_, was in zip(stored().getpixel((5, 5)), seen, strict=True)] == [True] * 3


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
        ("sizeless.svg", drawing(size=""), NO_DRAWING),
        ("flat.svg", drawing(size='width="1e-320" height="1e-320"'), NO_DRAWING),
        ("endless.svg", drawing(size='width="inf" height="1"'), NO_DRAWING),
        ("deep.svg", drawing("<g>" * MAX_SVG_DEPTH + "</g>" * MAX_SVG_DEPTH), NO_DRAWING),
        ("heavy.svg", drawing(" " * MAX_SVG_BYTES), "The drawing is larger than 512 kilobytes."),
        ("page.png", b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
        ("picture.gif", picture(kind="GIF"), NO_PICTURE),
        ("huge.gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x00\x00\x00", NO_PICTURE),
        ("huge.png", png_of(60_000, 60_000), "The picture has more than 50 million pixels."),
        ("large.png", png_of(8000, 7000), "The picture has more than 50 million pixels."),
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
    content = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10" onload="alert(1)">
        <script>alert(1)</script>
        <a href="javascript:alert(1)"><rect width="9" height="9"/></a><image href="https://elsewhere.example/x.png"/></svg>"""
    upload(desk, content, "logo.svg")
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
    answer = desk.post(f"/en/admin/media/image/{image.pk}/change/", texts | {"focus_x": "101", "focus_y": "-1"})
    assert set(answer.context["adminform"].form.errors) == {"focus_x", "focus_y"}


def test_a_picture_keeps_its_file_for_texts_name_it(desk):
    upload(desk, picture())
    image = Image.objects.get()
    texts = {"alternative_text_ar": "أخرى", "focus_x": "50", "focus_y": "50"}
    desk.post(f"/en/admin/media/image/{image.pk}/change/", texts | {"file": SimpleUploadedFile("x.jpg", picture((9, 9)))})
    changed = Image.objects.get()
    assert (changed.alternative_text_ar, changed.file.name, changed.width) == ("أخرى", image.file.name, 40)


def test_a_long_preamble_hides_no_drawing(desk):
    upload(desk, b'<?xml version="1.0"?><!--' + b"x" * 2000 + b"-->" + drawing(), "x.svg")
    assert Image.objects.get().is_drawing


def test_a_picture_needs_an_alternative_text_in_some_language(desk):
    response = upload(desk, picture(), alternative_text_ar="", alternative_text_en="")
    assert (response.status_code, Image.objects.count()) == (200, 0)
