from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "conference_site.media"
    verbose_name = _("Picture library")
