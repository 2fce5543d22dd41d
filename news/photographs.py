"""Many photographs at once, for the gallery of a news item."""

from collections.abc import Iterable

from django import forms
from django.core.files.base import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, direction, language_name, localized
from conference_site.languages.models import require_text
from conference_site.media.forms import ChosenAgainMixin, SeveralPicturesField
from conference_site.media.models import Image
from conference_site.publishing import aggregate, working_copies
from news.models import NewsItem, NewsPicture

STEP = 10  # between the places of two photographs, so that one can be put between them


class PhotographsForm(ChosenAgainMixin, forms.Form):
    """The files; and one alternative text and one credit, in each language, for all of them."""

    files = SeveralPicturesField(label=_("photographs"), help_text=_("Several can be chosen at once."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "alternative_text": (
                _("what they show"),
                _("For those who do not see them. Each can be described afterwards."),
            ),
            "credit": (_("credit"), ""),
        }
        for name, (label, help_text) in texts.items():
            for code in codes():
                self.fields[localized(name, code)] = forms.CharField(
                    label=format_lazy("{} ({})", label, language_name(code)),
                    required=False,
                    max_length=Image._meta.get_field(name).max_length,
                    help_text=help_text,
                    widget=forms.TextInput({"lang": code, "dir": direction(code), "class": "vTextField"}),
                )

    def clean(self) -> dict:
        texts = {name: value for name, value in self.cleaned_data.items() if name != "files"}
        require_text(Image(**texts), "alternative_text")
        return self.cleaned_data

    def add_to(self, item: NewsItem, author) -> int:
        """Keep the pictures, and put them at the end of the gallery of the item's working copy. Returns how many they are."""
        texts = {name: value for name, value in self.cleaned_data.items() if name != "files"}
        with transaction.atomic():
            images = [_keep(file, texts) for file in self.cleaned_data["files"]]
            with working_copies.applied(item) as live:
                _append(live, images)
                data = aggregate.snapshot(live)
            working_copies.save(item, data, author)
        return len(images)


def _keep(file: File, texts: dict[str, str]) -> Image:
    image = Image(file=file, **texts)
    image.save()
    return image


def _append(item: NewsItem, images: Iterable[Image]) -> None:
    last = max(item.pictures.values_list("order", flat=True), default=0)
    for number, image in enumerate(images, 1):
        NewsPicture.objects.create(item=item, image=image, order=last + number * STEP)
