"""The desk for the library of pictures."""

import logging

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.bulk import WHOLE, Act, BulkMixin, Candidate, Verdict, action
from conference_site.desk.searching import LiveSearchMixin
from conference_site.desk.work import form_of
from conference_site.media.forms import FileForm, FileInput, PictureField
from conference_site.media.models import Image
from conference_site.media.renditions import WEBP
from conference_site.media.usage import uses, uses_of
from conference_site.publishing.models import Publishable

logger = logging.getLogger(__name__)

PREVIEW = 320  # pixels


class WithdrawnFilter(admin.EmptyFieldListFilter):
    """Django asks “empty?”; an editor asks whether visitors see it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("Shown")

    def choices(self, changelist) -> list[dict]:
        labels = {None: _("All"), "1": pgettext_lazy("pictures", "Shown"), "0": _("Withdrawn")}
        return [choice | {"display": labels[value]} for choice, value in zip(super().choices(changelist), labels, strict=True)]


class AlternativeFilter(admin.SimpleListFilter):
    title = _("Alternative text")
    parameter_name = "alternative_text"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("missing", _("Missing in a language"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Image]) -> models.QuerySet[Image]:
        return queryset.lacking_alternatives() if self.value() else queryset


class Withdraw(Act):
    """Many pictures at once, each with its file."""

    key, label, permission, by_language = "withdraw", _("Withdraw everywhere"), "change", False
    locks_first = False  # a picture's row is locked after those of the items that show it
    explanation = _("These pictures disappear from every page, and their addresses lead nowhere. Each can be shown again.")

    def candidates(self, items: list[Image], user) -> list[Candidate]:
        will, wont = Verdict(True, _("Disappears from every page.")), Verdict(False, _("It is withdrawn already."), True)
        return [Candidate(image, str(image), {WHOLE: will if image.is_shown else wont}) for image in items]

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        try:
            candidate.item.withdraw()
        except OSError:
            logger.exception("%s could not be withdrawn", candidate.item.file.name)
            raise ValidationError(gettext("The picture's file could not be moved, so nothing has changed. Try again.")) from None
        return gettext("The picture is withdrawn: no page shows it, and its addresses lead nowhere.")

    def said(self, number: int) -> str:
        return ngettext("%(count)s picture was withdrawn.", "%(count)s pictures were withdrawn.", number) % {"count": number}


@admin.register(Image)
class ImageAdmin(LiveSearchMixin, BulkMixin, BilingualMixin, admin.ModelAdmin):
    acts = (Withdraw(),)
    actions = [action("withdraw", Withdraw.label, "change")]
    form = FileForm
    change_form_template = "desk/picture.html"
    delete_confirmation_template = "desk/picture_deletion.html"
    delete_selected_confirmation_template = "desk/pictures_deletion.html"
    list_display = ["__str__", "preview", "state", "size", "address"]
    list_filter = [("withdrawn_at", WithdrawnFilter), AlternativeFilter]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["file"]
    sections = (
        (None, ("file", "alternative_text", "credit")),
        (
            _("Focal point"),
            ("focus_x", "focus_y"),
            _("What stays in sight where the picture is cut: press on it, or say how far it is from left and top."),
        ),
    )
    formfield_overrides = BilingualMixin.formfield_overrides | {
        models.FileField: {"form_class": PictureField, "widget": FileInput}
    }

    class Media:
        js = [Script("media/focus.js", defer=True)]  # it looks for the picture, so that must be there

    @admin.display(description=_("preview"))
    def preview(self, image: Image) -> str:
        return format_html('<img class="preview" src="{}" alt="" loading="lazy">', preview_url(image)) if image.is_shown else ""

    @admin.display(description=_("address"))
    def address(self, image: Image) -> str:
        """What to paste into a text to show the picture there."""
        return format_html('<bdi dir="ltr">{}</bdi>', image.file.url) if image.file else ""

    @admin.display(description=_("state"), ordering="withdrawn_at")
    def state(self, image: Image) -> str:
        return pgettext_lazy("pictures", "Shown") if image.is_shown else _("Withdrawn")

    @admin.display(description=_("size in pixels"), ordering="width")
    def size(self, image: Image) -> str:
        return format_html('<bdi dir="ltr">{}\u00a0×\u00a0{}</bdi>', image.width, image.height) if image.width else ""

    def preview_of_choice(self, image: Image) -> str:
        return preview_url(image)

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> list:
        """A picture has a focal point once it is there to be pressed on."""
        return super().get_fieldsets(request, obj)[: None if obj else 1]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple:
        """A picture keeps its file: texts name it by its address. Another file is another picture."""
        return ("file",) if obj else ()

    def get_urls(self) -> list:
        view = require_POST(self.admin_site.admin_view(self.withdraw_view))
        return [path("<path:object_id>/withdraw/", view, name="media_image_withdraw"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        image = self.get_object(request, unquote(object_id)) if object_id else None
        context = {"picture": image, "preview_url": preview_url(image, 960), "uses": _named(uses(image))} if image else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press: the picture is shown nowhere any more, or shown again."""
        image = self.get_object(request, unquote(object_id))
        if image is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, image):
            raise PermissionDenied
        try:
            message = self._withdraw_or_show_again(image)
        except OSError:
            logger.exception("%s could not be withdrawn", image.file.name)
            messages.error(request, gettext("The picture's file could not be moved, so nothing has changed. Try again."))
        else:
            self.log_change(request, image, message)
            messages.success(request, message)
        return HttpResponseRedirect(reverse("admin:media_image_change", args=[image.pk]))

    def _withdraw_or_show_again(self, image: Image) -> str:
        """What was done, in words."""
        if image.withdrawn_at:
            image.show_again()
            return gettext("The picture is shown again.")
        image.withdraw()
        return gettext("The picture is withdrawn: no page shows it, and its addresses lead nowhere.")

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple:
        """A picture that is in use stays: it would be gone from public pages at once, and for ever. It can be withdrawn."""
        nested, counts, lacking, protected = super().get_deleted_objects(objs, request)
        found, in_use = uses_of(objs), []
        for image in objs:
            if found[image.pk]:
                links = [format_html('<a href="{2}"><bdi>{0}</bdi></a> ({1})', *use) for use in _named(found[image.pk])]
                in_use += [format_html("<bdi>{}</bdi>", image), links]
        return nested, counts, lacking, [*in_use, *protected]


def _named(items: list[Publishable]) -> list[tuple[str, str, str]]:
    """Each item that uses a picture, what it is, and where it is edited."""
    return [(str(item), item._meta.verbose_name, form_of(item)) for item in items]


def preview_url(image: Image, width: int = PREVIEW) -> str:
    """The address of the picture for a list of the desk."""
    if not image.is_shown:
        return ""
    return image.file.url if image.is_drawing else image.rendition(width, WEBP).url
