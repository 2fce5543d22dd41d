"""An archive that is encrypted can be read with the key, and with nothing else."""

import pytest
from pyrage.x25519 import Identity

from tests.archives.conftest import files, fill, refused, rows, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(settings, tmp_path):
    """The file of a key, to which archives are encrypted."""
    identity = Identity.generate()
    settings.BACKUP_AGE_RECIPIENT = str(identity.to_public())
    file = tmp_path / "key.txt"
    file.write_text(f"# created: 2026-11-28\n# public key: {identity.to_public()}\n{identity}\n")
    return file


def test_both_ways(place, key):
    fill()
    was = rows(), files()
    run("backup")
    [archive] = place.iterdir()
    assert (archive.name[-8:], archive.stat().st_mode & 0o777) == (".tar.age", 0o600)
    assert archive.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"manifest.json" not in archive.read_bytes()
    run("restore", archive.name, "--overwrite", identity=key)
    assert (rows(), files()) == was


def test_what_is_said_without_the_key(place, key, tmp_path):
    run("backup")
    [archive] = place.iterdir()
    other, none, empty = (tmp_path / name for name in ("other", "none", "empty"))
    other.write_text(str(Identity.generate()))
    none.write_text("not a key")
    empty.touch()
    said = {
        str(file): refused("restore", "--drill", *(["--identity", file] if file else []))
        for file in (None, other, none, empty, tmp_path / "gone")
    }
    assert list(said.values()) == [
        "The archive is encrypted: --identity names the file with the key.",
        "The archive can't be decrypted with this key: No matching keys found.",
        f"{none} is no file of a key of age (AGE-SECRET-KEY-1…).",
        f"There is no key of age in {empty}.",
        f"No such file or directory ({tmp_path / 'gone'}).",
    ]
    whole = archive.read_bytes()
    for damaged in (whole[:-100], whole[:3000] + bytes([whole[3000] ^ 1]) + whole[3001:]):
        archive.write_bytes(damaged)
        assert refused("restore", "--drill", "--identity", key) == "The archive can't be decrypted: it is damaged or cut off."


def test_a_wrong_public_key_is_said_before_anything_is_done(place, settings):
    settings.BACKUP_AGE_RECIPIENT = "age1wrong"
    assert refused("backup") == "BACKUP_AGE_RECIPIENT must be a public key of age, age1…."
    assert not place.exists()
