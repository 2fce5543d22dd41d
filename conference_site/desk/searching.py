"""The search boxes of the desk: the site's own search, also in what is not public."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from conference_site.search import finding


class SearchMixin:
    """For the ModelAdmin of a `Searchable`: lists and autocompletion find by the entries of live rows, whatever the language.

    The last word may be unfinished, for autocompletion asks while one types. ``search_fields`` are columns that are no text of an
    entry, and are asked as Django does.
    """

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return rows, may_repeat
        by_column = rows.order_by().values("pk")
        keys = finding.keys(self.model._meta.model_name, search_term)
        found = list(
            queryset.order_by().filter(pk__in=keys).values_list("pk", flat=True)
        )  # once: a list asks four questions of it
        return queryset.filter(Q(pk__in=found) | Q(pk__in=by_column)), False


class LiveSearchMixin(SearchMixin):
    """The same for what has no working copy, and is deleted for ever."""

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """One by one, so that each takes what the search knew of it out of the items that had it."""
        for item in queryset:
            item.delete()
