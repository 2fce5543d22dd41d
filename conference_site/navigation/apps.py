from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NavigationConfig(AppConfig):
    name = "conference_site.navigation"
    verbose_name = _("Menus and printed addresses")
