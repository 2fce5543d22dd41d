from django.apps import AppConfig
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "conference_site.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from conference_site.search.indexing import searchable

        for model in searchable():
            models.signals.post_delete.connect(after_deletion, sender=model)


def after_deletion(instance: models.Model, **kwargs: object) -> None:
    """Whichever way a row goes, what the search holds of it goes in the same transaction."""
    from conference_site.search import indexing

    indexing.forget(instance)
