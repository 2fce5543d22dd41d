"""What stands before its turn: pinned above the list of news, featured on the home page. Live at once, in all languages."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.desk.publish_form import MomentField
from news.models import MOST_FEATURED, MOST_PINNED, NewsItem, is_prominent

PLACES = {
    "pinned": (_("Pinned above the list of news"), MOST_PINNED),
    "featured": (_("First on the home page"), MOST_FEATURED),
}
"""Name → what it is called, and how many items stand there: those that were put there last."""


class ProminenceForm(forms.Form):
    """For each place, whether the item stands there and until when."""

    def __init__(self, item: NewsItem, data=None) -> None:
        super().__init__(data)
        self.item = item
        self.others = {name: list(NewsItem.objects.listed().filter(is_prominent(name)).exclude(pk=item.pk)) for name in PLACES}
        stands = NewsItem.objects.filter(pk=item.pk).values_list(*(Case(When(is_prominent(name), True)) for name in PLACES)).get()
        for name, is_there in zip(PLACES, stands, strict=True):
            self.fields[name] = forms.BooleanField(label=PLACES[name][0], required=False, initial=bool(is_there))
            until = getattr(item, f"{name}_until") if is_there else None
            self.fields[f"{name}_until"] = MomentField(label=_("Until"), initial=until)

    @property
    def places(self) -> list[dict]:
        """For the template: each place with its two fields, how many items have room there, and which others stand there now."""
        return [
            {
                "key": name,
                "is_there": self[name],
                "until": self[f"{name}_until"],
                "most": PLACES[name][1],
                "others": self.others[name],
            }
            for name in PLACES
        ]

    def clean(self) -> dict:
        for name in PLACES:
            until = self.cleaned_data.get(f"{name}_until")
            if until and self.cleaned_data.get(name) and until <= timezone.now():
                self.add_error(f"{name}_until", ValidationError(_("This moment is already past.")))
        return self.cleaned_data

    def save(self) -> None:
        """Write these columns alone. What stands there already keeps its place among the others."""
        values = {}
        for name in PLACES:
            is_there = self.cleaned_data[name]
            values[f"{name}_at"] = Case(When(is_prominent(name), F(f"{name}_at")), default=Now()) if is_there else None
            values[f"{name}_until"] = self.cleaned_data[f"{name}_until"] if is_there else None
        NewsItem.objects.filter(pk=self.item.pk).update(**values)
