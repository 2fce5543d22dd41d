from modeltranslation.translator import TranslationOptions, register

from conference_site.publishing.translation import PublishableOptions
from partners.models import LearningCity, Milestone, Organisation, Partnership, PartnershipGoalLink


@register(Organisation)
class OrganisationOptions(PublishableOptions):
    fields = ("name", "acronym", "role", "description")


@register(Partnership)
class PartnershipOptions(PublishableOptions):
    fields = ("title", "summary", "agreed", "results")


@register(Milestone)
class MilestoneOptions(TranslationOptions):
    fields = ("text",)


@register(PartnershipGoalLink)
class PartnershipGoalLinkOptions(TranslationOptions):
    fields = ("note",)


@register(LearningCity)
class LearningCityOptions(PublishableOptions):
    fields = ("name", "country", "network", "summary", "body")
