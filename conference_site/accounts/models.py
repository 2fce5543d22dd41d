"""What the site knows of a user beside Django's account, and the mail that waits to be sent to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference_site.languages.content import codes


class Kind(models.TextChoices):
    """What a mail tells of."""

    SUBMITTED = "submitted", _("Waiting for review")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", _("Approved")
    DUE = "due", _("Translations due")
    INVITED = "invited", _("Invitation")
    PASSWORD = "password", _("A new password")
    ACCOUNT = "account", _("Something has changed in the account")


OF_WORK = (Kind.SUBMITTED, Kind.SENT_BACK, Kind.APPROVED, Kind.DUE)
"""What a user may do without: each has a field of this name in `Preferences`."""


class PreferencesQuerySet(models.QuerySet):
    def language_of(self, user) -> str | None:
        """The language that the user, or an administrator for them, has chosen; None while nobody has."""
        language = self.filter(user=user).values_list("language", flat=True).first()
        return language if language in codes() else None

    def remember(self, user, language: str) -> None:
        self.update_or_create(user=user, defaults={"language": language})


class Preferences(models.Model):
    """A user's own language, on the desk and in mail, and which mail they want. There is a row once a language was chosen."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    language = models.CharField(_("language"), max_length=12)
    submitted = models.BooleanField(_("a text waits for my review"), default=True)
    sent_back = models.BooleanField(_("a text of mine is sent back"), default=True)
    approved = models.BooleanField(_("a text of mine is approved"), default=True)
    due = models.BooleanField(_("translations are due (one message a day)"), default=True)

    objects = PreferencesQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings of a user")
        verbose_name_plural = _("settings of users")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class NoticeQuerySet(models.QuerySet):
    def in_state(self, state: str):
        """See `Notice.state`."""
        conditions = {
            Notice.State.SENT: Q(sent_at__isnull=False),
            Notice.State.WAITING: Q(next_try_at__isnull=False),
            Notice.State.GIVEN_UP: Q(sent_at=None, next_try_at=None),
        }
        return self.filter(conditions[Notice.State(state)]) if state in Notice.State.values else self


class Notice(models.Model):
    """A mail to one person: a row of the outbox (see `outbox`).

    ``key`` names what is told, so that nobody is told it twice. ``facts`` is what `mail` makes the message of, when it is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a mail", "Waiting")
        SENT = "sent", pgettext_lazy("a mail", "Sent")
        GIVEN_UP = "given up", pgettext_lazy("a mail", "Given up")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    kind = models.CharField(pgettext_lazy("a mail", "subject"), max_length=12, choices=Kind)
    key = models.CharField(max_length=60)
    facts = models.JSONField()
    created_at = models.DateTimeField(pgettext_lazy("a mail", "written"), db_default=Now())
    sent_at = models.DateTimeField(pgettext_lazy("a mail", "sent"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True, db_default=Now())
    """None once it was sent or given up."""

    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("answer of the mail server"), blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="nobody_is_told_twice")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="notices_to_send"),
            models.Index(fields=["key"], name="notices_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.recipient})"

    @property
    def state(self) -> State:
        if self.sent_at:
            return self.State.SENT
        return self.State.WAITING if self.next_try_at else self.State.GIVEN_UP
