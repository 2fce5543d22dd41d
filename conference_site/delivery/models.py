"""What the public site shows, as one name for all of it."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class ContentVersion(models.Model):
    """One row, of which the token is another after every transaction that changed what is public: see `triggers`.

    A token never comes back, not even where an older database is restored, so that two pages of one token are of one content.
    """

    token = models.UUIDField(db_default=RandomUUID())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="delivery_one_version")]

    def __str__(self) -> str:
        return str(self.token)
