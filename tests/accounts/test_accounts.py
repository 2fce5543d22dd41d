"""Accounts and roles on the desk: made by a link, never above whoever makes them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client

from conference_site.accounts import outbox
from conference_site.publishing.roles import create_roles
from tests.accounts.test_sign_in import is_in, set_up, sign_in, signed_in
from tests.builders import make_user
from tests.desk.forms import send

pytestmark = pytest.mark.django_db

NEW = "/en/admin/auth/user/add/"


def form_of(account: User, end: str = "change") -> str:
    return f"/en/admin/auth/user/{account.pk}/{end}/"


@pytest.fixture
def administrator() -> User:
    return make_user("administrator")


@pytest.fixture
def manager() -> User:
    """Who looks after accounts and roles, and may do nothing else."""
    create_roles()
    role = Group.objects.create(name="manager")
    role.permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    user = make_user()
    user.groups.add(role)
    return user


def test_a_new_account_has_no_password_until_its_owner_chooses_one(administrator):
    editor = Group.objects.get(name="editor")
    page = send(signed_in(administrator), NEW, username="mona", email="mona@example.org", groups=[editor.pk], language="ar")
    account = User.objects.get(username="mona")
    assert (account.has_usable_password(), account.is_staff, [*account.groups.all()]) == (False, True, [editor])
    outbox.send()
    [message] = mail.outbox
    assert message.to == ["mona@example.org"]
    [address] = re.findall(r"/ar/admin/reset/\S+", message.body)
    visitor = Client()
    choice = visitor.get(address, follow=True).redirect_chain[-1][0]
    visitor.post(choice, {"password1": "a horse in the rain", "password2": "a horse in the rain"})
    assert is_in_after(visitor, account, "a horse in the rain")
    assert page.context["link"].endswith("/")


def is_in_after(client: Client, account: User, password: str) -> bool:
    sign_in(client, account, password)
    return is_in(client)


def test_the_link_is_shown_of_an_account_that_never_signed_in_only(administrator):
    client, editor = signed_in(administrator), make_user("editor", email="editor@example.org")
    assert client.post(form_of(editor, "invite")).context["link"] != ""
    signed_in(editor)
    assert client.post(form_of(editor, "invite")).context["link"] == ""
    outbox.send()
    assert len(mail.outbox) == 2


def test_an_administrator_removes_a_second_factor_and_its_owner_is_told(administrator):
    editor = make_user("editor", email="editor@example.org")
    theirs = signed_in(editor)
    set_up(theirs)
    signed_in(administrator).post(form_of(editor, "forget-second-factor"))
    assert [Authenticator.objects.filter(user=editor).exists(), is_in(theirs)] == [False, False]
    outbox.send()
    assert "An administrator has removed the second factor." in mail.outbox[-1].body


def test_nobody_sets_somebody_elses_password(administrator):
    editor = make_user("editor")
    client = signed_in(administrator)
    new = {"password1": "a horse in the rain", "password2": "a horse in the rain", "password": "a horse in the rain"}
    client.post(form_of(editor, "password"), new)
    send(client, form_of(editor), **new)
    assert User.objects.get(pk=editor.pk).check_password("correct horse battery")


@pytest.mark.parametrize("end", ["change", "delete", "invite", "forget-second-factor"])
@pytest.mark.parametrize("whose", ["administrator", "superuser"])
def test_nobody_reaches_an_account_that_may_do_more(manager, administrator, end, whose):
    above = administrator if whose == "administrator" else User.objects.create_superuser("boss", password="correct horse battery")
    before = User.objects.values().get(pk=above.pk)
    answer = signed_in(manager).post(form_of(above, end), {"post": "yes", "username": "mine", "email": "mine@example.org"})
    assert answer.status_code in {302, 403, 404}
    assert User.objects.values().get(pk=above.pk) == before
    outbox.send()
    assert mail.outbox == []


def test_an_account_that_was_switched_off_is_no_way_up_either(manager, administrator):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert signed_in(manager).post(form_of(administrator), {"username": "x", "is_active": "on"}).status_code == 403


def test_nobody_gives_a_role_that_may_do_more(manager):
    editor, colleague, client = Group.objects.get(name="editor"), make_user(), signed_in(manager)
    send(client, form_of(colleague), groups=[editor.pk])
    send(client, form_of(manager), groups=[editor.pk])
    send(client, NEW, username="mine", groups=[editor.pk])
    assert [*User.objects.filter(groups=editor)] == []


def test_nobody_gives_a_role_a_right_that_they_lack(manager):
    role, client = Group.objects.get(name="manager"), signed_in(manager)
    publish = Permission.objects.get(codename="publish_newsitem")
    before = {*role.permissions.all()}
    send(client, f"/en/admin/auth/group/{role.pk}/change/", form_id="group_form", permissions=[publish.pk])
    send(client, "/en/admin/auth/group/add/", form_id="group_form", name="other", permissions=[publish.pk])
    assert ({*role.permissions.all()}, Group.objects.filter(permissions=publish, name="other").exists()) == (before, False)


def test_nobody_changes_a_role_that_may_do_more(manager):
    editor = Group.objects.get(name="editor")
    client = signed_in(manager)
    assert client.post(f"/en/admin/auth/group/{editor.pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"/en/admin/auth/group/{editor.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Group.objects.filter(pk=editor.pk, name="editor").exists()


def test_nobody_changes_their_own_role(administrator):
    client, own = signed_in(administrator), set(administrator.groups.all())
    send(client, form_of(administrator), groups=[], first_name="Changed")
    administrator.refresh_from_db()
    assert (administrator.first_name, set(administrator.groups.all()), administrator.is_staff) == ("Changed", own, True)


def test_who_is_kept_out_for_a_while_signs_in_anew(administrator):
    editor = make_user("editor")
    client, desk = signed_in(editor), signed_in(administrator)
    form = {"username": editor.username, "first_name": "", "last_name": "", "email": "", "language": "", "is_staff": "on"}
    for state in ({}, {"is_active": "on"}):
        assert desk.post(form_of(editor), form | state).status_code == 302
        assert not is_in(client)
    assert is_in(signed_in(editor))


def test_the_former_address_is_told_that_mail_goes_elsewhere(administrator):
    editor = make_user("editor", email="former@example.org")
    send(signed_in(administrator), form_of(editor), email="other@example.org")
    outbox.send()
    [message] = mail.outbox
    assert (message.to, "Mail for this account goes to another address" in message.body) == (["former@example.org"], True)
