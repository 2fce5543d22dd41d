"""The log: what was changed, by whom, from what to what; who signed in. Rows are added, and never changed or taken away.

Triggers write it in the database, in the transaction that changes something, so that nothing passes it by: no ``update()``, no
command, no psql. The functions stand in the migrations, the tables that they watch in `tables`.
"""

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from conference_site.publishing.models import Revision


class Action(models.TextChoices):
    """What happened, beside the acts of an editor, which have their names from `Revision.Action`."""

    ADDED = "insert", _("added")
    CHANGED = "update", _("changed")
    REMOVED = "delete", _("deleted for ever")
    EMPTIED = "truncate", _("all deleted for ever")
    PASSWORD = "password", _("password changed")
    SIGNED_IN = "signed in", _("signed in")
    REFUSED = "refused", _("sign-in refused")
    SIGNED_OUT = "signed out", _("signed out")
    SHORTENED = "shortened", _("old entries of the log deleted")


def action_names() -> dict[str, str]:
    """Every action in words."""
    return dict([*Action.choices, *Revision.Action.choices])


class EntryQuerySet(models.QuerySet):
    def for_user(self, user: User):
        """Those that this user may read. Of accounts of superusers only superusers learn."""
        if user.is_superuser:
            return self
        theirs = User.objects.filter(is_superuser=True).annotate(key=Cast("pk", models.TextField())).values("key")
        return self.exclude(item_model=User._meta.label_lower, item_id__in=theirs)

    def about(self, item: models.Model):
        """What happened to one item, its parts and links included; the newest first."""
        return self.filter(item_model=item._meta.label_lower, item_id=str(item.pk)).order_by("-happened_at", "-pk")


class Entry(models.Model):
    """One change of one row, one act of an editor, one sign-in.

    Names stand beside keys, without foreign keys: what is deleted stays in the log.
    """

    happened_at = models.DateTimeField(db_default=Now())
    user_key = models.BigIntegerField(null=True)
    who = models.TextField(blank=True)
    """The user's name at that time; without a user, the role of the database that did it. Empty: nobody was signed in."""
    via = models.TextField(blank=True)
    """The page of the desk that was used (the name of its view), else the program: a command, psql, the site itself."""
    action = models.CharField(max_length=12)
    model = models.CharField(max_length=100, blank=True)
    """Whose row it was, “news.newsitem”; for a link between two things, that of its table."""
    row_id = models.TextField(blank=True)
    item_model = models.CharField(max_length=100, blank=True)
    item_id = models.TextField(blank=True)
    """The item to which the row belongs: itself, or that of which it is a part or a link."""
    item_name = models.TextField(blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    """Of a row: the columns that differ. Of an editor's act: the same of the working copy, as `aggregate.snapshot` has it."""
    languages = ArrayField(models.CharField(max_length=12), default=list)
    note = models.TextField(blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        # `manage.py flush`, which empties the tables of managed models, stops short of the log.
        managed = False
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.who} {self.action} {self.item_model} {self.item_id}"
