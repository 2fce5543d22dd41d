"""A field in which any item that has a page is chosen, whatever its kind, and what it offers while one types."""

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, get_select2_language
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference_site.desk import work
from conference_site.languages.content import current
from conference_site.publishing.models import Addressed, LanguageVersion

OFFERED = 20


class ItemWidget(AutocompleteMixin, forms.Select):
    """Django's autocompletion, asking `offered` and not about a foreign key."""

    i18n_name = property(lambda _self: get_select2_language())

    def __init__(self, attrs: dict | None = None) -> None:
        forms.Select.__init__(self, attrs)

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = {"class": "admin-autocomplete", "lang": self.i18n_name, "data-ajax--url": reverse("admin:items")}
        attrs |= {"data-ajax--delay": 250, "data-ajax--cache": "true", "data-theme": "admin-autocomplete"}
        attrs |= {"data-allow-clear": "true", "data-placeholder": ""}
        return forms.Select.build_attrs(self, base_attrs, extra_attrs) | attrs

    def optgroups(self, name: str, value: list[str], attrs: dict | None = None) -> list:
        """The empty choice, and the one that stands."""
        self.choices = [("", ""), *_chosen(value[0] if value else "")]
        return forms.Select.optgroups(self, name, value, attrs)


class ItemField(forms.CharField):
    """An item as ``goal:12``: the name of its model, and its primary key. None where nothing is chosen."""

    widget = ItemWidget
    default_error_messages = {"invalid": _("Choose one of the items that are offered.")}

    def clean(self, value: str | None) -> tuple[str, int] | None:
        chosen = super().clean(value)
        if not chosen:
            return None
        if not _chosen(chosen):
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        kind, _colon, pk = chosen.partition(":")
        return kind, int(pk)


def offered(request: HttpRequest) -> JsonResponse:
    """Items that this user may see with these words in a title, each with its kind."""
    term = request.GET.get("term", "").strip()[:100]
    with_page = [pk for pk, model in work.kinds(request.user).items() if issubclass(model, Addressed)]
    found = work.versions_for(request.user).filter(content_type__in=with_page, title__icontains=term).exclude(title="")
    found = sorted(found.order_by("title", "pk")[: 2 * OFFERED], key=lambda version: version.language != current())
    choices = dict(map(_choice, reversed(found)))
    results = [{"id": key, "text": label} for key, label in sorted(choices.items(), key=lambda choice: choice[1])[:OFFERED]]
    return JsonResponse({"results": results, "pagination": {"more": False}})


def _choice(version: LanguageVersion) -> tuple[str, str]:
    model = ContentType.objects.get_for_id(version.content_type_id).model_class()
    return f"{model._meta.model_name}:{version.object_id}", f"{version.title} ({capfirst(model._meta.verbose_name)})"


def _chosen(value: str) -> list[tuple[str, str]]:
    """The item with this key, as a choice; none, where there is no such item."""
    kind, _colon, pk = value.partition(":")
    if not pk.isdecimal() or len(pk) > 18:
        return []
    versions = LanguageVersion.objects.filter(content_type__model=kind, object_id=pk, deleted_at=None).exclude(title="")
    versions = sorted(versions, key=lambda version: version.language != current())
    return [_choice(version) for version in versions[:1]]
