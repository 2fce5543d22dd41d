"""Nobody gives, or reaches through somebody else's account, a right that they don't have themselves."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

OF_LIBRARIES = ("account", "contenttypes", "mfa", "sessions", "usersessions")
"""Applications of which nobody does anything at the desk."""


def known() -> QuerySet[Permission]:
    """The rights that mean something here."""
    return Permission.objects.exclude(content_type__app_label__in=OF_LIBRARIES)


def of_account(user: User) -> QuerySet[Permission]:
    """All that an account may do, or could if it were active."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).distinct()


def has_all(user: User, permissions: QuerySet[Permission]) -> bool:
    return user.is_superuser or not permissions.exclude(pk__in=of_account(user)).exists()


def roles_to_give(user: User) -> QuerySet[Group]:
    """The roles that may do nothing which the user may not."""
    if user.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=Permission.objects.exclude(pk__in=of_account(user)))
