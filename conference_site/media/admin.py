"""The desk for the library of pictures."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bilingual import BilingualMixin
from conference_site.languages.content import all_localized
from conference_site.media.models import Image


@admin.register(Image)
class ImageAdmin(BilingualMixin, admin.ModelAdmin):
    list_display = ["__str__", "preview", "width", "height", "address"]
    search_fields = ["file", *all_localized("alternative_text", "credit")]
    sections = ((None, ("file", "alternative_text", "credit")),)

    @admin.display(description=_("preview"))
    def preview(self, image: Image) -> str:
        return format_html('<img class="preview" src="{}" alt="" loading="lazy">', image.file.url) if image.file else ""

    @admin.display(description=_("address"))
    def address(self, image: Image) -> str:
        """What to paste into a text to show the picture there."""
        return format_html('<bdi dir="ltr">{}</bdi>', image.file.url) if image.file else ""
