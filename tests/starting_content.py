"""The starting content for tests that only want it to be there: loaded once in a process, copied thereafter."""

from django.core.management.color import no_style
from django.db import connection, transaction

from conference_site.operations import content
from tests.databases import KEPT

_written: dict[str, bytes] = {}
"""Table → its rows, as PostgreSQL copies them."""


@transaction.atomic
def load() -> None:
    """As `content.load` does, into tables that hold nothing else."""
    with connection.cursor() as cursor:
        if not _written:
            content.load()
            _written.update({name: rows for name in _tables() if (rows := _rows_of(cursor, name))})
            return
        for name, rows in _written.items():
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), connection.introspection.get_migratable_models()):
            cursor.execute(statement)


def _tables() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(tables) - KEPT)


def _rows_of(cursor, name: str) -> bytes:
    with cursor.copy(f"COPY {name} TO STDOUT") as copy:
        return b"".join(copy)
