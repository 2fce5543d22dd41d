from modeltranslation.translator import TranslationOptions, register

from conference_site.publishing.translation import PublishableOptions
from pages.documents import Document
from pages.models import Announcement, Conference, Goal, Page, QuestionPageLink, ResearchQuestion


@register(Conference)
class ConferenceOptions(PublishableOptions):
    fields = (
        "title",
        "short_title",
        "theme",
        "purpose",
        "introduction",
        "venue",
        "former_venue",
        "organiser",
        "call_for_papers",
        "registration_before",
        "registration_during",
        "registration_after",
    )


@register(Announcement)
class AnnouncementOptions(PublishableOptions):
    fields = ("message", "link", "link_text")


@register(Document)
class DocumentOptions(PublishableOptions):
    fields = ("title", "description", "file", "size")


@register(Goal)
class GoalOptions(PublishableOptions):
    fields = ("title", "summary", "body")


@register(Page)
class PageOptions(PublishableOptions):
    fields = ("title", "introduction", "body")


@register(ResearchQuestion)
class ResearchQuestionOptions(PublishableOptions):
    fields = ("title", "question", "body")


@register(QuestionPageLink)
class QuestionPageLinkOptions(TranslationOptions):
    fields = ("note",)
