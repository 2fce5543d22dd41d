from django.apps import AppConfig


class RichTextConfig(AppConfig):
    name = "conference_site.richtext"
