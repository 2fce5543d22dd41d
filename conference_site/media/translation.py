from modeltranslation.translator import TranslationOptions, register

from conference_site.media.models import Image


@register(Image)
class ImageOptions(TranslationOptions):
    fields = ("alternative_text", "credit")
