"""The triggers by which the database itself gives what is public another version.

Signals would miss `update()`, `bulk_create()` and what the database deletes with another row. The triggers are of each row, and
deferred to the end of the transaction: only then is the one row of versions locked, and once for all that the transaction did.
"""

from typing import Any

from django.apps import apps
from django.db import connections

NOT_SHOWN = {
    "account",
    "accounts",
    "admin",
    "audit",
    "auth",
    "contenttypes",
    "delivery",
    "links",
    "mfa",
    "operations",
    "proofreading",
    "sessions",
    "usersessions",
    "visits",
}
"""Applications of which no public page shows a row. What is not named here, is taken to be shown."""
NOT_SHOWN_MODELS = {
    "publishing.languageversion",
    "publishing.presence",
    "publishing.previewlink",
    "publishing.revision",
    "search.searchentry",
}
"""Work on what is public later. The search has entries of drafts too; those of public texts change with the texts."""

KINDS = {
    "content_changed": 'CREATE CONSTRAINT TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON "{0}" '
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION content_changed()",
    "content_emptied": 'CREATE TRIGGER content_emptied AFTER TRUNCATE ON "{0}" '
    "FOR EACH STATEMENT EXECUTE FUNCTION content_changed()",
}


def shown() -> set[str]:
    """The tables of which public pages show something, those of models that are yet to come too."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table
        for model in models
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in NOT_SHOWN
        and model._meta.label_lower not in NOT_SHOWN_MODELS
    }


def install(using: str = "default", **kwargs: Any) -> None:
    """Give every table that is shown its triggers, and take them from the others. Called after `migrate`."""
    wanted = {(table, name) for table in shown() for name in KINDS}
    with connections[using].cursor() as cursor:
        if "delivery_contentversion" not in connections[using].introspection.table_names(cursor):
            return  # this database was migrated back to before the versions
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = ANY(%s) AND pg_table_is_visible(c.oid)",
            [list(KINDS)],
        )
        there = set(cursor.fetchall())
        for table, name in sorted(there - wanted):
            cursor.execute(f'DROP TRIGGER {name} ON "{table}"')
        for table, name in sorted(wanted - there):
            cursor.execute(KINDS[name].format(table))
