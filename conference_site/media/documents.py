"""What may be uploaded as a document, and what it is called."""

import re
import zlib
from lzma import LZMAError
from pathlib import PurePath
from uuid import uuid4
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 500 * 1024 * 1024
"""Bytes that an archive may say it has unpacked, which is what readers' programs make of it."""
NAMES = {".pdf": "PDF", ".pptx": "PowerPoint", ".docx": "Word", ".xlsx": "Excel", ".odp": "ODP", ".odt": "ODT", ".ods": "ODS"}
"""What readers call the kinds, by the end of the file's name."""
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
OFFICE_MEMBERS = {"ppt/presentation.xml": ".pptx", "word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|basic/.|scripts/.)", re.IGNORECASE)
RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*>")
FETCHED = re.compile(rb"/(?:attachedTemplate|oleObject|frame)[\"']")
"""What an Office file loads by itself when it is opened; a link waits for its reader."""
MAX_RELATIONSHIPS = 4 * 1024 * 1024  # bytes of a list of them
ACCEPTED = [*NAMES]
"""As the file dialogue of a browser wants them."""


def validate(file: File) -> None:
    """Refuse, in words, what isn't a document that the site can keep. The kind is read from the content, never the name."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The document is larger than %(size)s megabytes.") % {"size": MAX_BYTES // 1024**2})
    _suffix(file)


def validate_kept(file: File) -> None:
    """Refuse, in English, for only operators see it, what no upload could have become: its name ends as its content asks for."""
    validate(file)
    if PurePath(file.name).suffix != _suffix(file):
        raise ValidationError("The name of this file does not say what is in it.")


def name_for(file: File) -> str:
    """A name of the site's own for a new file, with the end that its content asks for."""
    return str(PurePath(uuid4().hex).with_suffix(_suffix(file)))


def _suffix(file: File) -> str:
    file.seek(0)
    try:
        head = file.read(1024).lstrip(b"\xef\xbb\xbf\0\t\n\f\r ")
        if head.startswith(b"%PDF-"):
            file.seek(max(0, file.size - 2048))
            found = ".pdf" if b"%%EOF" in file.read() else None
        else:
            found = _suffix_of_archive(file) if head.startswith(b"PK\x03\x04") else None
    finally:
        file.seek(0)
    if found is None:
        raise ValidationError(_("This file is no PDF, Office or OpenDocument file, or it is damaged."))
    return found


def _suffix_of_archive(file: File) -> str | None:
    try:
        with ZipFile(file) as archive:
            members = archive.namelist()
            _require_harmless(archive)
            if "mimetype" in members and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((suffix for suffix, content_type in CONTENT_TYPES.items() if content_type == kind), None)
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error, LZMAError):
        return None
    return next((suffix for member, suffix in OFFICE_MEMBERS.items() if member in members), None)


def _require_harmless(archive: ZipFile) -> None:
    """Refuse what would do harm where it is opened: it would be the site that handed it out."""
    members = archive.infolist()
    if any(MACROS.search(member.filename) for member in members):
        raise ValidationError(_("This file carries macros. Save it without them."))
    if any(member.flag_bits & 1 for member in members):
        raise ValidationError(_("This file is locked by a password. Save it without one."))
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise ValidationError(
            _("Unpacked, this file would be larger than %(size)s megabytes.") % {"size": MAX_UNPACKED // 1024**2}
        )
    if any({"", ".."} & set(member.filename.rstrip("/").split("/")) or "\\" in member.filename for member in members):
        raise ValueError
    if any(_fetches(archive, member) for member in members if member.filename.endswith(".rels")):
        raise ValidationError(_("This file loads a template or an object from elsewhere when it is opened. Save it without."))


def _fetches(archive: ZipFile, relationships: ZipInfo) -> bool:
    if relationships.file_size > MAX_RELATIONSHIPS:
        raise ValueError
    found = RELATIONSHIP.findall(archive.read(relationships))
    return any(b'"External"' in each.replace(b"'", b'"') and FETCHED.search(each) for each in found)
