"""The log on the desk: filtered, in words, in few queries, for administrators only."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.audit import reading
from conference_site.audit.acting import acting
from conference_site.audit.models import Entry
from conference_site.desk.csv_file import harmless
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision
from news.models import NewsItem, Topic
from pages.models import Goal
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

LOG = "/en/admin/log/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss")


@pytest.fixture
def desk(boss) -> Client:
    return signed_in(boss)


def shown(client: Client, **asked) -> list[str]:
    """What was done to what, as the page says it."""
    return [f"{line.act} {line.called}" for line in client.get(LOG, asked).context["lines"]]


def words(line) -> list[tuple[str, list[str], list[str]]]:
    """The fields of an entry, each with what was removed and added."""
    found = []
    for field in line.changes.fields:
        pieces = [piece for value in field.values for each in value.lines for piece in each.pieces]
        found.append((field.label, *([piece.words for piece in pieces if piece.kind == kind] for kind in ("removed", "added"))))
    return found


@pytest.mark.parametrize(("role", "status"), [(None, 403), ("editor", 403), ("organiser", 403), ("administrator", 200)])
def test_administrators_alone_see_it(role, status):
    assert signed_in(make_user(role)).get(LOG).status_code == status
    assert signed_in(make_user(role)).get(LOG, {"csv": "1"}).status_code == status
    assert ("Log of changes" in signed_in(make_user(role)).get("/en/admin/").content.decode()) == (status == 200)


def test_of_superusers_only_superusers_learn(desk, boss):
    administrator = make_user("administrator")
    other = make_user("editor")
    User.objects.filter(pk__in=[boss.pk, other.pk]).update(first_name="New")
    asked = {"kind": "auth.user", "action": "update"}
    assert sorted(shown(desk, **asked)) == ["Changed boss", f"Changed {other.username}"]
    assert shown(signed_in(administrator), **asked) == [f"Changed {other.username}"]
    assert "boss" not in signed_in(administrator).get(LOG, asked | {"csv": "1"}).getvalue().decode()


def test_it_is_filtered_by_all_that_it_says(desk):
    editor = make_user("editor")
    with acting(editor):
        topic = Topic.objects.create(slug="schools", name_en="Schools")
        Topic.objects.filter(pk=topic.pk).update(name_en="Universities")
    goal = make(Goal, title_en="A goal")
    working_copies.record(goal, Revision.Action.SAVED, editor, note="By the way")
    Entry.objects.create(action="refused", happened_at=timezone.now() - timedelta(days=10), item_model="auth.user", item_name="x")
    old = str(timezone.localdate() - timedelta(days=9))
    assert shown(desk, who=editor.username) == [f"Saved {goal.title_ar}", "Changed Universities", "Added Schools"]
    assert shown(desk, kind="news.topic") == ["Changed Universities", "Added Schools"]
    assert shown(desk, item=f"news.topic:{topic.pk}") == ["Changed Universities", "Added Schools"]
    assert shown(desk, item=f"news.topic:{topic.pk + 1}") == []
    assert shown(desk, action="refused") == ["Sign-in refused x"]
    assert shown(desk, until=old) == ["Sign-in refused x"]
    assert "Sign-in refused x" not in shown(desk, since=old)
    assert shown(desk, q="schOOls") == ["Changed Universities", "Added Schools"]
    assert shown(desk, q="by the way") == [f"Saved {goal.title_ar}"]
    assert shown(desk, kind="nonsense", action="x", since="y", before="z") == shown(desk)


def test_old_and_new_values_are_said_in_words(desk):
    topic = Topic.objects.create(slug="a", name_ar="أ", name_en="Old schools")
    Topic.objects.filter(pk=topic.pk).update(name_en="New schools")
    user = make_user("editor", email="a@example.org")
    user.groups.add(Group.objects.get(name="organiser"))
    Group.objects.get(name="organiser").permissions.add(Permission.objects.get(codename="delete_conference"))
    user.set_password("another one, longer")
    user.is_active = False
    user.save()
    lines = reading.lines(Entry.objects.order_by("-pk")[:6])
    password, right, role, *_others = lines
    assert (password.act, password.secrets, words(password)) == ("Password changed", ["Password"], [("Active", ["Yes"], ["No"])])
    assert words(right) == [("Permissions", [], ["Delete: conference"])]
    assert words(role) == [("Groups", [], ["organisers"])]
    assert role.kind == "User"
    change = reading.lines(Entry.objects.filter(model="news.topic", action="update"))[0]
    assert words(change) == [("Name", ["Old"], ["New"])]
    page = desk.get("/ar/admin/log/", {"item": f"news.topic:{topic.pk}"}).content.decode()
    assert page.count("<ins>") >= 1


def test_an_act_says_languages_note_and_what_changed():
    goal = make(Goal, title_en="One")
    working_copies.record(goal, Revision.Action.SAVED)
    edit(goal, title_en="Two")
    working_copies.submit(goal, ["en"], None, "Please look")
    submitted, saved = reading.lines(Entry.objects.about(goal)[:2])
    assert (submitted.act, submitted.entry.note, submitted.changes) == ("Submitted for review: English", "Please look", None)
    assert (saved.act, words(saved)) == ("Saved", [("Title", ["One"], ["Two"])])


def test_who_or_what_did_it_is_said():
    user = make_user("editor")
    with acting(user, "admin:x"):
        Topic.objects.create(slug="a", name_en="A")
    with acting(None, "password_reset_confirm"):
        Topic.objects.create(slug="b", name_en="B")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL application_name = 'manage.py shell'")
    Topic.objects.create(slug="c", name_en="C")
    lines = reading.lines(Entry.objects.filter(model="news.topic").order_by("pk"))
    assert [(line.who, line.program, line.tool, line.database_role) for line in lines] == [
        (user.username, "", "", ""),
        ("", "a link that was sent by mail", "", ""),
        ("", "", "manage.py shell", connection.settings_dict["USER"]),
    ]


def test_what_the_site_no_longer_knows_is_still_listed(desk):
    Entry.objects.create(action="update", model="gone.thing", item_model="gone.thing", item_id="5", old={"a": 1}, new={"a": 2})
    Entry.objects.create(action="insert", model="news.topic", item_model="news.topic", item_id="99", new={"gone": "column"})
    assert shown(desk, kind="news.topic") == ["Added 99"]
    assert "Changed 5" in shown(desk)


def fill(number: int) -> None:
    for _number in range(number):
        item = make(NewsItem)
        item.topics.add(Topic.objects.create(slug=f"t{item.pk}", name_en="T"))
        item.goal_links.create(goal=make(Goal))
        working_copies.record(item, Revision.Action.SAVED, make_user("editor"))


def test_it_costs_as_many_queries_for_few_entries_as_for_many(desk):
    counted = []
    for number in (6, 12):  # more than a page has, so that the same kinds stand on it
        fill(number)
        desk.get(LOG)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LOG).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 30


def test_pages_follow_each_other_without_a_gap(desk, monkeypatch):
    monkeypatch.setattr(reading, "PER_PAGE", 4)
    for number in range(10):
        Topic.objects.create(slug=f"t{number}", name_en=f"T {number}")
    everything = list(Entry.objects.order_by("-happened_at", "-pk"))
    page, found = reading.page_of(Entry.objects.all(), size=4), []
    found += page.entries
    while page.older:
        page = reading.page_of(Entry.objects.all(), before=page.older, size=4)
        found += page.entries
    assert found == everything
    assert len(everything) > 8
    assert desk.get(LOG, {"before": "1.1"}).status_code == 200


def test_a_text_is_sought_in_so_many_entries_and_then_further(monkeypatch):
    monkeypatch.setattr(reading, "MOST_SEARCHED", 5)
    wanted = Topic.objects.create(slug="wanted", name_en="Wanted")
    for number in range(7):
        Topic.objects.create(slug=f"t{number}", name_en=f"T {number}")
    first = reading.page_of(Entry.objects.filter(model="news.topic"), "wanted")
    assert (first.entries, first.goes_on) == ([], True)
    second = reading.page_of(Entry.objects.filter(model="news.topic"), "wanted", first.older)
    assert ([entry.row_id for entry in second.entries], second.older) == ([str(wanted.pk)], None)


def test_the_table_holds_every_field_and_no_formula(desk):
    topic = Topic.objects.create(slug="a", name_ar="أ", name_en='=HYPERLINK("http://example.org")')
    Topic.objects.filter(pk=topic.pk).update(name_en="@SUM(1)", name_ar="-2")
    response = desk.get(LOG, {"csv": "1", "kind": "news.topic", "action": "update"})
    text = response.getvalue().decode()
    assert text[0] == "\ufeff"
    head, *rows = csv.reader(StringIO(text[1:]))
    assert head[3:10] == ["Action", "Kind", "Item", "Key", "Field", "Before", "After"]
    assert [row[7:10] for row in rows] == [
        ["Name (Arabic)", "أ", "'-2"],
        ["Name (English)", """'=HYPERLINK("http://example.org")""", "'@SUM(1)"],
    ]


def test_the_table_is_in_the_language_of_the_desk(desk):
    Topic.objects.create(slug="a", name_ar="أ")
    head, row, *_others = csv.reader(
        StringIO(desk.get("/ar/admin/log/", {"csv": "1", "kind": "news.topic"}).getvalue().decode()[1:])
    )
    assert (head[3:6], row[4]) == (["الإجراء", "النوع", "العنصر"], "موضوع")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "  =1", "＝1", "|a"])
def test_no_cell_is_calculated(text):
    assert harmless(text) == f"'{text}"
    assert [harmless(value) for value in ("a=1", "أ", 5, None)] == ["a=1", "أ", 5, ""]


def test_what_has_no_working_copy_has_its_history_from_the_log(desk):
    topic = Topic.objects.create(slug="a", name_ar="أ", name_en="Old")
    Topic.objects.filter(pk=topic.pk).update(name_en="New")
    Topic.objects.create(slug="b", name_en="Another")
    page = desk.get(f"/en/admin/news/topic/{topic.pk}/history/").content.decode()
    assert re.findall(r'class="act">(\w+)<', page) == ["Changed", "Added"]
    assert "Another" not in page
    editor = signed_in(make_user("editor"))
    assert editor.get(f"/en/admin/news/topic/{topic.pk}/history/").status_code == 200
