"""The databases of the tests: one is migrated, the workers have copies of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

TEMPLATE = "test_template"
KEPT = {"auth_group", "auth_group_permissions", "auth_permission", "delivery_contentversion", "django_content_type"}
"""Tables that hold what migrations and `create_roles` leave behind."""


@contextmanager
def copied(name: str) -> Iterator[None]:
    """The connection leads to a copy of the migrated database, for as long as the block lasts."""
    settings, copy = connection.settings_dict, f"test_{name}"
    original = settings["NAME"]
    with _administering() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")  # the others wait while one migrates; it ends with the connection
        if not _exists(cursor, TEMPLATE):
            _migrate()
        cursor.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {TEMPLATE}")
    connection.close()  # the code may have asked something when it was imported
    settings["NAME"] = copy
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = original
        with _administering() as cursor:
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def forget() -> None:
    """Drop what an earlier run has migrated: the code may be another."""
    with _administering() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")


def empty() -> None:
    """Take all rows away that tests may have written."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = ", ".join(connection.ops.quote_name(name) for name in sorted(set(tables) - KEPT))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def _migrate() -> None:
    from conference_site.publishing.roles import create_roles

    name, half_made = connection.settings_dict["NAME"], f"{TEMPLATE}_in_work"
    connection.settings_dict["TEST"]["NAME"] = half_made
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    create_roles()
    connection.close()
    connection.settings_dict["NAME"] = name
    with _administering() as cursor:
        cursor.execute(f"ALTER DATABASE {half_made} RENAME TO {TEMPLATE}")


@contextmanager
def _administering() -> Iterator:
    """A cursor of the database that every server has."""
    administrator: BaseDatabaseWrapper = connections.create_connection("default")
    administrator.settings_dict = administrator.settings_dict | {"NAME": "postgres"}
    try:
        with administrator.cursor() as cursor:
            yield cursor
    finally:
        administrator.close()


def _exists(cursor, name: str) -> bool:
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None
