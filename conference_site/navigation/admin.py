"""The desk for menus and printed addresses. Both are live as soon as they are saved."""

from io import BytesIO

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.items import ItemField
from conference_site.desk.order import OrderMixin
from conference_site.desk.preview import FRAMED, FRAMING
from conference_site.languages.content import codes, current, direction, language_name, names_in_words
from conference_site.navigation.menus import Menus, left_out
from conference_site.navigation.models import Destination, MenuEntry, Redirect
from conference_site.publishing.models import LanguageVersion

WHERE = (
    _("Where it leads"),
    ("section", "item", "address"),
    _("One of the three. A section or a page is followed when its address changes."),
)


class DestinationForm(forms.ModelForm):
    item = ItemField(label=_("Page"), required=False, help_text=_("Words of its title, in any language."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.object_id:
            self.initial["item"] = f"{self.instance.kind}:{self.instance.object_id}"

    def clean(self) -> None:
        super().clean()
        self.instance.kind, self.instance.object_id = self.cleaned_data.get("item") or ("", None)

    def _post_clean(self) -> None:
        """The row as a whole is looked at once each field is right: else a wrong address would be called a missing one too."""
        if not self.errors:
            super()._post_clean()


class DestinationAdmin(BilingualMixin, admin.ModelAdmin):
    """The base of both: rows with what they lead to, in one query."""

    form = DestinationForm
    list_per_page = 500

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Also with the title of an item that is not public, for the desk alone."""
        title = LanguageVersion.objects.filter(
            content_type__model=models.OuterRef("kind"), object_id=models.OuterRef("object_id"), language=current()
        )
        rows = super().get_queryset(request).with_items()
        return rows.annotate(title_on_desk=models.Subquery(title.values("title")[:1]))

    def save_model(self, request: HttpRequest, obj: Destination, form: forms.ModelForm, change: bool) -> None:
        """Messages and the log call it by what it leads to now."""
        super().save_model(request, obj, form, change)
        saved = self.get_queryset(request).get(pk=obj.pk)
        obj.found, obj.title_on_desk = saved.found, saved.title_on_desk
        vars(obj).pop("item", None)

    @admin.display(description=_("leads to"))
    def leads_to(self, row: Destination) -> str:
        """The name of what stands there, and what keeps visitors from it."""
        name = row.get_section_display() or row.address or row.title_on_desk or gettext("Something that was deleted")
        if not row.is_shown:
            return format_html(
                '<bdi>{}</bdi> <span class="state state-expired">{}</span>', name, gettext("Not shown: it is not public")
            )
        if row.item and len(row.item) < len(codes()):
            only = gettext("Only in: %(languages)s") % {"languages": names_in_words(row.item)}
            return format_html('<bdi>{}</bdi> <span class="state">{}</span>', name, only)
        return format_html("<bdi>{}</bdi>", name)


@admin.register(MenuEntry)
class MenuEntryAdmin(OrderMixin, DestinationAdmin):
    list_display = ["link", "order", "place", "leads_to"]
    ordering = ["-place", "order", "pk"]  # the header first
    sections = ((None, ("place",)), WHERE, (_("What it says"), ("label",)))
    change_list_template = "desk/menus.html"
    change_form_template = "desk/menu_link.html"

    @admin.display(description=_("link"))
    def link(self, entry: MenuEntry) -> str:
        return str(entry)

    @method_decorator(csp_override(FRAMING))
    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"left_out": left_out()} | (extra_context or {}))

    @method_decorator(csp_override(FRAMING))
    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    # What it would look like

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/<str:of>/", view, name="navigation_menuentry_preview"), *super().get_urls()]

    @method_decorator([csp_override(FRAMED), xframe_options_sameorigin])
    def preview_view(self, request: HttpRequest, of: str) -> HttpResponse:
        """Both menus in every language, as they stand; with a form, as they would stand if it were saved. Nothing of it stays.

        The form is that of the ``list``, that to ``add``, or that of the link with this primary key.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            problems = self._save_for_a_look(request, of) if request.method == "POST" else []
            menus = Menus.current()
            transaction.set_rollback(True)
        languages = [_menus_in(code, menus) for code in codes()]
        return render(request, "desk/menus_preview.html", {"languages": languages, "problems": problems})

    def _save_for_a_look(self, request: HttpRequest, of: str) -> list[str]:
        """What keeps the form from being saved."""
        response = self.changelist_view(request) if of == "list" else self.changeform_view(request, None if of == "add" else of)
        list(messages.get_messages(request))  # nobody has saved anything
        if response.status_code == 302:
            return []
        return list(response.context_data.get("errors", [])) or [gettext("The list is not as it was. Load the page anew.")]


def _menus_in(language: str, menus: Menus) -> dict[str, str]:
    with translation.override(language):
        html = render_to_string("desk/_menus_preview.html", {"menus": menus.links()})
    return {"code": language, "direction": direction(language), "label": language_name(language), "html": html}


@admin.register(Redirect)
class RedirectAdmin(DestinationAdmin):
    list_display = ["read", "leads_to", "note"]
    search_fields = ["path", "note", "address"]
    readonly_fields = ["printed"]
    sections = ((None, ("path", "note")), WHERE)

    @admin.display(description=_("printed address"), ordering="path")
    def read(self, redirect: Redirect) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', redirect.path)

    def get_fieldsets(self, request: HttpRequest, obj: Redirect | None = None) -> list:
        printed = [(_("For print"), {"fields": ["printed"]})] if obj else []
        return [*super().get_fieldsets(request, obj), *printed]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.qr_view)
        return [path("<path:object_id>/qr.svg", view, name="navigation_redirect_qr"), *super().get_urls()]

    @admin.display(description=_("full address"))
    def printed(self, redirect: Redirect) -> str:
        """As it is read, as programs pass it on where that is another, and as a picture for a camera."""
        address = settings.SITE_URL + redirect.path
        ways = [(way,) for way in dict.fromkeys([address, iri_to_uri(address)])]
        qr = reverse("admin:navigation_redirect_qr", args=[redirect.pk])
        return format_html_join("", '<p><bdi dir="ltr">{}</bdi></p>', ways) + format_html(
            '<p><img class="qr" src="{}" alt="{}" width="160" height="160"></p><p><a href="{}" download="{}.svg">{}</a></p>',
            qr,
            gettext("QR code of this address"),
            qr,
            redirect.path.strip("/").replace("/", "-"),
            gettext("Download the QR code for print (SVG)"),
        )

    def qr_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The address as a QR code: lines, that print in any size."""
        redirect = self.get_object(request, unquote(object_id))
        if redirect is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, redirect):
            raise PermissionDenied
        picture = BytesIO()
        segno.make_qr(iri_to_uri(settings.SITE_URL + redirect.path), error="m").save(picture, kind="svg", scale=10, light="#fff")
        return HttpResponse(picture.getvalue(), "image/svg+xml")
