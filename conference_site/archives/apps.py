from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "conference_site.archives"
