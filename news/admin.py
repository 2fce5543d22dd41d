"""The desk for news and its topics."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.content import ContentAdmin, PartInline
from conference_site.desk.searching import LiveSearchMixin
from news.models import NewsGoalLink, NewsItem, Topic


@admin.register(Topic)
class TopicAdmin(LiveSearchMixin, BilingualMixin, admin.ModelAdmin):
    search_fields = ["slug"]
    sections = ((None, ("name", "slug")),)


class NewsGoalLinkInline(PartInline):
    model = NewsGoalLink
    sections = ((None, ("goal", "note")),)


@admin.register(NewsItem)
class NewsItemAdmin(ContentAdmin):
    list_display = ["__str__", "listed_on"]
    list_filter = ["topics"]
    date_hierarchy = "listed_on"
    autocomplete_fields = ["image", "topics", "organisations", "partnerships"]
    inlines = [NewsGoalLinkInline]
    sections = (
        (None, ("title", "summary", "body")),
        (_("When and where"), ("event_on", "published_on", "place")),
        (_("Picture"), ("image",)),
        (_("What it concerns"), ("organisations", "partnerships", "topics")),
        (_("Source and correction"), ("source_url", "correction", "corrected_on")),
        (_("Page address"), ("slug",)),
    )
