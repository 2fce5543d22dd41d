"""The desk for organisations, partnerships and learning cities."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference_site.desk.content import PartInline
from conference_site.desk.order import OrderedAdmin
from partners.models import LearningCity, Milestone, Organisation, Partnership, PartnershipGoalLink


@admin.register(Organisation)
class OrganisationAdmin(OrderedAdmin):
    list_display = ["__str__", "kind", "is_partner", "order"]
    list_filter = ["kind", "is_partner"]
    autocomplete_fields = ["logo", "documents"]
    sections = (
        (None, ("name", "acronym", "kind", "role", "description")),
        (_("Website and logo"), ("website", "logo")),
        (_("Documents"), ("documents",)),
        (_("Partner of the conference"), ("is_partner",)),
        (_("Page address"), ("slug",)),
    )


class MilestoneInline(PartInline):
    model = Milestone
    sections = ((None, ("text", "date", "order")),)


class PartnershipGoalLinkInline(PartInline):
    model = PartnershipGoalLink
    sections = ((None, ("goal", "note")),)


@admin.register(Partnership)
class PartnershipAdmin(OrderedAdmin):
    list_display = ["__str__", "standing", "order"]
    list_filter = ["standing"]
    autocomplete_fields = ["parties", "documents"]
    inlines = [MilestoneInline, PartnershipGoalLinkInline]
    sections = (
        (None, ("title", "summary", "agreed", "results")),
        (_("Parties and state"), ("parties", "standing", "ends_on")),
        (_("Documents"), ("documents",)),
        (_("Page address"), ("slug",)),
    )


@admin.register(LearningCity)
class LearningCityAdmin(OrderedAdmin):
    autocomplete_fields = ["documents"]
    sections = (
        (None, ("name", "country", "network", "summary", "body")),
        (_("Where it came from"), ("partnership",)),
        (_("Documents"), ("documents",)),
        (
            _("Place on the map"),
            ("latitude", "longitude"),
            _("The map shows the Arab countries; a city beyond them, or without these numbers, stands in the list only."),
        ),
        (_("Page address"), ("slug",)),
    )
