from django.apps import AppConfig
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "conference_site.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        models.signals.post_delete.connect(forget)


def forget(instance: models.Model, **kwargs: object) -> None:
    """Whichever way a row goes, what the search holds of it goes in the same transaction."""
    from conference_site.search import indexing
    from conference_site.search.models import Searchable

    if isinstance(instance, Searchable):
        indexing.forget(instance)
