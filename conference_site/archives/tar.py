"""The archive's own form: the plainest tar that there is, of files only, so that nothing else has to be understood.

Every tar program reads what is written here. What is read here has to be as plain: no folders, links, devices, sparse files or
extended headers, and no size that the archive itself doesn't have. Memory is bounded by a part of a file.
"""

import io
import tarfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO, NamedTuple

from conference_site.archives.problems import ArchiveError

BLOCK = tarfile.BLOCKSIZE
PART = 256 * 1024
LONGEST_NAME = 1024
"""In bytes. Longer ones can't be addressed, and a bucket takes no longer ones."""


class Content(NamedTuple):
    """How large a member is, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


class Writer:
    """Writes members one after the other into a file in which one may go back, where what was left open is filled in."""

    def __init__(self, file: BinaryIO, moment: float) -> None:
        self._file, self._moment = file, moment

    def reserve(self, name: str, size: int) -> int:
        """Leave room for a member of this size; returns its place, for `fill`."""
        self._file.write(self._header(name, size))
        place = self._file.tell()
        self._file.seek(size + -size % BLOCK, io.SEEK_CUR)
        return place

    def fill(self, place: int, content: bytes) -> None:
        self._file.seek(place)
        self._file.write(content)
        self._file.seek(0, io.SEEK_END)

    def add(self, name: str, parts: Iterable[bytes]) -> Content:
        """A member whose size is known at its end."""
        begin, size, digest = self._file.tell(), 0, sha256()
        self._file.write(self._header(name, 0))
        for part in parts:
            self._file.write(part)
            digest.update(part)
            size += len(part)
        self._file.write(bytes(-size % BLOCK))
        self.fill(begin, self._header(name, size))
        return Content(size, digest.hexdigest())

    def end(self) -> None:
        self._file.seek(0, io.SEEK_END)
        self._file.write(bytes(2 * BLOCK))

    def _header(self, name: str, size: int) -> bytes:
        """As long for every size: GNU's form has them in twelve bytes, however large."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self._moment)
        return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


class Member(NamedTuple):
    name: str
    size: int
    parts: Iterator[bytes]
    """Its content, to be read before the next member."""


def members(file: BinaryIO) -> Iterator[Member]:
    """The members of an archive of whoever, from its beginning. ArchiveError at the first thing that isn't as it should be."""
    room = file.seek(0, io.SEEK_END)
    file.seek(0)
    while header := _header(file):
        name, size = header
        begin = file.tell()
        if size > room - begin:
            raise ArchiveError(f"The archive is cut off, or lies: “{name}” would have {size} bytes, and {room - begin} are left.")
        yield Member(name, size, _parts(file, size))
        file.seek(begin + size + -size % BLOCK)
    while part := file.read(PART):
        if part.strip(b"\0"):
            raise ArchiveError("The archive is damaged: something follows its end.")


def _header(file: BinaryIO) -> tuple[str, int] | None:
    """The next member's name and size; None at the end."""
    member = _block(file)
    if member is None:
        return None
    if member.type != tarfile.GNUTYPE_LONGNAME:
        return _checked(member, member.name)
    if not 0 < member.size <= 2 * LONGEST_NAME:
        raise ArchiveError("The archive has a name that is too long.")
    name = _read(file, member.size + -member.size % BLOCK)[: member.size].rstrip(b"\0").decode("utf-8", "surrogateescape")
    member = _block(file)
    if member is None:
        raise ArchiveError("The archive is cut off.")
    return _checked(member, name)


def _checked(member: tarfile.TarInfo, name: str) -> tuple[str, int]:
    if member.type != tarfile.REGTYPE or member.linkname or member.size < 0:
        raise ArchiveError(f"The archive has something in it that is no plain file: “{name}”.")
    return name, member.size


def _block(file: BinaryIO) -> tarfile.TarInfo | None:
    block = _read(file, BLOCK)
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape") if block.strip(b"\0") else None
    except (tarfile.HeaderError, ValueError) as error:
        raise ArchiveError("The archive is damaged, or is none: a member's header can't be read.") from error


def _read(file: BinaryIO, size: int) -> bytes:
    block = file.read(size)
    if len(block) < size:
        raise ArchiveError("The archive is cut off, or is none.")
    return block


def _parts(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (part := file.read(min(PART, size))):
        size -= len(part)
        yield part
