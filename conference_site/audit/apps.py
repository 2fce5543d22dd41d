from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "conference_site.audit"
    verbose_name = _("Log")

    def ready(self) -> None:
        from conference_site.audit import sign_ins, tables  # models are there only now

        post_migrate.connect(tables.watch, sender=self)
        sign_ins.connect()
