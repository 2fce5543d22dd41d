"""Pages on the disk of this host, for when the database is away and the process that knew them is gone.

They are written behind the answers, and read only while the database is away: whatever stands there may be old. What can't be
written is logged, and missing later, no more. Pages with a query are not written, for there is no end of them.
"""

import gzip
import json
import logging
import tempfile
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from conference_site.delivery.pages import StoredPage

log = logging.getLogger(__name__)

MOST_FILES = 20_000
"""About 200 MB, for a page takes some 10 kB. Beyond, those that were written first go."""
COUNTED_EVERY = 500
"""Files that are written between two counts."""
SUFFIX = ".page"


class Disk(Thread):
    """The folder, and the thread that writes into it. Any number of processes may share it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="page writer", daemon=True)
        self.folder = folder
        self._todo: SimpleQueue[tuple[str, StoredPage | None] | None] = SimpleQueue()
        self._written = 0
        self._is_failing = False

    def keep(self, key: str, page: StoredPage) -> None:
        """Soon; at once it would be the visitor who waits for the disk."""
        if "?" not in key and self._todo.qsize() < 1_000:
            self._todo.put((key, page))

    def forget(self, key: str) -> None:
        """What is not public any more must not come back, in no process: an empty file takes the place of a copy."""
        if "?" not in key:
            self._todo.put((key, None))

    def knows(self, key: str) -> bool:
        """Whether the address was public, and may be so still."""
        return self._size(key) is not None

    def is_forgotten(self, key: str) -> bool:
        return self._size(key) == 0

    def _size(self, key: str) -> int | None:
        try:
            return self._path(key).stat().st_size
        except OSError:
            return None

    def read(self, key: str) -> StoredPage | None:
        """The page as it was written last, by whichever process."""
        try:
            if not (written := self._path(key).read_bytes()):
                return None
            head, _newline, body = gzip.decompress(written).partition(b"\n")
            kept = json.loads(head)
        except FileNotFoundError:
            return None
        except (OSError, EOFError, ValueError) as error:
            log.warning("A page that was kept could not be read: %s", error)
            return None
        if kept["key"] != key:
            return None
        return StoredPage([tuple(header) for header in kept["headers"]], body, version=None, route=kept.get("route", ""))

    def stop(self) -> None:
        self._todo.put(None)

    def run(self) -> None:
        while (todo := self._todo.get()) is not None:
            try:
                self._do(*todo)
                self._is_failing = False
            except OSError as error:
                if not self._is_failing:
                    log.warning("Pages can't be kept for when the database is away: %s", error)
                self._is_failing = True

    def _do(self, key: str, page: StoredPage | None) -> None:
        path = self._path(key)
        if page is None:
            if path.exists():
                path.write_bytes(b"")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        head = json.dumps({"key": key, "headers": page.headers, "route": page.route}).encode()
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(gzip.compress(head + b"\n" + page.body, compresslevel=5))
                file.close()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        self._written += 1
        if self._written % COUNTED_EVERY == 1:
            self._make_room()

    def _make_room(self) -> None:
        files = sorted((path.stat().st_mtime, path) for path in self.folder.glob(f"*/*{SUFFIX}"))
        for _time, path in files[: max(0, len(files) - MOST_FILES)]:
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        name = sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / f"{name[2:]}{SUFFIX}"
