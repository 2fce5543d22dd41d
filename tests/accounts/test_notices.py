"""Who is told of what, by mail, and in which language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation

from conference_site.accounts import outbox
from conference_site.accounts.models import Notice, Preferences
from conference_site.publishing import aggregate, notices, replacements, versions, working_copies
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

MORNING = datetime(2027, 1, 10, 9, tzinfo=ZoneInfo("Asia/Riyadh"))
TODAY = MORNING.date()


def person(name: str, role: str | None = None, language: str | None = None, **fields) -> User:
    user = make_user(role, first_name=name, email=f"{name}@example.org", **fields)
    if language:
        Preferences.objects.remember(user, language)
    return user


@pytest.fixture
def item(db) -> NewsItem:
    item = make(NewsItem, public=[], title_ar="عنوان", title_en="A title")
    working_copies.record(item, "saved")
    return item


def told() -> list[tuple[str, str]]:
    """Who is told what, by the outbox: it is emptied."""
    found = sorted(Notice.objects.values_list("recipient__first_name", "kind"))
    Notice.objects.all().delete()
    return found


def sent() -> list[mail.EmailMultiAlternatives]:
    mail.outbox.clear()
    outbox.send()
    return mail.outbox


def test_a_submission_is_told_to_those_who_may_approve_and_to_nobody_else(item):
    organiser = person("organiser", "organiser")
    person("direct").user_permissions.add(Permission.objects.get(codename="approve_newsitem"))
    person("other").user_permissions.add(Permission.objects.get(codename="approve_goal"))
    person("superuser", is_superuser=True)
    person("closed", "organiser", is_active=False)
    make_user("organiser")  # without an address
    Preferences.objects.create(user=person("unwilling", "organiser"), language="en", submitted=False)
    editor = person("editor", "editor")
    working_copies.submit(item, ["ar"], editor)
    assert told() == [("direct", "submitted"), ("organiser", "submitted"), ("superuser", "submitted")]
    working_copies.submit(item, ["ar"], organiser)  # who need not be told of what they did
    assert told() == [("direct", "submitted"), ("superuser", "submitted")]


@pytest.mark.parametrize(("act", "kind"), [(working_copies.send_back, "sent_back"), (working_copies.approve, "approved")])
def test_the_answer_is_told_to_whoever_submitted_and_whoever_wrote(item, act, kind):
    submitter, writer, organiser = person("submitter", "editor"), person("writer", "editor"), person("organiser", "organiser")
    person("another", "editor")
    working_copies.submit(item, ["ar"], submitter)
    data = working_copies.working_copy(item)
    data["fields"]["title_ar"] = "آخر"
    working_copies.save(item, data, writer)
    told()
    act(item, ["ar"], organiser, "A note")
    assert told() == [("submitter", kind), ("writer", kind)]


def test_nobody_is_told_of_their_own_answer(item):
    administrator = person("administrator", "administrator")
    working_copies.submit(item, ["ar"], administrator)
    working_copies.approve(item, ["ar"], administrator)
    assert told() == []


def test_a_replacement_that_failed_is_told_to_whoever_planned_it():
    planner, goal = person("planner", "organiser", "en"), make(Goal, slug="old")
    person("another", "organiser")
    edit(goal, slug="wanted")
    replacements.plan(goal, ["ar"], timezone.now() + timedelta(days=1), planner)
    make(Goal, slug="wanted")
    versions.of(goal).exclude(replace_at=None).update(replace_at=timezone.now() - timedelta(seconds=1))
    replacements.apply_due()
    [message] = sent()
    assert (message.to, message.subject.split(":")[0]) == ([planner.email], "Sent back")
    assert message.body.startswith("A text could not be replaced at its moment")
    assert "From:" not in message.body


def test_an_act_that_is_rolled_back_leaves_no_mail(item):
    person("organiser", "organiser")
    with transaction.atomic():
        working_copies.submit(item, ["ar"])
        assert Notice.objects.count() == 1
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "html", "title"),
    [("ar", '<html lang="ar" dir="rtl">', "عنوان"), ("en", '<html lang="en" dir="ltr">', "A title")],
)
def test_a_mail_is_in_the_language_of_its_reader(item, settings, language, html, title):
    person("organiser", "organiser", language)
    with translation.override("en" if language == "ar" else "ar"):
        working_copies.submit(item, ["en"], person("editor", "editor"), "Please look <b>\nsoon")
    [message] = sent()
    address = f"{settings.SITE_URL}/{language}/admin/news/newsitem/{item.pk}/review/"
    page = message.alternatives[0].content
    with translation.override(language):
        assert message.subject == translation.gettext("For your review: %(title)s") % {"title": title}
    assert (message.to, message.alternatives[0].mimetype) == (["organiser@example.org"], "text/html")
    assert (address in message.body.splitlines(), f'href="{address}"' in page, html in page) == (True, True, True)
    assert ("Please look <b>\nsoon" in message.body, "Please look &lt;b&gt;<br>soon" in page) == (True, True)
    assert ("<bdi>editor</bdi>" in page, "editor\n" in message.body) == (True, True)


def test_5_a_title_of_the_other_language_is_isolated_and_marked():
    person("organiser", "organiser", "ar")
    item = make(NewsItem, public=[], title_ar="", title_en="A title")
    working_copies.record(item, "saved")
    working_copies.submit(item, ["en"])
    [message] = sent()
    assert ' lang="en" dir="ltr"><a href=' in message.alternatives[0].content
    assert "\u2066A title\u2069" in message.body.splitlines()
    assert message.subject.endswith(": \u2066A title\u2069")


def test_a_title_cannot_break_out_of_the_subject():
    person("organiser", "organiser", "en")
    item = make(NewsItem, public=[])
    data = aggregate.snapshot(item)
    data["fields"]["title_en"] = "One\r\nBcc: all@example.org\x85\u2028two"  # as no form would let it through
    working_copies.record(item, "saved", data=data)
    working_copies.submit(item, ["en"])
    [message] = sent()
    assert message.subject == "For your review: One Bcc: all@example.org two"
    assert message.message()["Bcc"] is None


def make_due(day: date = TODAY, author: User | None = None, **changes) -> NewsItem:
    """An item that is written in Arabic and wanted in English on that day."""
    item = make(NewsItem, public=[], title_en="", **changes)
    working_copies.record(item, "saved", author)
    versions.of(item).filter(language="en").update(due_on=day)
    return item


def test_what_is_due_is_told_once_a_day_in_one_mail(settings):
    author = person("author", "editor", "en")
    person("colleague", "editor")
    items = [make_due(TODAY - timedelta(days=days), author, title_ar=f"خبر {days}") for days in (0, 3)]
    make_due(TODAY + timedelta(days=1), author)
    working_copies.delete(make_due(author=author))
    notices.remind(MORNING.replace(hour=6))
    assert Notice.objects.count() == 0
    notices.remind(MORNING)
    notices.remind(MORNING + timedelta(hours=5))
    [message] = sent()
    assert (message.subject, message.to) == ("2 translations are due", ["author@example.org"])
    links = [f"{settings.SITE_URL}/en/admin/news/newsitem/{item.pk}/translation/" for item in reversed(items)]
    assert [line for line in message.body.splitlines() if "/translation/" in line] == links
    assert "Due on: 7\u00a0January 2027" in message.body.splitlines()
    notices.remind(MORNING + timedelta(days=1))
    assert len(sent()) == 1


def test_what_is_due_and_nobodys_concerns_all_who_may_change_it():
    person("one", "editor"), person("two", "editor"), person("organiser", "organiser")
    make_due(author=None)
    make_due(author=person("gone", "editor", is_active=False))
    notices.remind(MORNING)
    assert told() == [("one", "due"), ("two", "due")]


def test_what_is_done_is_due_no_more():
    item = make_due(author=person("author", "editor"))
    versions.of(item).update(missing=0, outdated=0)
    notices.remind(MORNING)
    assert told() == []
    versions.of(item).filter(language="en").update(outdated=1)
    notices.remind(MORNING)
    assert told() == [("author", "due")]


def test_a_reminder_of_one_thing_names_it():
    make_due(author=person("author", "editor", "en"), title_ar="خبر")
    notices.remind(MORNING)
    assert [message.subject for message in sent()] == ["Translation due: \u2067خبر\u2069"]


def test_remind_takes_the_moment_from_the_clock(monkeypatch):
    make_due(timezone.localdate(), person("author", "editor"))
    monkeypatch.setattr(notices, "FROM_HOUR", 0)
    notices.remind()
    assert told() == [("author", "due")]
