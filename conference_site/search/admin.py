"""The desk for names that count as one in every search."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conference_site.search.lexemes import terms
from conference_site.search.models import NameGroup


class FormsField(SimpleArrayField):
    """Forms of a name, one a line; empty lines are nothing."""

    widget = forms.Textarea
    default_error_messages = {"item_invalid": _("Line %(nth)s:")}

    def to_python(self, value: str | list | None) -> list[str]:
        lines = value.splitlines() if isinstance(value, str) else value or []
        return super().to_python([line for line in lines if line.strip()])


class NameGroupForm(forms.ModelForm):
    forms = FormsField(
        forms.CharField(max_length=200),
        delimiter="\n",
        label=NameGroup._meta.get_field("forms").verbose_name,
        help_text=NameGroup._meta.get_field("forms").help_text,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )

    class Meta:
        model = NameGroup
        fields = ["forms"]


class FormsSearchMixin:
    """For the ModelAdmin of names with several forms: its lists find as tolerantly as the site's search."""

    list_per_page = 500

    def forms_of(self, row: models.Model) -> list[str]:
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """The rows with a form in which all of these words, or the beginnings of words, stand."""
        typed = _words(search_term)
        if not typed:
            return (queryset.none() if search_term.strip() else queryset), False
        found = [row.pk for row in queryset if any(_has(_words(form), typed) for form in self.forms_of(row))]
        return queryset.filter(pk__in=found), False


@admin.register(NameGroup)
class NameGroupAdmin(FormsSearchMixin, admin.ModelAdmin):
    form = NameGroupForm
    search_fields = ["forms"]

    def forms_of(self, row: NameGroup) -> list[str]:
        return row.forms


def _words(text: str) -> list[str]:
    return [term.exact for term in terms(text)]


def _has(words: list[str], typed: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in typed)
