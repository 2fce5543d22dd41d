"""The outbox: mail is written in the transaction of the act that it tells of, and sent later, by a thread of its own.

So a rollback leaves no mail, and no request waits for a mail server.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import uuid4

from django.contrib.auth.models import User
from django.core.mail import mailers
from django.db import models, transaction
from django.db.models.functions import Now

from conference_site.accounts.mail import message_of
from conference_site.accounts.models import OF_WORK, Kind, Notice
from conference_site.languages.content import current

logger = logging.getLogger(__name__)

AT_ONCE = 50
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
PATIENCE = timedelta(days=3)
KEPT = timedelta(days=30)
THEIRS = (SMTPRecipientsRefused, SMTPDataError)
"""What a mail server says of one message; after anything else there is no use in trying the next one now."""


def wanting(kind: Kind, people: models.QuerySet[User]) -> models.QuerySet[User]:
    """Those of them who can be written to, and want mail of this kind where that is theirs to say."""
    reachable = people.filter(is_active=True, is_staff=True).exclude(email="")
    return reachable.exclude(**{f"preferences__{kind}": False}) if kind in OF_WORK else reachable


def put(kind: Kind, people: models.QuerySet[User], key: str, facts: dict) -> None:
    """Write a mail to each of them who wants it, and was never told what ``key`` names."""
    notices = [Notice(recipient=user, kind=kind, key=key, facts=facts) for user in wanting(kind, people)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def put_for(user: User, kind: Kind, **facts: str) -> None:
    """Write one mail to one person, of something that may happen again; in this page's language if they have chosen none."""
    put(kind, User.objects.filter(pk=user.pk), f"{kind} {uuid4()}", facts | {"language": current()})


def send() -> None:
    """Send what is due. Where the mail server fails, the rest waits for the next call: so it takes no longer than one failure."""
    mailer = mailers.default
    try:
        for _number in range(AT_ONCE):
            notice = _claim()
            if notice is None or not _deliver(notice, mailer):
                break
    finally:
        with suppress(OSError):
            mailer.close()


def forget() -> None:
    """Delete what was sent, or given up, a month ago."""
    Notice.objects.filter(next_try_at=None, created_at__lte=Now() - KEPT).delete()


@transaction.atomic
def _claim() -> Notice | None:
    """The next mail, put off until another attempt would be due: meanwhile no other process takes it.

    Nothing stays locked while the mail server is asked. Whoever dies in between has it tried again after the pause.
    """
    due = Notice.objects.filter(next_try_at__lte=Now()).order_by("next_try_at", "pk")
    notice = due.select_for_update(skip_locked=True).first()
    if notice:
        pause = min(FIRST_PAUSE * 2**notice.tries, LONGEST_PAUSE)
        notice.tries += 1
        notice.next_try_at = Now() + pause
        notice.save(update_fields=["tries", "next_try_at"])
    return notice


def _deliver(notice: Notice, mailer) -> bool:
    """Send it; returns whether the next one can be tried at once."""
    row = Notice.objects.filter(pk=notice.pk)
    if not wanting(notice.kind, User.objects.filter(pk=notice.recipient_id)).exists():
        row.delete()  # the account was closed, say, after it was written
        return True
    try:
        mailer.open()
        mailer.send_messages([message_of(notice)])
    except OSError as error:  # all that smtplib raises, too
        _put_off(notice, error)
        return isinstance(error, THEIRS)
    except Exception as error:
        logger.exception("Mail %s could not be written.", notice.pk)
        _put_off(notice, error)
        return True
    row.update(sent_at=Now(), next_try_at=None, error="")
    return True


def _put_off(notice: Notice, error: Exception) -> None:
    reason = str(error) or type(error).__name__
    row = Notice.objects.filter(pk=notice.pk)
    row.update(error=reason)
    if row.filter(created_at__lte=Now() - PATIENCE).update(next_try_at=None):
        logger.error("Mail %s is given up after %s attempts: %s", notice.pk, notice.tries, reason)
    else:
        logger.warning("Mail %s could not be sent, and will be tried again: %s", notice.pk, reason)
