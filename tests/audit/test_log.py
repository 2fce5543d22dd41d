"""The log, written by the database: nothing passes it by, nothing secret stands in it, and nothing can be taken from it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from conference_site.audit import retention, tables
from conference_site.audit.acting import acting
from conference_site.audit.models import Entry
from conference_site.publishing import versions, working_copies
from conference_site.publishing.models import PreviewLink, Revision
from news.models import NewsItem, Topic
from pages.models import Goal
from tests.accounts.test_sign_in import set_up, sign_in, signed_in
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


class Harder(MD5PasswordHasher):
    """A hasher to which a sign-in changes."""

    algorithm = "harder"


def logged(**wanted) -> list[tuple]:
    """Action, model, old and new values of the entries so far, the oldest first."""
    return list(Entry.objects.filter(**wanted).order_by("pk").values_list("action", "model", "old", "new"))


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_way_of_writing_is_logged_with_old_and_new_values():
    topic = Topic.objects.create(slug="a", name_en="A")
    topic.name_en = "B"
    topic.save()
    Topic.objects.filter(pk=topic.pk).update(name_en="C")
    run(f"UPDATE news_topic SET name_en = 'D' WHERE id = {topic.pk}")
    Topic.objects.bulk_update([Topic(pk=topic.pk, name_en="E")], ["name_en"])
    Topic.objects.filter(pk=topic.pk).delete()
    entries = logged(model="news.topic")
    assert [(action, old and old["name_en"], new and new["name_en"]) for action, _model, old, new in entries] == [
        ("insert", None, "A"),
        ("update", "A", "B"),
        ("update", "B", "C"),
        ("update", "C", "D"),
        ("update", "D", "E"),
        ("delete", "E", None),
    ]
    assert entries[1][2:] == ({"name_en": "A"}, {"name_en": "B"})
    assert entries[5][2]["slug"] == "a"
    Topic.objects.bulk_create([Topic(slug="x", name_en="X"), Topic(slug="y", name_en="Y")])
    assert [new["slug"] for *_entry, new in logged(model="news.topic", action="insert")] == ["a", "x", "y"]


def test_what_changes_nothing_is_no_entry():
    goal = make(Goal)
    before = Entry.objects.count()
    goal.save()  # writes the time of the last change, and no more
    assert Entry.objects.count() == before


def test_links_parts_and_cascades_stand_with_their_item():
    item, topic = make(NewsItem), Topic.objects.create(slug="a", name_en="A")
    goal = make(Goal)
    item.topics.add(topic)
    link = item.goal_links.create(goal=goal)
    link.delete()
    topic.delete()  # cascades to the link
    about = Entry.objects.filter(item_model="news.newsitem", item_id=str(item.pk)).order_by("pk")
    assert list(about.values_list("action", "model")) == [
        ("insert", "news.newsitem"),
        ("insert", "news.newsitem_topics"),
        ("insert", "news.newsgoallink"),
        ("delete", "news.newsgoallink"),
        ("delete", "news.newsitem_topics"),
    ]


def test_users_roles_and_rights_are_logged_and_passwords_never():
    user = User.objects.create_user("mona", password=PASSWORD)
    role = Group.objects.get(name="editor")
    user.groups.add(role)
    user.groups.clear()
    user.set_password("another one, longer")
    user.save()
    role.permissions.remove(role.permissions.first())
    user.user_permissions.add(Permission.objects.first())
    entries = logged(item_model="auth.user", item_id=str(user.pk))
    assert [(action, model) for action, model, *_values in entries] == [
        ("insert", "auth.user"),
        ("insert", "auth.user_groups"),
        ("delete", "auth.user_groups"),
        ("password", "auth.user"),
        ("insert", "auth.user_user_permissions"),
    ]
    assert entries[0][3]["password"] == "***"
    assert entries[3][2:] == ({"password": "***"}, {"password": "***"})
    assert logged(item_model="auth.group", item_id=str(role.pk))[-1][:2] == ("delete", "auth.group_permissions")
    assert Entry.objects.get(action="insert", model="auth.user", row_id=str(user.pk)).item_name == "mona"


def test_no_secret_stands_in_any_entry():
    goal, user = make(Goal), make_user("administrator")
    link = PreviewLink.objects.create(
        content_type_id=1, object_id=goal.pk, digest="d" * 64, expires_at=Now() + timedelta(days=1), created_by=user
    )
    Client().post("/en/admin/login/", {"login": user.username, "password": PASSWORD})
    assert link.digest not in " ".join(map(str, Entry.objects.values_list("old", "new")))
    assert user.password not in " ".join(map(str, Entry.objects.values_list("old", "new")))
    assert Entry.objects.filter(model="sessions.session").count() == 0


def test_every_table_is_watched_but_those_that_are_named():
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE tgname = 'audit_row'")
        found = {name for (name,) in cursor.fetchall()}
    everything = {
        model._meta.db_table: model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    assert {everything[table] for table in everything.keys() - found} == tables.NOT_WATCHED
    assert found <= everything.keys()
    tables.watch()  # once more
    assert {"auth_user_groups", "auth_group_permissions", "search_namegroup", "news_newsitem_topics"} <= found


def test_the_acts_of_an_editor_are_logged_as_such():
    editor = make_user("editor")
    item = make(NewsItem, public=["ar"], title_en="One")
    working_copies.record(item, Revision.Action.SAVED, editor)
    edit(item, title_en="Two")
    working_copies.submit(item, ["en"], editor, "Please look")
    working_copies.approve(item, ["en"])
    working_copies.publish(item, ["en"], editor)
    working_copies.withdraw(item, ["en"], editor)
    working_copies.delete(item, editor)
    working_copies.restore(item, editor)
    acts = Entry.objects.about(item).filter(model="news.newsitem").exclude(action__in=["insert", "update"]).reverse()
    assert [(act.action, act.languages, act.note) for act in acts] == [
        ("saved", [], ""),
        ("saved", [], ""),
        ("submitted", ["en"], "Please look"),
        ("approved", ["en"], ""),
        ("published", ["en"], ""),
        ("withdrawn", ["en"], ""),
        ("deleted", [], ""),
        ("restored", [], ""),
    ]
    assert (acts[1].old, acts[1].new) == ({"fields": {"title_en": "One"}}, {"fields": {"title_en": "Two"}})
    assert {act.who for act in acts} == {editor.username, connection.settings_dict["USER"]}
    live = logged(model="news.newsitem", action="update")
    assert [(old["title_en"], new["title_en"]) for _action, _model, old, new in live if "title_en" in new] == [("One", "Two")]


def test_purging_an_item_leaves_its_values_in_the_log():
    item = make(NewsItem, title_en="To be purged")
    working_copies.record(item, Revision.Action.SAVED)
    working_copies.purge(item)
    entry = Entry.objects.get(action="delete", model="news.newsitem")
    assert (entry.item_name, entry.old["title_en"]) == (item.title_ar, "To be purged")
    assert Entry.objects.filter(model="publishing.revision").count() == 0


def test_a_date_for_a_translation_is_logged_and_nothing_else_of_the_boards():
    item = make(NewsItem)
    working_copies.record(item, Revision.Action.SAVED)
    versions.of(item).filter(language="en").update(due_on="2027-01-01", note="-")
    assert logged(model="publishing.languageversion", action="update") == [
        ("update", "publishing.languageversion", {"due_on": None}, {"due_on": "2027-01-01"})
    ]
    assert Entry.objects.get(model="publishing.languageversion", action="update").item_model == "news.newsitem"


# Who


def test_the_user_of_a_request_is_named_and_forgotten_after_it(client):
    administrator = make_user("administrator")
    client.force_login(administrator)
    client.post("/en/admin/news/topic/add/", {"name_en": "Schools", "name_ar": "", "slug": "schools"})
    entry = Entry.objects.get(model="news.topic")
    assert (entry.who, entry.user_key, entry.via) == (administrator.username, administrator.pk, "admin:news_topic_add")
    Topic.objects.update(slug="other")
    assert Entry.objects.filter(model="news.topic").latest("pk").user_key is None


def test_commands_and_connections_are_named_by_role_and_program():
    run("SET application_name = 'psql'")
    Topic.objects.create(slug="a", name_en="A")
    entry = Entry.objects.get(model="news.topic")
    assert (entry.who, entry.via, entry.user_key) == (connection.settings_dict["USER"], "psql", None)


def test_who_is_acting_is_said_for_all_transactions_of_a_block():
    user = make_user("editor")
    with acting(user, "a test"):
        with transaction.atomic():
            Topic.objects.create(slug="a", name_en="A")
            transaction.set_rollback(True)
        Topic.objects.create(slug="b", name_en="B")
    Topic.objects.create(slug="c", name_en="C")
    assert list(Entry.objects.filter(model="news.topic").order_by("pk").values_list("new__slug", "user_key")) == [
        ("b", user.pk),
        ("c", None),
    ]


def test_a_user_who_is_deleted_stays_in_the_log():
    user = make_user("editor")
    with acting(user):
        Topic.objects.create(slug="a", name_en="A")
    name, key = user.username, user.pk
    user.delete()
    entry = Entry.objects.get(model="news.topic")
    assert (entry.who, entry.user_key) == (name, key)


# Signing in


def sign_ins() -> list[tuple[str, str, str]]:
    entries = Entry.objects.filter(action__in=["signed in", "signed out", "refused"]).order_by("pk")
    return list(entries.values_list("action", "who", "item_name"))


def test_signing_in_and_out_is_logged_and_names_only_that_exist(client):
    user = make_user("editor")
    page, name = "/en/admin/login/", user.username
    client.post(page, {"login": name, "password": "wrong"})
    client.post(page, {"login": PASSWORD, "password": "typed one box too early"})
    client.post(page, {"login": name, "password": PASSWORD})
    client.post("/en/admin/logout/")
    assert sign_ins() == [("refused", "", name), ("refused", "", ""), ("signed in", name, name), ("signed out", name, name)]
    assert PASSWORD not in str(list(Entry.objects.values()))


def test_a_wrong_code_is_logged_and_its_secret_never(client):
    user = make_user("editor")
    secret = set_up(signed_in(user))
    sign_in(client, user)
    client.post("/en/admin/second-factor/authenticate/", {"code": "000000"})
    assert sign_ins() == [("signed in", user.username, user.username), ("refused", "", user.username)]
    assert Entry.objects.filter(model="mfa.authenticator", who=user.username).count() == 2  # the app, and the recovery codes
    assert not any(part in str(list(Entry.objects.values())) for part in (secret, "gAAAAA"))


def test_a_hash_that_a_sign_in_renews_is_no_change_of_the_password(client, settings):
    user = make_user("editor")
    settings.PASSWORD_HASHERS = ["tests.audit.test_log.Harder", *settings.PASSWORD_HASHERS]
    client.post("/en/admin/login/", {"login": user.username, "password": PASSWORD})
    assert User.objects.get(pk=user.pk).password.startswith("harder$")
    assert Entry.objects.filter(action="password").count() == 0
    client.post(
        "/en/admin/password_change/",
        {"oldpassword": PASSWORD, "password1": "another one, longer", "password2": "another one, longer"},
    )
    assert Entry.objects.get(action="password").who == user.username


# Append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET who = 'somebody else'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "SET LOCAL audit.forgetting = 'on'; DELETE FROM audit_entry",
        "SET LOCAL audit.forgetting = 'on'; UPDATE audit_entry SET happened_at = now() - interval '9 years'",
    ],
)
def test_the_database_refuses_to_change_the_log(statement):
    Topic.objects.create(slug="a", name_en="A")
    before = list(Entry.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="The log can only be added to"), transaction.atomic():
        run(statement)
    assert list(Entry.objects.order_by("pk").values()) == before != []


def test_what_is_old_is_forgotten_and_the_log_says_so(settings):
    settings.LOG_MONTHS = 12
    Topic.objects.create(slug="a", name_en="A")
    Entry.objects.create(action="insert", who="old", happened_at=timezone.now() - timedelta(days=400))
    Entry.objects.create(action="insert", who="younger", happened_at=timezone.now() - timedelta(days=300))
    left = Entry.objects.exclude(who="old").count()
    assert (retention.forget(), retention.forget()) == (None, None)
    assert Entry.objects.filter(who="old").count() == 0
    assert Entry.objects.count() == left + 1
    assert Entry.objects.get(action="shortened").note == "1"
    with pytest.raises(DatabaseError, match="DELETE is refused"), transaction.atomic():
        run("DELETE FROM audit_entry")


def test_what_is_younger_than_half_a_year_is_never_deleted(settings):
    settings.LOG_MONTHS = 1
    Entry.objects.create(action="insert", happened_at=timezone.now() - timedelta(days=100))
    with pytest.raises(DatabaseError, match="DELETE is refused"), transaction.atomic():
        retention.forget()


@pytest.mark.django_db(transaction=True)
def test_emptying_the_site_leaves_the_log():
    Topic.objects.create(slug="a", name_en="A")
    call_command("flush", interactive=False, verbosity=0)
    assert Topic.objects.count() == 0
    assert Entry.objects.filter(model="news.topic", action="insert").count() >= 1
    assert Entry.objects.filter(model="news.topic", action="truncate").count() >= 1
