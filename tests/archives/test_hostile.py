"""An archive that isn't what it says is refused before anything is touched."""

import io
import json
import tarfile
from collections.abc import Callable
from copy import copy
from hashlib import sha256

import pytest

from conference_site.archives import tar
from conference_site.archives.databases import Server
from tests.archives.conftest import database_names, refused, run, state

pytestmark = pytest.mark.django_db(transaction=True)

type Members = list[tuple[tarfile.TarInfo, bytes]]


def written(members: Members, form: int = tarfile.GNU_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def changed(**values: object) -> Callable[[Members], bytes]:
    """The manifest says something else."""

    def change(members: Members) -> bytes:
        return written(with_manifest(members, lambda manifest: manifest.update(values)))

    return change


def with_manifest(members: Members, change: Callable[[dict], object]) -> Members:
    info, content = members[0]
    manifest = json.loads(content)
    change(manifest)
    content = json.dumps(manifest).encode()
    info.size = len(content)
    return [(info, content), *members[1:]]


def renamed(name: str) -> Callable[[Members], bytes]:
    """The last file has another name, in the manifest too."""

    def change(members: Members) -> bytes:
        info, content = members.pop()
        members = with_manifest(members, lambda manifest: manifest["files"].update({name: manifest["files"].pop(info.name)}))
        info.name = name
        return written([*members, (info, content)])

    return change


def of_kind(kind: bytes, **values: object) -> Callable[[Members], bytes]:
    """The last file is no file."""

    def change(members: Members) -> bytes:
        info, content = members.pop()
        info.type = kind
        for name, value in values.items():
            setattr(info, name, value)
        return written([*members, (info, content if info.size else b"")])

    return change


def claiming(size: int) -> Callable[[Members], bytes]:
    def change(members: Members) -> bytes:
        whole = written(members)
        info = members[-1][0]
        begin = whole.rindex(info.name.encode())
        info.size = size
        return whole[:begin] + info.tobuf(tarfile.GNU_FORMAT) + whole[begin + tar.BLOCK :]

    return change


def flipped(members: Members) -> bytes:
    whole = bytearray(written(members))
    whole[whole.rindex(members[-1][0].name.encode()) + tar.BLOCK + 20] ^= 1
    return bytes(whole)


def more_rows(members: Members) -> bytes:
    return written(with_manifest(members, lambda manifest: manifest["tables"]["public.pages_goal"].update(rows=4)))


def not_a_dump(members: Members) -> bytes:
    info, content = members[1]
    content = b"x" * len(content)
    members[1] = info, content
    digest = sha256(content).hexdigest()
    return written(with_manifest(members, lambda manifest: manifest["files"]["database.dump"].update(sha256=digest)))


def extra(name: str) -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), b""


HOSTILE: dict[str, tuple[Callable[[Members], bytes], str]] = {
    "empty": (lambda members: b"", "is cut off, or is none"),
    "another kind of file": (lambda members: b"PK" * 5000, "is damaged, or is none"),
    "truncated": (lambda members: written(members)[:-100_000], "is cut off"),
    "truncated between members": (lambda members: written(members[:-1]), "lacks what its manifest names"),
    "without an end": (
        lambda members: written(members).rstrip(b"\0")[: -(-len(written(members).rstrip(b"\0")) // 512) * 512],
        "is cut off",
    ),
    "a flipped byte": (flipped, "the checksum of"),
    "something after the end": (lambda members: written(members) + b"x" * 512, "something follows its end"),
    "no manifest": (lambda members: written(members[1:]), "doesn't begin with a manifest"),
    "a manifest that comes later": (lambda members: written(members[::-1]), "doesn't begin with a manifest"),
    "two manifests": (lambda members: written([members[0], *members]), "its manifest says nothing"),
    "no database": (
        lambda members: written(with_manifest(members, lambda m: m["files"].pop("database.dump"))),
        "no database in it",
    ),
    "a file twice": (lambda members: written([*members, members[-1]]), "its manifest says nothing"),
    "a file more": (lambda members: written([*members, extra("media/x")]), "its manifest says nothing"),
    "up": (renamed("media/../../x"), "names a file that must not be"),
    "up in the middle": (renamed("media/images/../../x"), "names a file that must not be"),
    "absolute": (renamed("/etc/passwd"), "names a file that must not be"),
    "absolute below": (renamed("media//etc/passwd"), "names a file that must not be"),
    "a dot": (renamed("media/./x"), "names a file that must not be"),
    "hidden": (renamed("media/.restored-1/x"), "names a file that must not be"),
    "a backslash": (renamed("media/..\\x"), "names a file that must not be"),
    "a folder's name": (renamed("media/"), "names a file that must not be"),
    "elsewhere": (renamed("x"), "names a file that must not be"),
    "a long name": (renamed("media/" + "x/" * 600 + "x"), "names a file that must not be"),
    "a name without end": (lambda members: written([*members, extra("media/" + "x" * 100_000)]), "a name that is too long"),
    "a long part of a name": (renamed("media/" + "x" * 300), "names a file that must not be"),
    "a symbolic link": (of_kind(tarfile.SYMTYPE, linkname="/etc/passwd", size=0), "no plain file"),
    "a hard link": (of_kind(tarfile.LNKTYPE, linkname="manifest.json", size=0), "no plain file"),
    "a device": (of_kind(tarfile.CHRTYPE, size=0), "no plain file"),
    "a block device": (of_kind(tarfile.BLKTYPE, size=0), "no plain file"),
    "a pipe": (of_kind(tarfile.FIFOTYPE, size=0), "no plain file"),
    "a folder": (of_kind(tarfile.DIRTYPE, size=0), "no plain file"),
    "a sparse file": (of_kind(tarfile.GNUTYPE_SPARSE), "no plain file"),
    "extended headers": (
        lambda members: written([*members, extra("media/" + "ح" * 90)], tarfile.PAX_FORMAT),
        "no plain file",
    ),
    "a huge size": (claiming(10**13), "is cut off, or lies"),
    "a negative size": (claiming(-512), "no plain file"),
    "a smaller size": (claiming(10), "is damaged"),
    "a huge size in the manifest": (
        lambda members: written(with_manifest(members, lambda m: m["files"]["database.dump"].update(size=10**13))),
        "and its manifest says 10000000000000",
    ),
    "a manifest that is no JSON": (
        lambda members: written([(extra("manifest.json")[0], b""), *members[1:]]),
        "manifest can't be read",
    ),
    "a deep manifest": (
        lambda members: written([(sized("manifest.json", 200_000), b"[" * 200_000), *members[1:]]),
        "manifest can't be read",
    ),
    "a manifest of another shape": (changed(files=[1]), "manifest can't be read"),
    "a manifest that says more": (changed(more=1), "manifest can't be read"),
    "an unknown format": (changed(format=2), "has the format 2, and this site knows 1 only"),
    "newer migrations": (changed(migrations=["pages.0999_later"]), "it has the migration pages.0999_later"),
    "a newer server": (changed(server_major=99), "The archive is of PostgreSQL 99, and this server is "),
    "a newer pg_dump": (changed(dump_major=99), "pg_restore of PostgreSQL 99 or later is needed"),
    "other rows": (more_rows, "The table public.pages_goal has other rows"),
    "no dump": (not_a_dump, "pg_restore failed: error: input file does not appear"),
}


def sized(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


@pytest.fixture
def members(archive) -> Members:
    with tarfile.open(archive) as whole:
        return [(info, whole.extractfile(info).read()) for info in whole]


def test_a_copy_of_it_is_none_of_them(place, archive, members):
    archive.write_bytes(written(members))
    assert "All is equal." in run("restore", "--drill")


def test_each_is_refused_in_one_sentence_and_nothing_is_touched(place, archive, members):
    """In one test, for to empty all tables after each takes longer than all of them."""
    was, said = state(place), {}
    for name, (make, _sentence) in HOSTILE.items():
        archive.write_bytes(make([(copy(info), content) for info, content in members]))
        said[name] = refused("restore", archive, "--overwrite")
        assert (database_names(), list((place.parent / "media").iterdir())) == (was[2], []), name
    assert [name for name, (_make, sentence) in HOSTILE.items() if sentence not in said[name] or "\n" in said[name]] == []
    assert state(place) == was


def test_a_manifest_has_its_bounds_and_an_older_server_is_named(place, archive, monkeypatch):
    monkeypatch.setattr(Server, "major", 17)
    assert "this server is 17" in refused("restore", archive, "--overwrite")
    monkeypatch.setattr("conference_site.archives.reading.MOST_BYTES", 1000)
    assert "manifest is too large" in refused("restore", archive, "--overwrite")
