"""Tables for spreadsheet programs: CSV in UTF-8, with the mark by which Excel knows Arabic."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")
"""What a cell may not begin with: programs would calculate it, or start others (OWASP, “CSV injection”)."""


class _Echo:
    def write(self, text: str) -> str:
        return text


def harmless(value: object) -> object:
    """The value as a cell that is shown and not calculated: a text that looks like a formula has an apostrophe before it."""
    if isinstance(value, str) and value.lstrip().startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download of these rows, the first of which are the headings."""
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])
