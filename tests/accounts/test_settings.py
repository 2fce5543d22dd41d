"""A user's own settings and language: on their page, by the switch, after signing in, in the mail with a new password."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client
from django.utils import translation

from conference_site.accounts import outbox
from conference_site.accounts.models import Notice, Preferences
from tests.builders import make_user
from tests.desk.forms import fields_of, send
from tests.desk.test_saving import said

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def editor() -> User:
    return make_user("editor", email="editor@example.org")


@pytest.fixture
def client(editor) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def page(language: str = "en") -> str:
    return f"/{language}/admin/settings/"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_shows_what_holds_for_whoever_asks(client, editor, language):
    response = client.get(page(language))
    fields = fields_of(response, "settings_form")
    del fields["csrfmiddlewaretoken"]
    wanted = {"sent_back": ["on"], "approved": ["on"], "due": ["on"]}
    assert fields == {"first_name": [""], "last_name": [""], "language": [language]} | wanted
    assert editor.email in response.content.decode()
    with translation.override(language):
        assert f"<h1>{translation.gettext('My settings')}</h1>" in response.content.decode()


def test_only_who_may_approve_is_asked_about_reviews(client, editor):
    editor.user_permissions.add(Permission.objects.get(codename="approve_goal"))
    assert fields_of(client.get(page()), "settings_form")["submitted"] == ["on"]


def test_what_is_chosen_is_kept_and_said_in_the_language_chosen(client, editor):
    changes = {"first_name": "منى", "last_name": " الأحمد\u200f ", "language": "ar", "due": None}
    response = send(client, page(), None, "settings_form", **changes)
    with translation.override("ar"):
        assert (response["Location"], said(response)) == (page("ar"), [translation.gettext("Your settings are kept.")])
    own = Preferences.objects.get(user=editor)
    assert (own.language, own.submitted, own.sent_back, own.approved, own.due) == ("ar", True, True, True, False)
    editor.refresh_from_db()
    assert editor.get_full_name() == "منى الأحمد"


def test_nobody_can_change_what_is_not_theirs(client, editor):
    other = make_user("editor", email="other@example.org")
    Preferences.objects.remember(other, "ar")
    tampered = {
        "user": other.pk,
        "user_id": other.pk,
        "id": other.pk,
        "email": "x@example.org",
        "is_superuser": "on",
        "username": "x",
    }
    send(client, page() + f"?user={other.pk}", None, "settings_form", language="en", first_name="New", **tampered)
    assert Preferences.objects.language_of(other) == "ar"
    before = (editor.username, editor.email, False)
    editor.refresh_from_db()
    other.refresh_from_db()
    assert (editor.first_name, other.first_name) == ("New", "")
    assert (editor.username, editor.email, editor.is_superuser) == before


def test_a_wrong_language_is_refused_and_what_was_typed_comes_back(client, editor):
    response = send(client, page(), None, "settings_form", language="fr", first_name="Typed")
    assert (response.status_code, fields_of(response, "settings_form")["first_name"]) == (200, ["Typed"])
    assert Preferences.objects.count() == 0
    editor.refresh_from_db()
    assert editor.first_name == ""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_is_not_signed_in_has_no_settings(language):
    assert Client().get(page(language))["Location"] == f"/{language}/admin/login/?next={page(language)}"


def sign_in(editor: User, language: str, **fields) -> str:
    form = {"login": editor.username, "password": PASSWORD} | fields
    return Client().post(f"/{language}/admin/login/", form)["Location"]


def test_who_signs_in_comes_to_the_desk_in_their_own_language(editor):
    assert (sign_in(editor, "ar"), sign_in(editor, "en")) == ("/ar/admin/", "/en/admin/")
    Preferences.objects.remember(editor, "ar")
    assert sign_in(editor, "en") == "/ar/admin/"
    assert sign_in(editor, "en", next="/en/admin/news/newsitem/?q=a&p=2") == "/ar/admin/news/newsitem/?q=a&p=2"
    assert sign_in(editor, "ar", next="/en/goals/") == "/en/goals/"  # no page of the desk
    assert sign_in(editor, "en", next="https://example.com/en/admin/") == "/ar/admin/"


def test_a_wrong_password_leads_nowhere(editor):
    Preferences.objects.remember(editor, "ar")
    assert Client().post("/en/admin/login/", {"login": editor.username, "password": "wrong"}).status_code == 200


def test_the_switch_keeps_the_page_and_is_remembered(client, editor):
    html = client.get("/ar/admin/news/newsitem/?q=gse").content.decode()
    assert '<input type="hidden" name="next" value="/en/admin/news/newsitem/?q=gse">' in html
    response = client.post("/ar/admin/language/", {"language": "en", "next": "/en/admin/news/newsitem/?q=gse"})
    assert response["Location"] == "/en/admin/news/newsitem/?q=gse"
    assert Preferences.objects.language_of(editor) == "en"
    assert client.get("/ar/admin/language/").status_code == 405


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/ar/admin/", "/ar/goals/", "", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client, address):
    assert client.post("/ar/admin/language/", {"language": "en", "next": address})["Location"] == "/en/admin/"


def test_the_switch_knows_the_languages_of_the_site_only(client):
    assert client.post("/ar/admin/language/", {"language": "fr", "next": "/ar/admin/"}).status_code == 400
    assert Client().post("/ar/admin/language/", {"language": "en"})["Location"] == "/en/admin/"
    assert Preferences.objects.count() == 0


def test_a_new_password_is_sent_in_the_users_own_language(editor):
    Preferences.objects.remember(editor, "ar")
    Client().post("/en/admin/password_reset/", {"email": editor.email})
    outbox.send()
    with translation.override("ar"):
        assert mail.outbox[0].subject == translation.gettext("A new password for the editors’ desk")
    assert "/ar/admin/reset/" in mail.outbox[0].body


def test_an_administrator_sets_the_language_of_an_account(desk, editor):
    address = f"/en/admin/auth/user/{editor.pk}/change/"
    send(desk, address, form_id="user_form", first_name="Mona")
    assert Preferences.objects.count() == 0
    send(desk, address, form_id="user_form", language="ar")
    assert Preferences.objects.language_of(editor) == "ar"
    assert fields_of(desk.get(address), "user_form")["language"] == ["ar"]


def test_who_may_only_look_at_accounts_sees_the_language(editor, client):
    editor.user_permissions.add(Permission.objects.get(codename="view_user"))
    Preferences.objects.remember(editor, "ar")
    assert (
        "العربية"
        in client.get(f"/en/admin/auth/user/{editor.pk}/change/")
        .content.decode()
        .split('class="form-row field-language')[1][:400]
    )


def test_the_outbox_is_read_by_administrators_and_changed_by_nobody(desk, client, administrator):
    notice = Notice.objects.create(recipient=administrator, kind="due", key="due", facts={}, next_try_at=None, error="550 no")
    base = "/en/admin/accounts/notice/"
    html = desk.get(f"{base}?state=given+up").content.decode()
    assert ("Given up" in html, '<bdi dir="ltr">550 no</bdi>' in html) == (True, True)
    assert "550 no" not in desk.get(f"{base}?state=sent").content.decode()
    pages = [f"{base}{notice.pk}/change/", f"{base}{notice.pk}/delete/", f"{base}add/"]
    assert [desk.get(page).status_code for page in pages] == [200, 403, 403]
    assert client.get(base).status_code == 403
