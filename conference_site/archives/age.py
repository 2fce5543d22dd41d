"""Archives that only the owner of a key can read: age (https://age-encryption.org), by pyrage, 8 kB at a time."""

from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from conference_site.archives.problems import ArchiveError


def recipient(text: str) -> Recipient:
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise ArchiveError("BACKUP_AGE_RECIPIENT must be a public key of age, age1….") from error


def encrypt(source: BinaryIO, target: BinaryIO, to: Recipient) -> None:
    try:
        pyrage.encrypt_io(source, target, [to])
    except pyrage.EncryptError as error:
        if "Errno 28" in str(error):
            raise ArchiveError("There is no room left on the disk for the encrypted archive.") from error
        raise ArchiveError(f"The archive could not be encrypted: {error}") from error


def decrypt(source: BinaryIO, target: BinaryIO, identity: Path | None) -> None:
    if identity is None:
        raise ArchiveError("The archive is encrypted: --identity names the file with the key.")
    try:
        pyrage.decrypt_io(source, target, identities(identity))
    except pyrage.DecryptError as error:
        raise ArchiveError(f"The archive can't be decrypted with this key: {error}.") from error
    except OSError as error:
        if error.errno is None:  # pyrage's own
            raise ArchiveError("The archive can't be decrypted: it is damaged or cut off.") from error
        raise


def identities(file: Path) -> list[Identity]:
    """The keys of a file, as `age-keygen` writes it."""
    lines = [line.strip() for line in file.read_text(errors="replace").splitlines()]
    try:
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise ArchiveError(f"{file} is no file of a key of age (AGE-SECRET-KEY-1…).") from error
    if not found:
        raise ArchiveError(f"There is no key of age in {file}.")
    return found
