"""The three roles and what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from conference_site.accounts import rights

CONTENT = ("add", "change", "delete", "view", "publish")
APPROVED = (*CONTENT, "approve")
LOOK = ("view",)

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "editor": {
        "news.newsitem": CONTENT,
        "news.newsgoallink": ("add", "change", "delete", "view"),
        "news.topic": ("add", "change", "view"),
        "news.newspicture": ("add", "change", "delete", "view"),
        "media.image": ("add", "change", "view"),
        "pages.document": CONTENT,
        "search.namegroup": ("add", "change", "delete", "view"),
        "proofreading.officialname": ("add", "change", "delete", "view"),
        "navigation.menuentry": LOOK,
        "navigation.redirect": LOOK,
        "partners.organisation": LOOK,
        "partners.partnership": LOOK,
        "pages.goal": LOOK,
    },
    "organiser": {
        "pages.conference": ("change", "view", "publish", "approve"),
        "news.newsitem": ("view", "approve"),
        "pages.socialaccount": ("add", "change", "delete", "view"),
        "pages.announcement": APPROVED,
        "pages.document": APPROVED,
        "pages.goal": APPROVED,
        "pages.researchquestion": APPROVED,
        "pages.questionpagelink": ("add", "change", "delete", "view"),
        "pages.page": APPROVED,
        "partners.organisation": APPROVED,
        "partners.partnership": APPROVED,
        "partners.milestone": ("add", "change", "delete", "view"),
        "partners.partnershipgoallink": ("add", "change", "delete", "view"),
        "partners.learningcity": APPROVED,
        "media.image": ("add", "change", "view"),
        "search.namegroup": ("add", "change", "delete", "view"),
        "proofreading.officialname": ("add", "change", "delete", "view"),
        "navigation.menuentry": ("add", "change", "delete", "view"),
        "navigation.redirect": ("add", "change", "delete", "view"),
    },
}
"""Role → model → verbs. The third role, the administrator, has every permission that means something at the desk."""


def permissions_of(role: str) -> set[Permission]:
    """The permissions that a role is created with."""
    permissions = rights.known().select_related("content_type")
    if role == "administrator":
        return set(permissions)
    wanted = Q()
    for model, verbs in ROLES[role].items():
        app, name = model.split(".")
        wanted |= Q(content_type__app_label=app, codename__in=[f"{verb}_{name}" for verb in verbs])
    return set(permissions.filter(wanted))


def create_roles() -> dict[str, set[str]]:
    """Create the roles that are missing, and report what existing ones lack. An existing role is never changed.

    An administrator may have narrowed a role, and an upgrade must not widen it behind their back.
    """
    lacking = {}
    for name in (*ROLES, "administrator"):
        group, is_new = Group.objects.get_or_create(name=name)
        permissions = permissions_of(name)
        if is_new:
            group.permissions.set(permissions)
        elif missing := permissions - set(group.permissions.all()):
            lacking[name] = {permission.name for permission in missing}
    return lacking
