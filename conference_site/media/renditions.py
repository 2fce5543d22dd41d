"""Renditions: a picture in the sizes and formats that a browser chooses from.

A rendition is drawn when its own address is first asked for, never while a page is. The address says all there is to know, and is
signed: nobody else can have anything drawn. What was drawn is kept under the very name that the address has.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore, Lock
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import constant_time_compare, salted_hmac
from PIL import Image as Pillow
from PIL import ImageOps

FOLDER = "renditions"
WIDTHS = (320, 640, 960, 1440, 2000)  # pixels; more of them would cost disk and help nobody
CENTRE = (50, 50)

AVIF, WEBP, JPEG = "avif", "webp", "jpg"
ENCODING = {
    AVIF: ("AVIF", {"quality": 55, "speed": 8}),  # 6 takes five times as long and is no smaller
    WEBP: ("WEBP", {"quality": 76, "method": 4}),
    JPEG: ("JPEG", {"quality": 78, "progressive": True}),
}
NAME = re.compile(
    rf"{FOLDER}/(?P<picture>.+)/(?P<width>\d+)x(?P<height>\d+)-(?P<x>\d+)-(?P<y>\d+)-(?P<signature>[0-9a-f]{{20}})"
    rf"\.(?P<format>{'|'.join(ENCODING)})"
)

_drawing = Lock()
"""One drawing at a time in each process: a large one takes a processor for seconds, and pages are more urgent."""

_threads = BoundedSemaphore(2)
"""How many of a process's threads (four) may draw, or wait until they may: the others are there for pages."""


class BusyError(Exception):
    """So many renditions are being drawn that this one has to wait for another request."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """``picture``, a file of the library, cut to ``width`` × ``height`` pixels around ``focus`` (per cent from left and top)."""

    picture: str
    width: int
    height: int
    focus: tuple[int, int]
    format: str

    @property
    def name(self) -> str:
        """Its name in the storage; its address is that of any other file."""
        return f"{self._stem}-{self._signature}.{self.format}"

    @property
    def url(self) -> str:
        return settings.MEDIA_URL + quote(self.name)

    @property
    def _stem(self) -> str:
        x, y = self.focus
        return f"{folder_of(self.picture)}/{self.width}x{self.height}-{x}-{y}"

    @property
    def _signature(self) -> str:
        return salted_hmac("media.renditions", f"{self._stem}.{self.format}", algorithm="sha256").hexdigest()[:20]

    @classmethod
    def read(cls, name: str) -> "Rendition | None":
        """The rendition that has this name; None unless this site has given it."""
        if not (found := NAME.fullmatch(name)):
            return None
        width, height, x, y = (int(found[part]) for part in ("width", "height", "x", "y"))
        rendition = cls(found["picture"], width, height, (x, y), found["format"])
        return rendition if constant_time_compare(rendition.name, name) else None

    def keep(self) -> None:
        """Draw it, unless it is there.

        Raises FileNotFoundError without the picture, OSError where that is damaged, `BusyError` where too much is to be drawn.
        """
        if default_storage.exists(self.name):
            return
        if not _threads.acquire(blocking=False):
            raise BusyError
        try:
            with _drawing:
                self._draw_and_save()
        finally:
            _threads.release()

    def _draw_and_save(self) -> None:
        if default_storage.exists(self.name):
            return
        default_storage.save(self.name, ContentFile(self._draw()))
        if not default_storage.exists(self.picture):  # withdrawn meanwhile, perhaps after its renditions were deleted
            default_storage.delete(self.name)
            raise FileNotFoundError(self.picture)

    def _draw(self) -> bytes:
        kind, options = ENCODING[self.format]
        with default_storage.open(self.picture) as file:
            picture = Pillow.open(file, formats=["WEBP"])
            centering = tuple(share / 100 for share in self.focus)
            picture = ImageOps.fit(picture, (self.width, self.height), Pillow.Resampling.LANCZOS, centering=centering)
        if self.format == JPEG and picture.mode == "RGBA":
            picture = Pillow.alpha_composite(Pillow.new("RGBA", picture.size, "white"), picture).convert("RGB")
        buffer = BytesIO()
        picture.save(buffer, kind, **options)
        return buffer.getvalue()


def folder_of(picture: str) -> str:
    """Where all renditions of a picture lie."""
    return f"{FOLDER}/{picture}"
