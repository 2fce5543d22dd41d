"""Which tables the log watches: all of them, but for those that are named here, also those of models that are yet to come."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections, models

from conference_site.languages.content import all_localized
from conference_site.publishing.aggregate import translated_fields
from conference_site.publishing.models import Part, Publishable, Revision

NOT_WATCHED = {
    "account.emailaddress",  # allauth's, which this site leaves empty
    "account.emailconfirmation",
    "accounts.notice",  # the outbox of mail, which keeps itself
    "admin.logentry",
    "auth.permission",  # written by Django from the code
    "contenttypes.contenttype",
    "delivery.contentversion",
    "sessions.session",
    "links.address",
    "links.source",
    "links.place",
    "operations.loadeditem",
    "publishing.presence",
    "publishing.revision",  # history itself; `audit_act` writes what each says
    "search.searchentry",
    "visits.visits",
    "usersessions.usersession",
    "visits.fruitlesssearch",
}
ONLY = {"publishing.languageversion": ["due_on"]}
"""Rows that the site computes, but for these columns."""

SECRET = {"password", "digest", "token", "secret", "data"}
"""Columns of these names, in whatever table, are logged as having changed, and no more."""

UNNOTED = {"modified_at", "last_login", "last_used_at"}
"""Columns that say no more than that something was done, which an entry says anyway."""

NAMES = ("username", "name", "forms", "title", "label", "slug", "text")

EVENTS = {"row": "AFTER INSERT OR UPDATE OR DELETE", "truncate": "AFTER TRUNCATE", "act": "AFTER INSERT"}


@dataclass(frozen=True)
class Watched:
    """What the trigger of a table has to know: the argument of `audit_row`."""

    model: str
    key: str
    item_model: str | None
    """The model of the item to which a row belongs; None where the row names a content type."""
    item_column: str
    names: list[str]
    """The columns of which the first that isn't empty is the item's name."""
    ignored: list[str]
    secret: list[str] = field(default_factory=list)


def watched() -> dict[str, Watched]:
    """Table → what is watched of it."""
    everything = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: _watched(model)
        for model in everything
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in NOT_WATCHED
    }


def _watched(model: type[models.Model]) -> Watched:
    label, columns = model._meta.label_lower, [column.attname for column in model._meta.concrete_fields]
    item_model, item_column = _item(model)
    ignored = set(columns) - set(ONLY[label]) if label in ONLY else UNNOTED | set(translated_fields(model))
    return Watched(
        label, model._meta.pk.column, item_model, item_column, _names(model), sorted(ignored), sorted(SECRET & set(columns))
    )


def _item(model: type[models.Model]) -> tuple[str | None, str]:
    """The model of the item to which a row belongs, and the column that has its key."""
    if owner := model._meta.auto_created:
        [link] = [each for each in owner._meta.many_to_many if each.remote_field.through is model]
        return owner._meta.label_lower, link.m2m_column_name()
    if issubclass(model, Part):
        parent = model._meta.get_field(model.part_of)
        return parent.related_model._meta.label_lower, parent.column
    if {"content_type", "object_id"} <= {each.name for each in model._meta.concrete_fields}:
        return None, "object_id"
    return model._meta.label_lower, model._meta.pk.column


def _names(model: type[models.Model]) -> list[str]:
    wanted = [model.headline, *NAMES] if issubclass(model, Publishable) else NAMES
    translated, columns = translated_fields(model), {column.attname for column in model._meta.concrete_fields}
    return [each for name in wanted if name in columns for each in (all_localized(name) if name in translated else [name])]


def watch(using: str = "default", **kwargs: Any) -> None:
    """Give every table its triggers, as far as it hasn't just these. Called after `migrate`."""
    wanted = _triggers()
    with connections[using].cursor() as cursor:
        if "audit_entry" not in connections[using].introspection.table_names(cursor):
            return  # this database was migrated back to before the log
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname IN ('audit_row', 'audit_truncate', 'audit_act') AND pg_table_is_visible(c.oid)"
        )
        there = {(table, name): bytes(argument).rstrip(b"\0").decode() for table, name, argument in cursor.fetchall()}
        for table, name in there.keys() - wanted.keys():
            cursor.execute(f'DROP TRIGGER {name} ON "{table}"')
        for (table, name), argument in wanted.items():
            if there.get((table, name)) != argument:
                kind = name.removeprefix("audit_")
                each = "STATEMENT" if kind == "truncate" else "ROW"
                statement = (
                    f'CREATE OR REPLACE TRIGGER {name} {EVENTS[kind]} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {name}(%s)'
                )
                cursor.execute(statement, [argument])


def _triggers() -> dict[tuple[str, str], str]:
    """Table and name → argument."""
    found = {}
    for table, what in watched().items():
        found[table, "audit_row"] = json.dumps(asdict(what))
        found[table, "audit_truncate"] = what.model
    headlines = {model.headline for model in apps.get_models() if issubclass(model, Publishable)}
    found[Revision._meta.db_table, "audit_act"] = json.dumps(all_localized(*sorted(headlines)))
    return found
