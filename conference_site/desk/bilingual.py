"""Forms in which every language of a field stands beside the others, each input in its own direction."""

import re

from django import forms
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst, format_lazy
from modeltranslation.fields import TranslationField

from conference_site.languages.content import codes, direction, language_name, localized
from conference_site.languages.fields import LinkField, PartialDateField
from conference_site.languages.inputs import EVERY_DIGIT
from conference_site.languages.validators import validate_plausible
from conference_site.publishing.aggregate import translated_fields
from conference_site.publishing.models import Publishable

LEFT_TO_RIGHT = (
    models.URLField,
    models.EmailField,
    models.SlugField,
    PartialDateField,
    LinkField,
    models.DateField,
    models.FloatField,
)
"""Fields whose content reads from left to right in every language (23)."""


KEY = re.compile("[0-9]{1,18}")
"""What may be a primary key."""


def label_of(field: models.Field) -> str:
    """A column's label, with the language of its texts."""
    if not isinstance(field, TranslationField):
        return capfirst(field.verbose_name)
    return format_lazy("{} ({})", capfirst(field.translated_field.verbose_name), language_name(field.language))


class _AnswerableMixin:
    """Of what a form sent back, PostgreSQL is asked only for what may be a key: Django's own widget fails at a word."""

    def optgroups(self, name: str, value: list[str], attr: object = None) -> list:
        return super().optgroups(name, [each for each in value if KEY.fullmatch(str(each))], attr)


class OneItem(_AnswerableMixin, AutocompleteSelect):
    pass


class SeveralItems(_AnswerableMixin, AutocompleteSelectMultiple):
    pass


class BilingualMixin:
    """For a ModelAdmin or inline: ``sections`` names each translated field once, and the form has it in every language.

    ``sections`` is a sequence of ``(heading or None, field names)``, or of ``(heading, field names, description)``.
    """

    sections: tuple = ()
    formfield_overrides = EVERY_DIGIT

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        return [
            (heading, {"fields": self._side_by_side(names), "description": description[0] if description else None})
            for heading, names, *description in self.sections
        ]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [name for _heading, names, *_rest in self.sections for name in self._columns(names)]

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs) -> forms.Field | None:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is None:
            return None
        if isinstance(formfield.widget, RelatedFieldWidgetWrapper):
            formfield.widget.can_delete_related = False  # what other items show too is deleted where one sees where it appears
        if isinstance(db_field, models.DateField):
            formfield.validators.append(validate_plausible)
        if isinstance(db_field, TranslationField):
            language, formfield.label = db_field.language, label_of(db_field)
        if isinstance(db_field, TranslationField) and not isinstance(db_field, LEFT_TO_RIGHT):
            formfield.widget.attrs |= {"lang": language, "dir": direction(language)}
        elif db_field.many_to_many:
            # Not to be cleared as a whole: Select2's sign for it stands in the list without being an item of it.
            getattr(formfield.widget, "widget", formfield.widget).is_required = True
        elif isinstance(db_field, LEFT_TO_RIGHT):
            formfield.widget.attrs["dir"] = "ltr"
        elif isinstance(db_field, models.CharField | models.TextField) and not db_field.choices:
            formfield.widget.attrs["dir"] = "auto"
        return formfield

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneItem(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SeveralItems(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(self, db: str | None, db_field: models.Field, request: HttpRequest) -> models.QuerySet | None:
        """What is deleted isn't offered any more; where the item that is edited has it already, it may stay."""
        rows, related = super().get_field_queryset(db, db_field, request), db_field.related_model
        if not issubclass(related, Publishable):
            return rows
        offered = models.Q(deleted_at=None)
        if edited := request.resolver_match.kwargs.get("object_id"):
            item = {getattr(self.model, "part_of", "pk"): unquote(edited)}
            offered |= models.Q(pk__in=self.model._base_manager.filter(**item).values(db_field.name))
        return (related._default_manager.using(db) if rows is None else rows).filter(offered)

    def _side_by_side(self, names: tuple[str, ...]) -> list:
        translated = translated_fields(self.model)
        return [tuple(localized(name, code) for code in codes()) if name in translated else name for name in names]

    def _columns(self, names: tuple[str, ...]) -> list[str]:
        return [column for row in self._side_by_side(names) for column in ([row] if isinstance(row, str) else row)]
