"""What can be found: a row for each item and language, written where the live rows change."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

UNDATED = date.max
"""The day of what has none: a goal is never old, and stands before any news."""


class SearchEntry(models.Model):
    """One item's text in one language, as it stands in the live row.

    ``kind`` and ``object_id`` name the item. It is found from ``publish_at`` until ``expires_at``, and never without the first:
    a text that is scheduled needs no job. ``vector`` depends on the item's own text only; names that count as one are expanded
    in the query. ``title_vector`` holds the title and names alone: short enough to stand in the row, where ranking reads it.
    """

    kind = models.CharField(max_length=40)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12)
    title = models.TextField()
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    day = models.DateField(default=UNDATED)
    topics = ArrayField(models.PositiveBigIntegerField(), default=list)
    publish_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    title_vector = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "language"], name="one_entry_a_language")]
        indexes = [
            GinIndex(fields=["vector"], name="entry_by_lexeme"),
            models.Index(fields=["-day", "-id"], name="entry_newest_first"),
        ]

    def __str__(self) -> str:
        return self.title
