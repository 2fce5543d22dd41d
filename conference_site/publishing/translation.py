"""Which fields of what is public have a column for each language."""

from modeltranslation.translator import TranslationOptions


class PublishableOptions(TranslationOptions):
    """The base of every publishable model's options: its two dates."""

    fields = ("publish_at", "expires_at")
