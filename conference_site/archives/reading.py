"""An archive is read to its end before anything of it is believed: whoever wrote it, and whatever happened to it since."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from conference_site.archives import age
from conference_site.archives.manifest import DUMP, MEDIA, MOST_BYTES, NAME, Manifest
from conference_site.archives.places import opened
from conference_site.archives.problems import ArchiveError
from conference_site.archives.tar import Content, Member, members


class Archive:
    """An archive on this machine, decrypted."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name, self._file = name, file

    def verify(self) -> Manifest:
        """Read it all. ArchiveError unless each byte is what the manifest says, and nothing else is there."""
        left = members(self._file)
        manifest = _manifest(left)
        awaiting = dict(manifest.files)
        for member in left:
            if member.name not in awaiting:
                raise ArchiveError(f"The archive has something in it of which its manifest says nothing: “{member.name[:200]}”.")
            for _part in _checked(member, awaiting.pop(member.name)):
                pass
        if awaiting:
            raise ArchiveError(f"The archive lacks what its manifest names: “{next(iter(awaiting))[:200]}”.")
        return manifest

    def unpack(
        self, manifest: Manifest, dump: Callable[[Iterable[bytes]], None], file: Callable[[str, Iterable[bytes]], None]
    ) -> None:
        """Hand out all of it: to ``dump`` the database, to ``file`` each of the media. It is checked again, as it is read."""
        for member in members(self._file):
            if member.name == NAME:
                continue
            parts = _checked(member, manifest.files[member.name])
            if member.name == DUMP:
                dump(parts)
            else:
                file(member.name.removeprefix(MEDIA), parts)


@contextmanager
def archive(name: str, url: str, identity: Path | None) -> Iterator[Archive]:
    """An archive as a file, or by its name at ``url``; without a name the newest there."""
    with opened(name, url) as (found, file):
        if not found.endswith(".age"):
            yield Archive(found, file)
            return
        with tempfile.TemporaryFile() as plain:
            age.decrypt(file, plain, identity)
            yield Archive(found, plain)


def _manifest(left: Iterator[Member]) -> Manifest:
    first = next(left, None)
    if first is None or first.name != NAME:
        raise ArchiveError("This is no archive of the site: it doesn't begin with a manifest.")
    if first.size > MOST_BYTES:
        raise ArchiveError(f"The archive's manifest is too large: {first.size} bytes.")
    return Manifest.read(b"".join(first.parts))


def _checked(member: Member, said: Content) -> Iterator[bytes]:
    if member.size != said.size:
        raise ArchiveError(f"The archive is damaged: “{member.name}” has {member.size} bytes, and its manifest says {said.size}.")
    digest = sha256()
    for part in member.parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != said.sha256:
        raise ArchiveError(f"The archive is damaged: the checksum of “{member.name}” is another.")
