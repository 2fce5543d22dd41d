"""What roles and rights are called on the desk. In the database both have English names, which Django shows as they are."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLES = {
    "editor": pgettext_lazy("role", "editors"),
    "organiser": pgettext_lazy("role", "organisers"),
    "administrator": pgettext_lazy("role", "administrators"),
}
"""Those of `publishing.roles`. One that an administrator has made is called as they call it."""

VERBS = {
    "add": _("Add"),
    "change": _("Change"),
    "delete": _("Delete"),
    "view": _("View"),
    "publish": _("Publish"),
    "approve": _("Approve"),
}
"""Of the models' `default_permissions`."""


def name_of_role(role: Group) -> str:
    return str(ROLES.get(role.name, role.name))


def name_of_permission(permission: Permission) -> str:
    """“News | topic | Add”."""
    verb = permission.codename.partition("_")[0]
    return f"{permission.content_type} | {VERBS.get(verb, permission.name)}"


def name_in_all_lists() -> None:
    """Django's models have no other place for it: lists, filters, titles and confirmations all ask the item itself."""
    Group.__str__ = name_of_role
    Permission.__str__ = name_of_permission
    Authenticator._meta.verbose_name = _("second factor")
    Authenticator._meta.verbose_name_plural = _("second factors")
    Authenticator._meta.get_field("type").verbose_name = _("Kind")
