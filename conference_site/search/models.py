"""What can be found: a row for each item and language, written where the live rows change; and the names that count as one."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference_site.languages.text import isolated, normalise
from conference_site.search.names import is_name, whole

MOST_FORMS_OF_A_GROUP = 30

UNDATED = date.max
"""The day of what has none: a goal is never old, and stands before any news."""


class Searchable:
    """For a model whose items are found: by the editors at their desk, and by visitors where they have a page and are public.

    ``search_weights`` says by which texts, ``search_names`` which of them are names of the item (see `indexing`); ``headline`` is
    the field that names it.
    """

    headline = "title"
    search_weights: dict[str, tuple[str, ...]] = {}
    search_names: tuple[str, ...] = ()
    search_day: date | None = None

    def search_topics(self) -> Iterable[int]:
        """The primary keys of the topics under which the item is found."""
        return ()


class SearchEntry(models.Model):
    """One item's text in one language, as it stands in the live row.

    ``kind`` and ``object_id`` name the item. It is found from ``publish_at`` until ``expires_at``, and by visitors never without
    the first: a text that is scheduled needs no job. ``vector`` depends on the item alone (names that count as one are expanded
    in the query), and holds its `marks` too. ``title_vector`` holds the title and names: short enough to stand in the row, where
    ranking reads it.
    """

    kind = models.CharField(max_length=40)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12)
    title = models.TextField()
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    day = models.DateField(default=UNDATED)
    names = ArrayField(models.TextField(), default=list)
    publish_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    title_vector = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "language"], name="one_entry_a_language")]
        indexes = [
            GinIndex(fields=["vector"], name="entry_by_lexeme"),
            GinIndex(fields=["title_vector"], name="entry_by_lexeme_of_title"),
            models.Index(fields=["kind", "object_id"], condition=~models.Q(names=[]), name="entry_with_names"),
        ]

    def __str__(self) -> str:
        return self.title


class NameGroup(models.Model):
    """Names that count as one in every search, in any language: whoever types one of them finds the texts with any other.

    Live as soon as it is saved; no text has to be indexed again.
    """

    forms = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("forms of the name"),
        help_text=_(
            "One a line, in any language: the full name, the acronym, other spellings. Whoever searches for one finds all."
        ),
    )

    class Meta:
        verbose_name = _("group of names")
        verbose_name_plural = _("names and synonyms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return " = ".join(map(isolated, self.forms))

    def save(self, *args, **kwargs) -> None:
        self._tidy()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self._tidy()
        if words := [form for form in self.forms if not is_name(form)]:
            raise ValidationError({"forms": _("Nothing can be found by “%(form)s”.") % {"form": words[0]}})
        wholes = {whole(form) for form in self.forms}
        if len(wholes) == 1:
            raise ValidationError({"forms": _("A group needs two forms at least that the search does not take for one anyway.")})
        if len(self.forms) > MOST_FORMS_OF_A_GROUP:
            raise ValidationError({"forms": _("A group can have %(most)s forms at most.") % {"most": MOST_FORMS_OF_A_GROUP}})
        if self.forms and (other := NameGroup.objects.exclude(pk=self.pk).filter(forms__contains=self.forms).first()):
            raise ValidationError({"forms": _("All of these stand in another group already: %(group)s.") % {"group": other}})

    def _tidy(self) -> None:
        """Each form once, in its normal spelling, without stray spaces."""
        forms = [" ".join(normalise(text).split()) for text in self.forms or ()]
        self.forms = list(dict.fromkeys(filter(None, forms)))
