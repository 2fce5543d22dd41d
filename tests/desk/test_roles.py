"""Who may do what on the desk, over HTTP: every role × model × page."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client

from conference_site.media.models import Image
from conference_site.navigation.models import MenuEntry, Redirect
from conference_site.publishing.roles import create_roles
from news.models import NewsItem, Topic
from pages.models import Announcement, Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import send
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db

ALL = {"list", "add", "change", "save", "publish", "delete", "history"}
LIVE = ALL - {"publish"}  # what has no drafts
LOOK = {"list", "change", "history"}
EDITOR, ORGANISER, ADMINISTRATOR = "editor", "organiser", "administrator"

MAY = {
    NewsItem: {EDITOR: ALL, ORGANISER: LOOK, ADMINISTRATOR: ALL},
    Topic: {EDITOR: LIVE - {"delete"}, ADMINISTRATOR: LIVE},
    Image: {EDITOR: LIVE - {"delete"}, ORGANISER: LIVE - {"delete"}, ADMINISTRATOR: LIVE},
    Announcement: {ORGANISER: ALL, ADMINISTRATOR: ALL},
    Conference: {ORGANISER: ALL - {"add", "delete"}, ADMINISTRATOR: ALL - {"add", "delete"}},
    Goal: {EDITOR: LOOK, ORGANISER: ALL, ADMINISTRATOR: ALL},
    ResearchQuestion: {ORGANISER: ALL, ADMINISTRATOR: ALL},
    Page: {ORGANISER: ALL, ADMINISTRATOR: ALL},
    Organisation: {EDITOR: LOOK, ORGANISER: ALL, ADMINISTRATOR: ALL},
    Partnership: {EDITOR: LOOK, ORGANISER: ALL, ADMINISTRATOR: ALL},
    LearningCity: {ORGANISER: ALL, ADMINISTRATOR: ALL},
    MenuEntry: {EDITOR: LOOK, ORGANISER: LIVE, ADMINISTRATOR: LIVE},
    Redirect: {EDITOR: LOOK, ORGANISER: LIVE, ADMINISTRATOR: LIVE},
    User: {ADMINISTRATOR: LIVE},
    Group: {ADMINISTRATOR: LIVE},
}


def an_item(model):
    examples = {
        Topic: {"slug": "topic", "name_en": "Topic"},
        Image: {"alternative_text_en": "A picture"},
        Group: {"name": "Some"},
        MenuEntry: {"section": "news"},
        Redirect: {"path": "/jubail", "section": "news"},
    }
    return make_user() if model is User else make(model, **examples.get(model, {}))


def allowed(client: Client, item) -> set[str]:
    """The pages that open for this user, and whether the form may be sent (an empty one: a refusal comes before any error)."""
    meta = item._meta
    base = f"/en/admin/{meta.app_label}/{meta.model_name}/"
    pages = {"list": base, "add": f"{base}add/"} | {name: address(item, name) for name in ("change", "delete", "history")}
    if hasattr(item, "publish_at"):
        pages["publish"] = address(item, "publish")
    opened = {name for name, page in pages.items() if client.get(page, follow=name == "list").status_code == 200}
    refused = {
        client.post(page, {}).status_code == 403 for name, page in pages.items() if name not in {"list", "history"} | opened
    }
    assert refused <= {True}
    return opened | ({"save"} if client.post(address(item), {}).status_code != 403 else set())


@pytest.mark.parametrize("model", MAY, ids=lambda model: model.__name__)
def test_what_a_role_may_open_and_send(model, monkeypatch):
    """Only the status is asked for: the page of a refusal is drawn in other tests, and would be half of the time of these."""
    monkeypatch.setattr("conference_site.views.error_page", lambda request, status, message="": HttpResponse(status=status))
    item, found = an_item(model), {}
    for role in (EDITOR, ORGANISER, ADMINISTRATOR, None):
        client = Client()
        client.force_login(make_user(role))
        found[role] = allowed(client, item)
    assert found == {role: MAY[model].get(role, set()) for role in found}


def test_nobody_else_is_let_in(client):
    response = client.get("/ar/admin/pages/goal/")
    assert (response.status_code, response["Location"]) == (302, "/ar/admin/login/?next=/ar/admin/pages/goal/")


def test_an_existing_role_is_never_widened():
    create_roles()
    editor = Group.objects.get(name=EDITOR)
    narrowed = Permission.objects.get(codename="publish_newsitem")
    editor.permissions.remove(narrowed)
    lacking = create_roles()
    assert narrowed not in editor.permissions.all()
    assert lacking == {EDITOR: {narrowed.name}}


def test_who_may_not_publish_still_saves_drafts(client):
    create_roles()
    Group.objects.get(name=ORGANISER).permissions.remove(Permission.objects.get(codename="publish_goal"))
    client.force_login(make_user(ORGANISER))
    goal = make(Goal, title_en="Live")
    page = client.get(address(goal)).content.decode()
    assert ('name="_publish"' in page, "publishlink" in page) == (False, False)
    assert send(client, address(goal), title_en="Draft").status_code == 302
    assert client.post(address(goal, "publish"), {"publish_en": "on"}).status_code == 403
    assert client.post(address(goal, "publish"), {"_withdraw": "en"}).status_code == 403
    assert (reread(goal).title_en, reread(goal).is_public("en")) == ("Live", True)


def test_an_administrator_makes_accounts_but_no_superuser(client):
    administrator, colleague = make_user(ADMINISTRATOR), make_user()
    boss = User.objects.create_superuser("boss", password="correct horse battery")
    client.force_login(administrator)
    organiser = Group.objects.get(name=ORGANISER)
    rights = {"is_superuser": "on", "user_permissions": [Permission.objects.first().pk], "groups": [organiser.pk]}
    assert send(client, address(colleague), **rights).status_code == 302
    colleague.refresh_from_db()
    assert (colleague.is_superuser, list(colleague.user_permissions.all()), list(colleague.groups.all())) == (
        False,
        [],
        [organiser],
    )

    send(client, address(administrator), is_superuser="on")
    administrator.refresh_from_db()
    assert administrator.is_superuser is False

    new = {"username": "new", "password1": "a long enough one", "password2": "a long enough one", "is_superuser": "on"}
    send(client, "/en/admin/auth/user/add/", **new)
    assert User.objects.get(username="new").is_superuser is False

    for view in ("change", "delete", "password"):
        assert client.get(address(boss, view)).status_code in {302, 403, 404}
        assert client.post(address(boss, view), {"post": "yes"}).status_code in {302, 403, 404}
    assert User.objects.get(pk=boss.pk).is_superuser
