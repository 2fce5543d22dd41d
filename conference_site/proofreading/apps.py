from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofreadingConfig(AppConfig):
    name = "conference_site.proofreading"
    verbose_name = _("Content check")
