"""How the static files are collected: hashed and compressed by WhiteNoise, `site.css` with all it refers to and no comments."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.files.base import ContentFile
from rcssmin import cssmin
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import "([a-z]+\.css)";\n')
DRAWING = re.compile(r"\.\./(img/[a-z-]+\.svg)")
SMALL = 10_000  # bytes of a drawing, of which a fifth is left when it is compressed


class WholeCompressor(Compressor):
    """Leaves no half of a file where it is interrupted, and maps of sources, which only debuggers read, as they are."""

    SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        unfinished = super().write_data(path, data, f"{suffix}.new", stat_result)
        return str(Path(unfinished).replace(path + suffix))


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts the stylesheets that `site.css` imports into it, and small drawings into those, without what only people read.

    Each file of its own costs a phone another connection or another round trip before the page is drawn, and so does what exceeds
    the first ten packets of an answer (RFC 6928): 14 kB.
    """

    def post_process(self, paths: dict[str, tuple], dry_run: bool = False, **options: Any) -> Iterator[tuple]:
        if SHEET in paths and not dry_run:
            self.delete(SHEET)
            self.save(SHEET, ContentFile(cssmin(join(paths)).encode()))
            paths = paths | {SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return WholeCompressor(**options | {"extensions": WholeCompressor.SKIP_COMPRESS_EXTENSIONS})

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those that aren't yet: a name says what is in its file, and Brotli takes most of a start. Gzip's come last."""
        return super().compress_files(path for path in paths if not self.exists(f"{path}.gz"))


def join(paths: dict[str, tuple]) -> str:
    """`site.css` as it was found in ``paths`` (name → storage and path), with what it refers to in its place."""

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    def drawing(found: re.Match) -> str:
        text = read(found[1])
        return found[0] if len(text) > SMALL else drawing_address(text)

    sheet = IMPORT.sub(lambda found: read(f"css/{found[1]}"), read(SHEET))
    return DRAWING.sub(drawing, sheet)


def drawing_address(svg: str) -> str:
    """An address that is the drawing itself: for what is asked for by every page, and smaller than a request."""
    return "data:image/svg+xml," + quote(svg.strip(), safe="=:/,;")
