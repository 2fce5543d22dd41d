from modeltranslation.translator import TranslationOptions, register

from conference_site.navigation.models import MenuEntry


@register(MenuEntry)
class MenuEntryOptions(TranslationOptions):
    fields = ("label",)
