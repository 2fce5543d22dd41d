"""What makes another version of what is public, and what does not; read as each process reads it."""

import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from conference_site.delivery import triggers, version
from conference_site.delivery.models import ContentVersion
from conference_site.delivery.version import Reader, moment_columns
from conference_site.navigation.models import MenuEntry
from conference_site.publishing import working_copies
from news.models import NewsItem, Topic
from pages.models import Goal
from tests.builders import make, make_user, unsaved

pytestmark = pytest.mark.django_db(transaction=True)


def token() -> str:
    return str(ContentVersion.objects.get())


@pytest.fixture
def reader():
    reader = Reader()
    reader.start()
    yield reader
    reader.stop()
    reader.join(timeout=5)
    assert not reader.is_alive()


def saved_draft(goal: Goal) -> None:
    data = working_copies.working_copy(goal)
    working_copies.save(goal, data | {"fields": data["fields"] | {"title_en": "Another"}})


CHANGES = {
    "save": lambda goal: goal.save(),
    "update": lambda goal: Goal.objects.update(slug="other"),
    "bulk_create": lambda goal: Topic.objects.bulk_create([Topic(slug="a", name_en="A"), Topic(slug="b", name_en="B")]),
    "delete": lambda goal: goal.delete(),
    "publish": lambda goal: working_copies.publish(goal, ["ar"]),
    "withdraw": lambda goal: working_copies.withdraw(goal, ["en"]),
    "menu": lambda goal: MenuEntry.objects.create(section="news"),
    "link": lambda goal: make(NewsItem).topics.add(make(Topic, slug="c", name_en="C")),
    "SQL": lambda goal: connection.cursor().execute("UPDATE pages_goal SET slug = 'sql'"),
    "TRUNCATE": lambda goal: connection.cursor().execute("TRUNCATE pages_goal CASCADE"),
}
NO_CHANGES = {
    "a draft": saved_draft,
    "a submission": lambda goal: working_copies.submit(goal, ["ar"]),
    "an account": lambda goal: make_user("editor"),
    "reading": lambda goal: list(Goal.objects.visible()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_is_public_makes_another_version(change):
    goal = make(Goal)
    working_copies.record(goal, "saved")
    before = token()
    CHANGES[change](goal)
    assert token() != before


@pytest.mark.parametrize("act", NO_CHANGES)
def test_what_the_public_does_not_see_makes_none(act):
    goal = make(Goal)
    working_copies.record(goal, "saved")
    before = token()
    NO_CHANGES[act](goal)
    assert token() == before


def test_it_comes_with_the_end_of_the_transaction_and_once():
    before, seen = token(), set()
    with transaction.atomic():
        for _each in range(3):
            make(Goal)
            seen.add(token())
    assert (seen, token() != before) == ({before}, True)


def test_what_is_rolled_back_leaves_no_trace():
    before = token()
    with transaction.atomic():
        make(Goal)
        transaction.set_rollback(True)
    assert token() == before


def test_only_what_no_page_shows_has_no_triggers():
    """A new table has them, unless somebody says that it is not shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'content_changed'"
        )
        tables = {name for [name] in cursor.fetchall()}
    assert tables == triggers.shown()
    assert {"pages_goal", "news_newsitem_topics", "navigation_menuentry", "search_namegroup", "media_image"} <= tables
    assert not {"publishing_revision", "auth_user", "visits_visits", "audit_entry", "django_session"} & tables


def test_triggers_are_made_anew_where_they_are_missing_or_too_many():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER content_changed ON pages_goal")
        cursor.execute(triggers.KINDS["content_changed"].format("django_session"))
    call_command("migrate", verbosity=0)
    test_only_what_no_page_shows_has_no_triggers()


def test_the_reader_knows_what_was_committed_before_it_was_asked(reader):
    """Where it is asked a fifth of a second later, its answer is of this change, or a later one."""
    seen = [reader.version()]
    for _each in range(5):
        make(Goal)
        time.sleep(version.FRESH)
        seen.append(reader.version())
    assert len(set(seen)) == 6
    assert reader.version() == seen[-1]


@pytest.mark.parametrize("name", ["publish_at_ar", "expires_at_en"])
def test_a_moment_makes_another_version_though_nothing_is_written(reader, name):
    make(Goal, **{name: timezone.now() + timedelta(seconds=1.2)})
    time.sleep(version.FRESH)
    before, stays = reader.version(), token()
    time.sleep(0.5)
    assert reader.version() == before
    time.sleep(1)
    assert (reader.version() != before, token()) == (True, stays)


def test_a_day_makes_another_version(reader, settings, monkeypatch):
    before = reader.version()
    monkeypatch.setattr(version.timezone, "localdate", lambda: timezone.now().date() + timedelta(days=3))
    time.sleep(version.FRESH)
    assert reader.version() != before


def test_every_date_of_what_is_shown_is_a_moment_or_always_past():
    """A model that is yet to come has to say which of its dates something depends on."""
    tables = triggers.shown()
    dates = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField) and model._meta.db_table in tables
    }
    past = {"deleted_at", "modified_at", "created_at", "pinned_at", "featured_at", "withdrawn_at"}  # which are set to now
    never_read = {"publish_at", "expires_at"}  # those of the languages are
    assert {each for each in dates if each[1] not in past | never_read} == set(moment_columns())


def test_many_rows_cost_one_version(django_assert_num_queries):
    before = token()
    Goal.objects.bulk_create(unsaved(Goal) for _each in range(50))
    assert token() != before
