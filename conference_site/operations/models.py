"""What the site's operation remembers."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LoadedItem(models.Model):
    """The ledger of the starting content: each key that was ever loaded, and what it became.

    A key that stands here is never loaded again, whatever an editor did to its item since.
    """

    key = models.CharField(max_length=80, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("loaded item")
        verbose_name_plural = _("loaded items")

    def __str__(self) -> str:
        return self.key

    def item(self) -> models.Model | None:
        """What the key became, unless it was purged."""
        return self.content_type.model_class()._base_manager.filter(pk=self.object_id).first()
