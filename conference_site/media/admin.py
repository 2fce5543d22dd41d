"""The desk for the library of pictures."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.searching import LiveSearchMixin
from conference_site.media.models import Image
from conference_site.media.pictures import FORMATS, validate


class PictureInput(AdminFileWidget):
    use_fieldset = False  # there is but one input here, with a label of its own


class PictureField(forms.FileField):
    """A file that has to be a picture which the site can keep.

    Django's own field for pictures hands the file to every decoder that Pillow has, before anybody could look at its size.
    """

    default_validators = [validate]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": ",".join(f"image/{name.lower()}" for name in FORMATS)}


@admin.register(Image)
class ImageAdmin(LiveSearchMixin, BilingualMixin, admin.ModelAdmin):
    list_display = ["__str__", "preview", "width", "height", "address"]
    search_fields = ["file"]
    sections = ((None, ("file", "alternative_text", "credit")),)
    formfield_overrides = BilingualMixin.formfield_overrides | {
        models.ImageField: {"form_class": PictureField, "widget": PictureInput}
    }

    @admin.display(description=_("preview"))
    def preview(self, image: Image) -> str:
        return format_html('<img class="preview" src="{}" alt="" loading="lazy">', image.file.url) if image.file else ""

    @admin.display(description=_("address"))
    def address(self, image: Image) -> str:
        """What to paste into a text to show the picture there."""
        return format_html('<bdi dir="ltr">{}</bdi>', image.file.url) if image.file else ""
