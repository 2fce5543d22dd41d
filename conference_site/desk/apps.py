from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "conference_site.desk.site.Desk"
