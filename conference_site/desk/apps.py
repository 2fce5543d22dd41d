from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "conference_site.desk.site.Desk"

    def ready(self) -> None:
        super().ready()
        from conference_site.desk.change_messages import name_fields_in_log

        name_fields_in_log()
