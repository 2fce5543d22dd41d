"""The desk for news and its topics."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.confirming import KnownDeletionMixin
from conference_site.desk.content import ContentAdmin, PartInline
from conference_site.desk.searching import LiveSearchMixin
from conference_site.media.admin import preview_url
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic, is_prominent
from news.photographs import PhotographsForm
from news.prominence import PLACES, ProminenceForm


@admin.register(Topic)
class TopicAdmin(KnownDeletionMixin, LiveSearchMixin, BilingualMixin, admin.ModelAdmin):
    search_fields = ["slug"]
    sections = ((None, ("name", "slug")),)


class NewsGoalLinkInline(PartInline):
    model = NewsGoalLink
    sections = ((None, ("goal", "note")),)


class NewsPictureInline(PartInline):
    model = NewsPicture
    autocomplete_fields = ["image"]
    readonly_fields = ["preview"]
    sections = ((None, ("preview", "image", "caption", "order")),)

    @admin.display(description=_("preview"))
    def preview(self, picture: NewsPicture) -> str:
        url = preview_url(picture.image) if picture.image_id else ""
        return format_html('<img class="preview" src="{}" alt="" loading="lazy">', url) if url else ""


class TopicFilter(admin.RelatedFieldListFilter):
    """With a word for the news that has none, in place of a dash."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("Without a topic")


class ProminenceFilter(admin.SimpleListFilter):
    """What is pinned or featured at this moment."""

    title = _("prominence")
    parameter_name = "prominent"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _most) in PLACES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(is_prominent(self.value())) if self.value() in PLACES else queryset


@admin.register(NewsItem)
class NewsItemAdmin(ContentAdmin):
    list_display = ["__str__", "listed_on"]
    list_filter = [("topics", TopicFilter), ProminenceFilter]
    date_hierarchy = "listed_on"
    autocomplete_fields = ["image", "video_poster", "topics", "organisations", "partnerships", "documents"]
    inlines = [NewsGoalLinkInline, NewsPictureInline]
    change_form_template = "desk/news_item.html"
    sections = (
        (None, ("title", "summary", "body")),
        (_("When and where"), ("event_on", "published_on", "place")),
        (_("Picture"), ("image",)),
        (
            _("Video"),
            ("video_url", "video_poster", "video_transcript"),
            _("The page shows the picture and a link: nothing is loaded from where the video stands before a reader goes there."),
        ),
        (_("What it concerns"), ("organisations", "partnerships", "topics", "documents")),
        (_("Source and correction"), ("source_url", "correction", "corrected_on")),
        (_("Page address"), ("slug",)),
    )

    def get_urls(self) -> list:
        views = {"photographs": self.photographs_view, "prominence": self.prominence_view}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"news_newsitem_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    @transaction.atomic
    def prominence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pin the item, or put it on the home page; live at once, so that it takes the right to publish."""
        self._require_publish_permission(request)
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = ProminenceForm(item, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            form.save()
            message = gettext("Kept: the site shows it so from now on.")
            self.log_change(request, item, message)
            messages.success(request, message)
            return HttpResponseRedirect(self._url("change", item.pk))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Pin or feature"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "desk/prominence.html", context)

    @transaction.atomic
    def photographs_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add many photographs to the gallery at once; they are saved as a draft like any other change."""
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_add = request.user.has_perms(["media.add_image", "news.add_newspicture"])
        if not (may_add and self.has_change_permission(request, item)):
            raise PermissionDenied
        form = PhotographsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if request.method == "POST" and form.is_valid():
            number = form.add_to(item, request.user)
            message = ngettext(
                "%(count)s photograph was added to the gallery.", "%(count)s photographs were added to the gallery.", number
            )
            message %= {"count": number}
            self.log_change(request, item, message)
            messages.success(request, message + " " + gettext("The gallery is a draft until it is published."))
            return HttpResponseRedirect(reverse("admin:news_newsitem_change", args=[item.pk]))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Add photographs"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "desk/photographs.html", context)
