from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "conference_site.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from conference_site.accounts import second_factor, sessions
        from conference_site.accounts.names import name_in_all_lists

        name_in_all_lists()
        sessions.connect()
        second_factor.connect()
