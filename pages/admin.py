"""The desk for the conference, its announcements, goals, questions and pages."""

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference_site.desk.content import ContentAdmin, PartInline
from conference_site.desk.order import OrderedAdmin
from conference_site.media.forms import DocumentField, FileForm, FileInput
from pages.documents import Document
from pages.models import Announcement, Conference, Fact, Goal, Page, QuestionPageLink, ResearchQuestion, SocialAccount

DOCUMENTS = (_("Documents"), ("documents",))


class SocialAccountInline(PartInline):
    model = SocialAccount
    sections = ((None, ("name", "url")),)


class ConferenceForm(forms.ModelForm):
    to_be_announced = forms.MultipleChoiceField(
        label=_("To be announced"),
        choices=Fact,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Shown as “to be announced” as long as it has no value."),
    )


@admin.register(Conference)
class ConferenceAdmin(ContentAdmin):
    """One record: the list leads straight to it."""

    form = ConferenceForm
    autocomplete_fields = ["documents"]
    inlines = [SocialAccountInline]
    sections = (
        (None, ("title", "short_title", "theme", "purpose", "introduction")),
        (_("Phase"), ("phase", "to_be_announced"), _("One change of phase changes the whole site.")),
        (_("When and where"), ("starts_on", "ends_on", "time_zone", "venue", "mode")),
        (
            _("Before a change"),
            ("former_starts_on", "former_ends_on", "former_venue"),
            _("Filled when a public date or venue changes."),
        ),
        (_("Organiser and contact"), ("organiser", "contact_email")),
        (_("Call for papers"), ("call_for_papers",)),
        (
            _("Registration"),
            (
                "registration_url",
                "registration_opens_at",
                "registration_closes_at",
                "registration_before",
                "registration_during",
                "registration_after",
            ),
        ),
        DOCUMENTS,
        (_("Calendar"), ("show_hijri",)),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Conference.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Conference | None = None) -> bool:
        return False

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """For the menu, which stands on every page: without asking the database whether one may be added."""
        change, view = self.has_change_permission(request), self.has_view_permission(request)
        return {"add": False, "change": change, "delete": False, "view": view}

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        conference = Conference.objects.first()
        if conference and self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:pages_conference_change", args=[conference.pk]))
        return super().changelist_view(request, extra_context)


@admin.register(Announcement)
class AnnouncementAdmin(ContentAdmin):
    """One short form, fit for a phone: what it says, from when, until when."""

    publishes_with_form = True
    list_display = ["__str__", "level"]
    search_fields = ["link"]
    sections = (
        (None, ("message", "level")),
        (_("Link"), ("link", "link_text")),
        (
            _("Shown"),
            ("publish_at", "expires_at"),
            _("Without a beginning it is shown at once, without an end until it is withdrawn."),
        ),
    )


@admin.register(Document)
class DocumentAdmin(OrderedAdmin):
    form = FileForm
    sections = ((None, ("title", "description", "file")), (_("Page address"), ("slug",)))
    formfield_overrides = OrderedAdmin.formfield_overrides | {
        models.FileField: {"form_class": DocumentField, "widget": FileInput}
    }


@admin.register(Goal)
class GoalAdmin(OrderedAdmin):
    autocomplete_fields = ["documents"]
    sections = ((None, ("title", "summary", "body")), DOCUMENTS, (_("Page address"), ("slug",)))


@admin.register(Page)
class PageAdmin(OrderedAdmin):
    autocomplete_fields = ["documents"]
    sections = ((None, ("title", "introduction", "body")), DOCUMENTS, (_("Page address"), ("slug",)))


class QuestionPageLinkInline(PartInline):
    model = QuestionPageLink
    sections = ((None, ("page", "note")),)


@admin.register(ResearchQuestion)
class ResearchQuestionAdmin(OrderedAdmin):
    inlines = [QuestionPageLinkInline]
    autocomplete_fields = ["documents"]
    sections = ((None, ("title", "question", "body")), DOCUMENTS, (_("Page address"), ("slug",)))
