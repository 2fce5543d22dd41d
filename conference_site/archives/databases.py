"""Databases of the site's server: what they hold, and how one takes another's place."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread

import psycopg
from django.db import connection, transaction
from psycopg import errors, sql

from conference_site.archives.manifest import Table
from conference_site.archives.problems import ArchiveError

EVERYBODYS = "postgres"
"""The database that every server has, from which the others are made and renamed."""
LONGEST = 63
"""Bytes of a name."""
STABLE = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
"""
"""So that a row is the same text everywhere."""


@contextmanager
def snapshot() -> Iterator[tuple[str, datetime]]:
    """Within, the connection reads one state of the database; its name, by which others read the same, and the clock."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), statement_timestamp()")
        yield cursor.fetchone()


def server_version() -> tuple[str, int]:
    """The version of the server as it says it, and its major."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0], connection.pg_version // 10_000


def tables() -> dict[str, Table]:
    """All tables of the site's database, within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(STABLE)
        return {name: _table(cursor, name) for name in _names(cursor)}


def _table(cursor, name: str) -> Table:
    cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {name} t")
    return Table(*cursor.fetchone())


def filled() -> list[str]:
    """The tables of the site's database in which there is a row."""
    with connection.cursor() as cursor:
        return [name for name in _names(cursor) if _has_row(cursor, name)]


def _names(cursor) -> list[str]:
    cursor.execute(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname !~ '^pg_' AND schemaname <> %s ORDER BY 1",
        ["information_schema"],
    )
    return [name for (name,) in cursor.fetchall()]


def _has_row(cursor, name: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")
    return cursor.fetchone()[0]


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Within, the site's connection leads to another database of its server."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


class Server:
    """The server as its role sees it that may make databases."""

    def __init__(self) -> None:
        self._params = connection.get_connection_params() | {"dbname": EVERYBODYS, "autocommit": True}
        self._connection = psycopg.connect(**self._params)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(psycopg.Error):
            self._connection.execute("SELECT pg_advisory_unlock_all()")  # a session ends some time after its connection
        self._connection.close()

    @property
    def major(self) -> int:
        return self._connection.info.server_version // 10_000

    def is_alone(self, name: str) -> bool:
        """Whether no other process has asked this; it holds until the block ends. Waits a moment for one that was killed."""
        for _each in range(10):
            if self._connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()[0]:
                return True
            time.sleep(0.1)
        return False

    def names(self) -> set[str]:
        return {name for (name,) in self._connection.execute("SELECT datname FROM pg_database")}

    def create(self, name: str, like: str) -> None:
        """An empty database with the encoding and the rules of sorting of another, where that exists."""
        row = "to_jsonb(d) || jsonb_build_object('coding', pg_encoding_to_char(encoding))"
        query = f"SELECT ({row})::text FROM pg_database d WHERE datname IN (%s, 'template1') ORDER BY datname = 'template1'"
        found = self._connection.execute(query, [like]).fetchone()
        self._try(f"CREATE DATABASE {{}} TEMPLATE template0 {_locale(json.loads(found[0]))}", name)

    def drop(self, name: str) -> None:
        self._try("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def set_search_path(self, name: str, path: str) -> None:
        self._connection.execute(sql.SQL("ALTER DATABASE {} SET search_path = " + path).format(sql.Identifier(name)))

    def replace(self, name: str, new: str, old: str) -> None:
        """Let ``new`` be called ``name``, and what was called so, ``old``: both or neither. Ends the sessions there."""
        is_there = name in self.names()
        with self._without_others(name), self._connection.transaction():
            if is_there:
                self._try("ALTER DATABASE {} RENAME TO {}", name, old)
            self._try("ALTER DATABASE {} RENAME TO {}", new, name)

    @contextmanager
    def _without_others(self, name: str) -> Iterator[None]:
        """A database that is to be renamed lets nobody in any more, and waits some seconds for those that are in."""
        done = Event()

        def end_sessions() -> None:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            with psycopg.connect(**self._params) as other:
                while not done.wait(0.1):
                    other.execute(query, [name])

        thread = Thread(target=end_sessions, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _try(self, statement: str, *names: str) -> None:
        try:
            self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        except errors.InsufficientPrivilege as error:
            role = self._connection.info.user
            raise ArchiveError(
                f"The role {role} may not make and rename databases, which this needs: let a superuser run "
                f"ALTER ROLE {sql.Identifier(role).as_string()} CREATEDB, and be the site's database its own "
                f"(ALTER DATABASE … OWNER TO {sql.Identifier(role).as_string()})."
            ) from error
        except errors.ObjectInUse as error:
            raise ArchiveError(
                f"The database {names[0]} is in use by others, who could not be sent away. Nothing was changed."
            ) from error


def _locale(row: dict) -> str:
    """How CREATE DATABASE is told the encoding and locale that a row of pg_database has."""
    said = {"ENCODING": row["coding"], "LC_COLLATE": row["datcollate"], "LC_CTYPE": row["datctype"]}
    locale = row.get("datlocale") or row.get("daticulocale")
    if row.get("datlocprovider") == "b":
        said |= {"LOCALE_PROVIDER": "builtin", "BUILTIN_LOCALE": locale}
    elif row.get("datlocprovider") == "i":
        said |= {"LOCALE_PROVIDER": "icu", "ICU_LOCALE": locale}
    quoted = (f"{word} {sql.Literal(value).as_string()}" for word, value in said.items())
    return " ".join(quoted).replace("{", "{{").replace("}", "}}")
