"""Tables for spreadsheet programs: CSV in UTF-8, with the mark by which Excel knows Arabic."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils import translation

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
    response = StreamingHttpResponse(_lines(rows, translation.get_language()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(rows: Iterable[Iterable[object]], language: str) -> Iterator[str]:
    """Row by row in the language of the request: they are sent when the middleware has long left it."""
    writer, rows, row = csv.writer(_Echo()), iter(rows), ()
    yield "\ufeff"
    while row is not None:
        with translation.override(language):
            row = next(rows, None)
            line = "" if row is None else writer.writerow([harmless(value) for value in row])
        yield line
