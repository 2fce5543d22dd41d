"""Spreadsheets for translators: how one is written, and how one that comes back is read, whoever has had it meanwhile.

Nothing here knows of items. A file that comes back is not to be trusted: its size is bounded before and after it is unpacked,
what declares entities is refused, formulas are never taken for text.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from conference_site.languages.content import codes, current, direction
from conference_site.languages.text import normalise

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PIECES = 1_500_000
"""Of mark-up in all its parts: what is read needs memory for each."""
MOST_MEMBERS = 500
MOST_ROWS = 10_000
LAST_ROW = 1_048_576
LAST_COLUMN = 30
LONGEST = 32_000
"""Characters in a cell: what is longer, programs cut off without a word."""

MARK = "conference-site-translation-1"
"""Heads the technical column, by which a sheet is known."""

HEADINGS: dict[str, str | Promise] = {
    "item": gettext_lazy("Title"),
    "kind": gettext_lazy("Kind"),
    "label": gettext_lazy("Field"),
    "status": gettext_lazy("State"),
    "source": gettext_lazy("Source"),
    "text": gettext_lazy("Translation"),
    "change": gettext_lazy("What has changed in the source"),
    "reason": gettext_lazy("Why it was not taken over"),
    "key": MARK,
}
WIDTHS = {"item": 26, "kind": 16, "label": 22, "status": 18, "source": 60, "text": 60, "change": 40, "reason": 40, "key": 20}
WANTED = ("item", "kind", "label", "source", "text", "key")
"""What is read again."""

NO_SPREADSHEET = gettext_lazy("This file is no spreadsheet in the format .xlsx, or it is damaged.")
TOO_MUCH = gettext_lazy("The spreadsheet holds too much. Divide it into several files.")
CHUNK = 64 * 1024

_CARRIAGE_RETURN = re.compile(r"_x000D_", re.IGNORECASE)
_DECLARATIONS = [word.encode(coding) for word in ("<!DOCTYPE", "<!ENTITY") for coding in ("utf-8", "utf-16-le", "utf-16-be")]
_GREY = PatternFill("solid", fgColor="FFEFEFEF")
_OPEN = PatternFill("solid", fgColor="FFFFF9E0")


@dataclass(slots=True)
class Row:
    """A row of the sheet. ``language`` is that of the translation, ``source_language`` that of the source."""

    item: str = ""
    kind: str = ""
    label: str = ""
    status: str = ""
    source: str = ""
    text: str = ""
    change: str = ""
    reason: str = ""
    key: str = ""
    source_language: str = ""
    language: str = ""
    is_open: bool = True
    problem: str = ""
    """What is wrong with the cell of the translation itself, where that is no text."""


# Writing


def written(rows: Iterable[Row], target: IO[bytes], guide: Iterable[str], *, with_reasons: bool = False) -> None:
    """Write the sheet, and a second one that says how it is filled in, in the language that is active."""
    names = [name for name in HEADINGS if with_reasons or name != "reason"]
    book = Workbook(write_only=True)
    pen = _Pen(book, _("Translation"), [WIDTHS[name] for name in names])
    pen.sheet.freeze_panes = "A2"
    pen.sheet.protection.enable()
    pen.sheet.protection.formatColumns = pen.sheet.protection.formatRows = False  # may be made wider
    pen.sheet.column_dimensions[get_column_letter(len(names))].hidden = True
    pen.sheet.append([pen.cell(str(HEADINGS[name]), is_head=True) for name in names])
    for row in rows:
        pen.sheet.append([pen.cell_of(row, name) for name in names])
    pen = _Pen(book, _("How to fill it in"), [100])
    for line in guide:
        pen.sheet.append([pen.cell(line)])
    book.save(target)


class _Pen:
    """Writes the cells of a sheet. A look is made once and copied: making it costs more than all else."""

    def __init__(self, book: Workbook, title: str, widths: list[int]) -> None:
        self.sheet, self.own, self.looks = book.create_sheet(title[:31]), direction(current()), {}
        self.sheet.sheet_view.rightToLeft = self.own == "rtl"
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    def cell_of(self, row: Row, name: str) -> WriteOnlyCell:
        languages = dict.fromkeys(("item", "source", "change"), row.source_language) | {"text": row.language}
        return self.cell(getattr(row, name), languages.get(name), is_open=name == "text" and row.is_open)

    def cell(self, text: str, language: str | None = None, *, is_head: bool = False, is_open: bool = False) -> WriteOnlyCell:
        """A cell of text, whatever it begins with, in the direction of its language."""
        cell = WriteOnlyCell(self.sheet, normalise(text))
        cell.data_type = "s"
        look = (direction(language) if language else self.own) == "rtl", is_head, is_open, text[:1] in tuple("=+-@\t")
        if look not in self.looks:
            _style(cell, *look)
            self.looks[look] = cell._style
        cell._style = copy(self.looks[look])
        return cell


def _style(cell: WriteOnlyCell, is_rtl: bool, is_head: bool, is_open: bool, is_quoted: bool) -> None:
    cell.number_format = "@"
    cell.quotePrefix = is_quoted
    cell.alignment = Alignment("right" if is_rtl else "left", "top", wrap_text=True, readingOrder=2 if is_rtl else 1)
    cell.protection = Protection(locked=not is_open)
    cell.font = Font(bold=is_head)
    if is_head or is_open:
        cell.fill = _GREY if is_head else _OPEN


# Reading


def read(file: IO[bytes]) -> list[Row]:
    """The rows of a sheet that came back. Raises `ValidationError`, in a sentence, for any other file."""
    if file.size > MOST_BYTES:
        raise ValidationError(_("The spreadsheet is larger than %(size)s megabytes.") % {"size": MOST_BYTES // 1024**2})
    try:
        return list(_rows(load_workbook(_unpacked(file), read_only=True, keep_links=False)))
    except ValidationError:
        raise
    except Exception as error:  # whatever a foreign file makes a library stumble over
        raise ValidationError(NO_SPREADSHEET) from error


def _unpacked(file: IO[bytes]) -> BytesIO:
    """The same file, packed anew and not compressed: what an archive says of itself may be untrue, and needn't be asked again.

    Refuses what unpacks to more than a sheet of ours, or declares entities. Nothing has been parsed before.
    """
    file.seek(0)
    packed, left, pieces = BytesIO(), MOST_UNPACKED, 0
    with ZipFile(file) as archive, ZipFile(packed, "w") as plain:
        members = {member.filename: member for member in archive.infolist() if member.filename.endswith((".xml", ".rels"))}
        if len(members) > MOST_MEMBERS:
            raise ValidationError(TOO_MUCH)
        if "xl/workbook.xml" not in members:
            raise ValidationError(NO_SPREADSHEET)
        for name, member in members.items():
            if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # the others unpack without any bound
                raise ValidationError(NO_SPREADSHEET)
            content = _content(archive, member, left)
            left -= len(content)
            pieces += content.count(b"<")
            if pieces > MOST_PIECES:
                raise ValidationError(TOO_MUCH)
            if any(declaration in content for declaration in _DECLARATIONS):
                raise ValidationError(NO_SPREADSHEET)
            plain.writestr(name, content)
    packed.seek(0)
    return packed


def _content(archive: ZipFile, member: ZipInfo, most: int) -> bytes:
    """What is in it, unpacked bit by bit, so that never much more than ``most`` comes to stand in memory."""
    pieces, size = [], 0
    with archive.open(member) as packed:
        while piece := packed.read(CHUNK):
            size += len(piece)
            if size > most:
                raise ValidationError(TOO_MUCH)
            pieces.append(piece)
    return b"".join(pieces)


def _rows(book: Workbook) -> Iterator[Row]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # whatever they are said to be
        lines = sheet.iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN)
        places = _places([cell.value for cell in next(lines, ())])
        if places is None:
            continue
        number = 0
        for line in lines:
            if set(map(id, line)) == {id(EMPTY_CELL)}:
                continue  # of these there may be a million
            row = _row(line, places)
            if not any(getattr(row, name) for name in WANTED):
                continue
            number += 1
            if number > MOST_ROWS:
                raise ValidationError(_("The spreadsheet has more than %(number)s rows.") % {"number": MOST_ROWS})
            yield row
        return
    raise ValidationError(
        _("This is no spreadsheet for translations of this site, or its columns were changed. Take a new one from the desk.")
    )


def _places(heads: list) -> dict[str, int] | None:
    """Where the columns stand, by their headings in whichever language; None where a needed one is missing."""
    found = {}
    known = {}
    for code in codes():
        with translation.override(code):
            known |= {str(heading): name for name, heading in HEADINGS.items()}
    for place, head in enumerate(heads):
        if name := known.get(normalise(str(head or "")).strip()):
            found.setdefault(name, place)
    return found if found.keys() >= set(WANTED) else None


def _row(line: tuple, places: dict[str, int]) -> Row:
    texts = {name: _text(line[places[name]]) for name in WANTED}
    return Row(**texts, problem=_problem(line[places["text"]]))


def _text(cell) -> str:
    """What stands in a cell, as normal text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        return normalise(_CARRIAGE_RETURN.sub("\r", value)).strip()
    return str(value)


def _problem(cell) -> str:
    if cell.data_type == "f":
        return _("The cell holds a formula. Put an apostrophe before it, or format the cell as text.")
    if cell.data_type == "e":
        return _("The cell holds an error of the spreadsheet program, and no text.")
    if isinstance(cell.value, bool | date | datetime | time | timedelta):
        return _("The program has made a date or a truth value of the text. Format the cell as text and write it again.")
    return ""


def as_list(row: Row) -> list[str]:
    """What is kept of a row that was read, until somebody has decided about it."""
    return [getattr(row, name) for name in (*WANTED, "problem")]


def from_list(values: list[str]) -> Row:
    return Row(**dict(zip((*WANTED, "problem"), values, strict=True)))
