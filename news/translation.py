from modeltranslation.translator import TranslationOptions, register

from conference_site.publishing.translation import PublishableOptions
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic


@register(Topic)
class TopicOptions(TranslationOptions):
    fields = ("name",)


@register(NewsItem)
class NewsItemOptions(PublishableOptions):
    fields = ("title", "summary", "place", "body", "correction", "video_transcript")


@register(NewsPicture)
class NewsPictureOptions(TranslationOptions):
    fields = ("caption",)


@register(NewsGoalLink)
class NewsGoalLinkOptions(TranslationOptions):
    fields = ("note",)
