"""How often pages were read, and which searches found nothing: numbers a day, of which none is anybody's."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visits(models.Model):
    """How often one page was read on one day (in the site's time zone), in one language."""

    day = models.DateField()
    kind = models.CharField(max_length=100)
    """Of an item, its model (“news.newsitem”); of another page, the name of its URL pattern."""
    object_id = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=12)
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("visits")
        verbose_name_plural = _("visits")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "day", "language"], name="visits_once")]
        indexes = [models.Index(fields=["day"], name="visits_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.object_id} {self.language}"


class FruitlessSearch(models.Model):
    """How often words were searched for in vain on one day, from the pages of one language."""

    day = models.DateField()
    language = models.CharField(max_length=12)
    words = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["day", "language", "words"], name="fruitless_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.words}"
