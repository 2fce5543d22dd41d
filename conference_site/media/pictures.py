"""What may be uploaded as a picture, and what becomes of it."""

from io import BytesIO
from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2000  # pixels of what is kept


def validate(file: File) -> None:
    """Refuse, in words, what isn't a picture that the site can keep. The type is read from the content, never the name."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than %(size)s megabytes.") % {"size": MAX_BYTES // 1024**2})
    _decode(file)


def re_encode(file: File) -> ContentFile:
    """The picture upright, at most `LONGEST_SIDE` long, as WebP without any metadata, under a name of its own."""
    picture = ImageOps.exif_transpose(_decode(file))
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=84, method=5)
    return ContentFile(buffer.getvalue(), name=str(PurePath(uuid4().hex).with_suffix(".webp")))


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
        raise ValidationError(_("This file is no JPEG, PNG or WebP picture, or it is damaged.")) from None
    finally:
        file.seek(0)
    return picture
