"""The desk: Django's admin under the site's own name."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    site_title = site_header = _("The editors’ desk")
    index_title = _("Content")
    site_url = None
