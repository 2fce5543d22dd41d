"""Mail is sent once, after its act is kept, and whatever the mail server does."""

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conference_site.accounts import outbox
from conference_site.accounts.models import Kind, Notice
from conference_site.publishing import working_copies
from news.models import NewsItem
from tests.accounts import smtp
from tests.builders import make, make_user
from tests.desk.test_review import press, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with smtp.running() as server:
        settings.MAILERS = server.mailers()
        yield server


def write(number: int = 1) -> list[Notice]:
    """As many notices, each to somebody else."""
    item = make(NewsItem, public=[])
    working_copies.record(item, "saved")
    for index in range(number):
        make_user("organiser", email=f"person{index}@example.org")
    working_copies.submit(item, ["ar"])
    return list(Notice.objects.order_by("pk"))


def make_all_due() -> None:
    Notice.objects.filter(next_try_at__isnull=False).update(next_try_at=timezone.now() - timedelta(seconds=1))


def states() -> list[str]:
    return [notice.state for notice in Notice.objects.order_by("pk")]


def test_mail_is_sent_once_over_one_connection(server):
    write(3)
    outbox.send()
    outbox.send()
    assert server.to == ["person0@example.org", "person1@example.org", "person2@example.org"]
    assert states() == ["sent"] * 3
    message = server.taken[0]
    assert (message["Auto-Submitted"], message.get_content_type()) == ("auto-generated", "multipart/alternative")


def test_who_is_refused_keeps_no_one_else_from_their_mail(server):
    server.refused = {"person0"}
    first, _second = write(2)
    outbox.send()
    assert (server.to, states()) == (["person1@example.org"], ["waiting", "sent"])
    first.refresh_from_db()
    assert (first.tries, "nobody of that name" in first.error) == (1, True)


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_mail_server_that_hangs_or_is_down_costs_one_failure(settings, is_silent):
    notices = write(2)
    with smtp.running() as server:
        server.is_silent = is_silent
        settings.MAILERS = server.mailers(timeout=0.3)
        if not is_silent:
            server.server_close()
        began = time.monotonic()
        outbox.send()
        assert time.monotonic() - began < 2
    assert [notice.tries for notice in Notice.objects.order_by("pk")] == [1, 0]
    assert Notice.objects.get(pk=notices[0].pk).error != ""


def test_an_editor_never_waits_for_the_mail_server(server):
    server.is_silent = True
    make_user("organiser", email="organiser@example.org")
    item = make(NewsItem, public=[])
    working_copies.record(item, "saved")
    began = time.monotonic()
    assert press(signed_in("editor"), item, "_submit").status_code == 302
    assert (time.monotonic() - began < 5, states()) == (True, ["waiting"])


def test_attempts_are_made_ever_more_rarely_and_end(settings, caplog):
    caplog.set_level(logging.WARNING, outbox.logger.name)
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}}
    }
    [notice] = write()
    pauses = []
    for _attempt in range(9):
        outbox.send()
        outbox.send()  # too early
        notice.refresh_from_db()
        pauses.append(round((notice.next_try_at - timezone.now()).total_seconds() / 60))
        make_all_due()
    assert (pauses, notice.tries) == ([5, 10, 20, 40, 80, 160, 320, 360, 360], 9)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=3, minutes=1))
    outbox.send()
    make_all_due()
    outbox.send()
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("given up", 10)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 9 + ["ERROR"]


def test_what_cannot_be_written_keeps_nothing_else_back(server, caplog):
    first, _second = write(2)
    Notice.objects.filter(pk=first.pk).update(facts={"items": [{"model": "news.gone"}]})
    outbox.send()
    assert (server.to, states()) == (["person1@example.org"], ["waiting", "sent"])
    assert "could not be written" in caplog.text


def test_what_is_no_longer_wanted_is_not_sent(server):
    first, second, third = write(3)
    type(first.recipient).objects.filter(pk=first.recipient_id).update(is_active=False)
    type(first.recipient).objects.filter(pk=second.recipient_id).update(email="")
    outbox.send()
    assert (server.to, list(Notice.objects.all())) == (["person2@example.org"], [third])


def test_nobody_is_told_the_same_twice(server):
    [notice] = write()
    people = type(notice.recipient).objects.filter(pk=notice.recipient_id)
    outbox.put(Kind.SUBMITTED, people, notice.key, notice.facts)
    outbox.send()
    outbox.put(Kind.SUBMITTED, people, notice.key, notice.facts)
    outbox.send()
    assert server.to == ["person0@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_send_at_once_send_each_mail_once(server):
    write(4)
    server.pause = lambda: time.sleep(0.05)

    def send() -> None:
        outbox.send()
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.to == [f"person{number}@example.org" for number in range(4)]
    assert states() == ["sent"] * 4


def test_what_was_sent_is_forgotten_after_a_month():
    old, given_up, young, waiting = write(4)
    long_ago, now = timezone.now() - timedelta(days=31), timezone.now()
    Notice.objects.exclude(pk=young.pk).update(created_at=long_ago)
    Notice.objects.filter(pk__in=[old.pk, young.pk]).update(sent_at=now, next_try_at=None)
    Notice.objects.filter(pk=given_up.pk).update(next_try_at=None)
    outbox.forget()
    assert list(Notice.objects.order_by("pk")) == [young, waiting]
