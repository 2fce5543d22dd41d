"""What may be uploaded as a picture, and what becomes of it."""

import struct
from io import BytesIO
from pathlib import PurePath
from typing import NamedTuple
from uuid import uuid4

from defusedxml import ElementTree
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import ExifTags, ImageCms, UnidentifiedImageError
from PIL import Image as Pillow
from py_svg_hush import filter_svg

FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPTED = [*(f"image/{name.lower()}" for name in FORMATS), "image/svg+xml"]
"""As the file dialogue of a browser wants them."""
MAX_BYTES = 12 * 1024 * 1024
MAX_SVG_BYTES = 512 * 1024
MAX_SVG_DEPTH = 200  # elements within each other
MOVING = {"animate", "animatecolor", "animatemotion", "animatetransform", "discard", "set"}
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2000  # pixels of what is kept
SRGB = ImageCms.createProfile("sRGB")
TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
"""What brings a picture upright, by the orientation that its metadata say."""


class Picture(NamedTuple):
    """What is kept of an upload, and its size: pixels, or the units of a drawing."""

    file: ContentFile
    width: int
    height: int


def validate(file: File) -> None:
    """Refuse, in words, what isn't a picture that the site can keep. The type is read from the content, never the name."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than %(size)s megabytes.") % {"size": MAX_BYTES // 1024**2})
    if _is_drawing(file):
        _sanitised(file)
    else:
        _decode(file)


def validate_kept(file: File) -> None:
    """Refuse, in English, for only operators see it, what `prepare` could not have made of any upload."""
    validate(file)
    if _is_drawing(file):
        is_kept = PurePath(file.name).suffix == ".svg" and _sanitised(file)[0] == file.read()
    else:
        picture = _decode(file)
        is_small = max(picture.size) <= LONGEST_SIDE
        is_kept = PurePath(file.name).suffix == ".webp" and picture.format == "WEBP" and is_small and not picture.getexif()
    if not is_kept:
        raise ValidationError("This is not a picture as the site keeps it. Upload the original at the desk.")


def prepare(file: File) -> Picture:
    """What is kept of ``file``, under a name of its own; whatever `validate` refuses raises its `ValidationError`."""
    return _drawing(file) if _is_drawing(file) else _photograph(file)


def _photograph(file: File) -> Picture:
    """Upright, in sRGB, at most `LONGEST_SIDE` long, as WebP without any metadata."""
    picture = _decode(file)
    turn = TURNS.get(_orientation(picture))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")  # 16 bits of grey
    if picture.mode != "CMYK":
        picture = picture.convert(mode)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    picture = _in_srgb(picture, mode)
    picture = picture if turn is None else picture.transpose(turn)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=84, method=4)
    return Picture(_named(buffer.getvalue(), ".webp"), *picture.size)


def _orientation(picture: Pillow.Image) -> int | None:
    """What its metadata say; nothing where they are damaged, as some programs leave them."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error):
        return None


def _in_srgb(picture: Pillow.Image, mode: str) -> Pillow.Image:
    """With the colours that its profile means: without one, as it is kept, browsers take them for sRGB."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
        return ImageCms.profileToProfile(picture, profile, SRGB, outputMode=mode)
    except (KeyError, OSError, ValueError, TypeError, ImageCms.PyCMSError):  # none, a damaged one, or one for other colours
        return picture.convert(mode)


def _drawing(file: File) -> Picture:
    """An SVG without scripts, links and what it would load from elsewhere."""
    content, (width, height) = _sanitised(file)
    return Picture(_named(content, ".svg"), width, height)


def _named(content: bytes, suffix: str) -> ContentFile:
    return ContentFile(content, name=str(PurePath(uuid4().hex).with_suffix(suffix)))


def _is_drawing(file: File) -> bool:
    file.seek(0)
    head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    return head.startswith(b"<") and b"<svg" in head


def _sanitised(file: File) -> tuple[bytes, tuple[int, int]]:
    if file.size > MAX_SVG_BYTES:
        raise ValidationError(_("The drawing is larger than %(size)s kilobytes.") % {"size": MAX_SVG_BYTES // 1024})
    file.seek(0)
    try:
        _require_flat_and_still(file)
        file.seek(0)
        content = filter_svg(file.read())
        size = _size(content)
    except (ValueError, OverflowError, ElementTree.ParseError):
        raise ValidationError(_("This SVG drawing is damaged, or does not say how large it is.")) from None
    finally:
        file.seek(0)
    return content, size


def _require_flat_and_still(file: File) -> None:
    """What is sanitised is indented too: a few bytes for each of many levels would grow to a thousand times as many.

    What moves could set an address or a handler later, and moves for readers who asked for less motion.
    """
    depth = 0
    for event, element in ElementTree.iterparse(file, ("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_SVG_DEPTH:
            raise ValueError
        if element.tag.rpartition("}")[2].lower() in MOVING:
            raise ValidationError(_("This SVG drawing moves. Save it without animation."))


def _size(drawing: bytes) -> tuple[int, int]:
    """The last two numbers of its ``viewBox``, else ``width`` and ``height``; a browser needs their ratio only."""
    svg = ElementTree.fromstring(drawing)
    box = svg.get("viewBox", "").replace(",", " ").split()[2:]
    width, height = (float(value.removesuffix("px")) for value in (box or (svg.get("width", ""), svg.get("height", ""))))
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise ValueError
    # Small ones are scaled up, so that rounding leaves the ratio as it is.
    scale = max(1, 1000 / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _decode(file: File) -> Pillow.Image:
    file.seek(0)
    try:
        picture = Pillow.open(file, formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Pillow.DecompressionBombError
        picture.load()
    except Pillow.DecompressionBombError:
        raise ValidationError(_("The picture has more than %(n)s million pixels.") % {"n": MAX_PIXELS // 10**6}) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ValidationError(_("This file is no JPEG, PNG, WebP or SVG picture, or it is damaged.")) from None
    finally:
        file.seek(0)
    return picture
