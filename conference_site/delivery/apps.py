from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class DeliveryConfig(AppConfig):
    name = "conference_site.delivery"

    def ready(self) -> None:
        from conference_site.delivery import connections, triggers  # models are there only now

        post_migrate.connect(triggers.install, sender=self)
        connection_created.connect(connections.remember)
