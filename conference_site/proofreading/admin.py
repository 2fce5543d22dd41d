"""The desk for official names."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from conference_site.languages.text import isolated
from conference_site.proofreading.models import OfficialName
from conference_site.search.admin import FormsField, FormsSearchMixin


class OfficialNameForm(forms.ModelForm):
    replaces = FormsField(
        forms.CharField(max_length=200),
        delimiter="\n",
        label=OfficialName._meta.get_field("replaces").verbose_name,
        help_text=OfficialName._meta.get_field("replaces").help_text,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )

    class Meta:
        model = OfficialName
        fields = ["name", "replaces"]
        widgets = {"name": forms.TextInput({"dir": "auto", "class": "vTextField"})}


@admin.register(OfficialName)
class OfficialNameAdmin(FormsSearchMixin, admin.ModelAdmin):
    form = OfficialNameForm
    list_display = ["__str__", "replaced"]
    search_fields = ["name", "replaces"]

    def forms_of(self, row: OfficialName) -> list[str]:
        return [row.name, *row.replaces]

    @admin.display(description=_("forms to be replaced"))
    def replaced(self, name: OfficialName) -> str:
        return format_html_join(mark_safe("<br>"), "{}", ((isolated(form),) for form in name.replaces))
