"""Content for tests. ``make(Goal, public=["ar"], title_ar="…")`` is a goal that is public in Arabic only."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone

from conference_site.languages.content import codes, localized
from conference_site.navigation.models import MenuEntry
from conference_site.publishing.models import Addressed, Publishable
from conference_site.publishing.roles import create_roles
from conference_site.search import indexing

NUMBERS = count(1)


def make[Model: models.Model](model: type[Model], public: list[str] | None = None, **fields) -> Model:
    """A saved item, public since yesterday in the languages of ``public`` (all of them unless given), and nowhere else.

    It has a title of its own in every language, unless ``fields`` says otherwise; it is read back with its states.
    """
    item = unsaved(model, public, **fields)
    item.save()
    return reread(item)


def unsaved[Model: models.Model](model: type[Model], public: list[str] | None = None, **fields) -> Model:
    """The same, for ``bulk_create``."""
    number = next(NUMBERS)
    columns: dict = {}
    if issubclass(model, Publishable):
        columns = {localized(model.headline, code): f"{model.__name__} {number} {code}" for code in codes()}
        yesterday = timezone.now() - timedelta(days=1)
        columns |= {localized("publish_at", code): yesterday for code in (codes() if public is None else public)}
    if issubclass(model, Addressed):
        columns["slug"] = f"{model.__name__.lower()}-{number}"
    return model(**columns | fields)


def stand(item: Publishable, place: str = "header", **fields) -> MenuEntry:
    """A link of a menu to this item, which the search knows, as it does whatever editors save."""
    indexing.refresh(item)
    return MenuEntry.objects.create(kind=item._meta.model_name, object_id=item.pk, place=place, **fields)


def reread[Model: models.Model](item: Model) -> Model:
    """The live row as it now stands."""
    rows = type(item).objects
    return (rows.with_states() if isinstance(item, Publishable) else rows).get(pk=item.pk)


def _created(role: str) -> Group:
    """The roles are made with the test database; a test that empties it takes them with it."""
    create_roles()
    return Group.objects.get(name=role)


def make_user(role: str | None = None, **fields) -> User:
    """Someone who may sign in to the desk in this role; without a role, someone who may do nothing there."""
    user = User.objects.create_user(
        f"{role or 'nobody'}{next(NUMBERS)}", password="correct horse battery", is_staff=True, **fields
    )
    if role:
        user.groups.add(Group.objects.filter(name=role).first() or _created(role))
    return user
