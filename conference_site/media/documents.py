"""What may be uploaded as a document, and what it is called."""

import zlib
from lzma import LZMAError
from pathlib import PurePath
from uuid import uuid4
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

MAX_BYTES = 50 * 1024 * 1024
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
ACCEPTED = [*NAMES]
"""As the file dialogue of a browser wants them."""


def validate(file: File) -> None:
    """Refuse, in words, what isn't a document that the site can keep. The kind is read from the content, never the name."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The document is larger than %(size)s megabytes.") % {"size": MAX_BYTES // 1024**2})
    _suffix(file)


def name_for(file: File) -> str:
    """A name of the site's own for a new file, with the end that its content asks for."""
    return str(PurePath(uuid4().hex).with_suffix(_suffix(file)))


def _suffix(file: File) -> str:
    file.seek(0)
    try:
        found = ".pdf" if b"%PDF-" in file.read(1024) else _suffix_of_archive(file)
    finally:
        file.seek(0)
    if found is None:
        raise ValidationError(_("This file is no PDF, Office or OpenDocument file, or it is damaged."))
    return found


def _suffix_of_archive(file: File) -> str | None:
    try:
        with ZipFile(file) as archive:
            members = archive.namelist()
            if any(member.lower().endswith("vbaproject.bin") for member in members):
                raise ValidationError(_("This file carries macros. Save it without them."))
            if "mimetype" in members and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((suffix for suffix, content_type in CONTENT_TYPES.items() if content_type == kind), None)
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error, LZMAError):
        return None
    return next((suffix for member, suffix in OFFICE_MEMBERS.items() if member in members), None)
