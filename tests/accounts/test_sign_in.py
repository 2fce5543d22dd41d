"""Signing in, by password and second factor; a new password by mail; how long it lasts, and where."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.utils import translation
from django.utils.translation import gettext

from conference_site.accounts import outbox, sessions
from tests.builders import make_user
from tests.desk.test_saving import said

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
DOOR = "/en/admin/login/"


@pytest.fixture
def editor() -> User:
    return make_user("editor", email="editor@example.org")


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str):
    return client.post(DOOR, {"login": user.username, "password": password, **more})


def signed_in(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def is_in(client: Client) -> bool:
    return client.get("/en/admin/").status_code == 200


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def set_up(client: Client) -> str:
    """Let the client's user have an app for codes; its secret."""
    secret = client.get("/en/admin/second-factor/app/activate/").context["form"].secret
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post("/en/admin/second-factor/app/activate/", {"code": code_of(secret)})
    assert response["Location"] == "/en/admin/second-factor/codes/"
    caches["default"].clear()  # a code is used up otherwise, and the next one comes half a minute later
    return secret


def test_the_way_that_was_asked_for_is_kept(client, editor):
    door = client.get("/en/admin/news/newsitem/", follow=True)
    assert door.context["form"].fields.keys() == {"login", "password"}
    assert sign_in(client, editor, next="/en/admin/news/newsitem/")["Location"] == "/en/admin/news/newsitem/"


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org", "/\\example.org", "https:example.org", "javascript:alert(1)", "http://["]
)
def test_it_leads_to_no_other_site(client, editor, target):
    assert sign_in(client, editor, next=target)["Location"] == "/en/admin/"


@pytest.mark.parametrize("end", ["login", "password_reset", "reset/1/set-password", "second-factor"])
def test_its_pages_are_kept_nowhere(client, end):
    assert "no-store" in client.get(f"/en/admin/{end}/").headers["Cache-Control"]


@pytest.mark.parametrize("end", ["second-factor/app/activate", "second-factor/keys", "password_change", "sessions"])
def test_what_stands_in_somebodys_settings_is_kept_nowhere(editor, end):
    """A secret, with its picture, would lie in the browser's cache for whoever sits there next."""
    assert "no-store" in signed_in(editor).get(f"/en/admin/{end}/").headers["Cache-Control"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_wrong_password_is_said_and_what_was_typed_stays(client, editor, language):
    response = client.post(f"/{language}/admin/login/", {"login": editor.username, "password": "wrong"})
    with translation.override(language):
        words = gettext("The username or the password is not right. Capital and small letters differ in both.")
    assert [words in response.content.decode(), response.context["form"]["login"].value()] == [True, editor.username]


def test_an_account_that_is_not_there_is_answered_as_one_that_is(client, editor):
    answers = [
        client.post(DOOR, {"login": name, "password": "wrong"}).context["form"].errors for name in ("nobody", editor.username)
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_is_not_of_the_staff_does_not_get_in_and_is_signed_out(editor, change):
    client = signed_in(editor)
    assert is_in(client)
    User.objects.filter(pk=editor.pk).update(**change)
    assert [is_in(client), is_in(signed_in(editor))] == [False, False]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_nor_by_a_passkey_that_is_right(editor, monkeypatch, change):
    key = Authenticator.objects.create(user=editor, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}})
    User.objects.filter(pk=editor.pk).update(**change)
    monkeypatch.setattr(LoginWebAuthnForm, "clean_credential", lambda form: Authenticator.objects.get(pk=key.pk))
    client = Client()
    response = client.post("/en/admin/second-factor/keys/login/", {"credential": '{"id": "1"}'})
    assert [response["Location"], UserSession.objects.count(), is_in(client)] == [DOOR, 0, False]


@pytest.mark.parametrize("nonsense", ["[]", "1", '"x"', '{"id": 1}', '{"id": "AA", "response": "x"}'])
def test_nonsense_is_no_key(client, nonsense):
    assert client.post("/en/admin/second-factor/keys/login/", {"credential": nonsense})["Location"] == DOOR


def test_attempts_are_counted_for_an_account_whatever_the_address(editor, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        Client(headers={"X-Forwarded-For": f"192.0.2.{number}"}).post(DOOR, {"login": editor.username, "password": "wrong"})
    response = Client(headers={"X-Forwarded-For": "192.0.2.200"}).post(DOOR, {"login": editor.username, "password": PASSWORD})
    assert response.context["form"].non_field_errors() == [
        "Too many attempts. The next one counts in ten minutes, or after very many tomorrow."
    ]


def test_attempts_are_counted_for_an_account_whatever_host_is_named(editor, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        named = {"X-Forwarded-For": f"192.0.2.{number}", "Host": f"localhost:{number + 1}"}
        Client(headers=named).post(DOOR, {"login": editor.username, "password": "wrong"})
    for host in ("localhost:99", "LocalHost", "127.0.0.1"):
        client = Client(headers={"X-Forwarded-For": "192.0.2.200", "Host": host})
        assert sign_in(client, editor).context["form"].non_field_errors()[0].startswith("Too many attempts."), host


def test_attempts_are_counted_for_an_address_whatever_the_account_and_whatever_it_says_of_itself(editor, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        forged = {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.1"}
        Client(headers=forged).post(DOOR, {"login": f"somebody{number}", "password": "wrong"})
    response = Client(headers={"X-Forwarded-For": "192.0.2.1"}).post(DOOR, {"login": editor.username, "password": PASSWORD})
    assert response.context["form"].non_field_errors() == [
        "Too many attempts. The next one counts in ten minutes, or after very many tomorrow."
    ]
    elsewhere = Client(headers={"X-Forwarded-For": "192.0.2.2"})
    assert sign_in(elsewhere, editor).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "listed", "address"),
    [
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (2, "198.51.100.9, 192.0.2.1, 203.0.113.5", "192.0.2.1"),
        (2, "192.0.2.1", "127.0.0.1"),  # past one of the proxies
        (1, "nonsense", "127.0.0.1"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_whose_address_it_is(editor, settings, proxies, listed, address):
    settings.TRUSTED_PROXIES = proxies
    sign_in(Client(headers={"X-Forwarded-For": listed}), editor)
    assert UserSession.objects.get().ip == address


def test_the_session_has_another_key_after_signing_in(client, editor):
    client.get(DOOR)
    client.post("/en/admin/language/", {"language": "ar"})
    before = client.session.session_key
    sign_in(client, editor)
    assert before != client.session.session_key


def at(monkeypatch, seconds: float) -> None:
    """Let so much time have passed."""
    now = time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: now + seconds)


@pytest.mark.parametrize(("minutes", "remains"), [(59, True), (61, False)])
def test_a_session_ends_after_an_idle_hour(editor, monkeypatch, minutes, remains):
    client = signed_in(editor)
    at(monkeypatch, minutes * 60)
    assert is_in(client) is remains


def test_a_session_ends_after_a_working_day_whatever_is_done(editor, monkeypatch):
    client = signed_in(editor)
    for minutes in range(55, 12 * 60, 55):
        at(monkeypatch, minutes * 60)
        assert is_in(client), minutes
        monkeypatch.undo()
    at(monkeypatch, 12 * 3600 + 1)
    assert not is_in(client)


def test_a_page_that_asks_by_itself_keeps_no_session_alive(editor, monkeypatch):
    from news.models import NewsItem
    from tests.builders import make

    client, item = signed_in(editor), make(NewsItem)
    at(monkeypatch, 50 * 60)
    assert client.post(f"/en/admin/news/newsitem/{item.pk}/present/").status_code == 200
    monkeypatch.undo()
    at(monkeypatch, 61 * 60)
    assert not is_in(client)


def test_who_is_only_on_the_way_leaves_no_session_for_long(client, editor):
    client.get("/en/admin/second-factor/keys/login/", headers={"Accept": "application/json"})
    assert client.session.get_expiry_age() <= 15 * 60
    sign_in(client, editor)
    assert client.session.get_expiry_age() > 11 * 3600


def test_an_address_leaves_few_sessions_on_the_way():
    for _number in range(40):
        answer = Client().get("/en/admin/second-factor/keys/login/", headers={"Accept": "application/json"})
    assert [answer.status_code, Session.objects.count()] == [429, 30]


def test_everywhere_else_is_signed_out(editor):
    here, there = signed_in(editor), signed_in(editor)
    assert len(here.get("/en/admin/sessions/").context["sessions"]) == 2
    response = here.post("/en/admin/sessions/", follow=True)
    assert said(response) == ["You are signed out everywhere else."]
    assert [is_in(here), is_in(there)] == [True, False]


def test_a_new_password_signs_out_everywhere_else_and_is_told(editor):
    here, there = signed_in(editor), signed_in(editor)
    new = "another horse battery"
    response = here.post("/en/admin/password_change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True)
    assert "The new password is set." in said(response)
    assert [is_in(here), is_in(there)] == [True, False]
    outbox.send()
    assert [message.subject for message in mail.outbox] == ["Your account on the editors’ desk has changed"]


def test_the_present_password_is_not_guessed_at_an_open_desk(editor, monkeypatch):
    client, new = signed_in(editor), "another horse battery"
    now = time.time()
    for number in range(20):
        monkeypatch.setattr(sessions.time, "time", lambda passed=number: now + 20 * passed)
        client.post("/en/admin/password_change/", {"oldpassword": f"guess {number}", "password1": new, "password2": new})
    monkeypatch.setattr(sessions.time, "time", lambda: now + 3000)
    answer = client.post("/en/admin/password_change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 429


def test_what_is_known_of_sessions_that_are_over_is_deleted(editor):
    client = signed_in(editor)
    sessions.forget()
    assert UserSession.objects.count() == 1
    client.session.delete()
    sessions.forget()
    assert UserSession.objects.count() == 0


class TestANewPassword:
    @pytest.mark.parametrize("language", ["ar", "en"])
    def test_by_mail(self, client, editor, settings, language):
        page = f"/{language}/admin/password_reset/"
        assert client.post(page, {"email": editor.email})["Location"] == f"{page}done/"
        outbox.send()
        [message] = mail.outbox
        with translation.override(language):  # that of the page, where the recipient has chosen none
            assert message.subject == gettext("A new password for the editors’ desk")
        address = re.search(rf"^{re.escape(settings.SITE_URL)}(/{language}/admin/reset/\S+)$", message.body, re.MULTILINE)[1]
        form = client.get(address, follow=True)
        new = {"password1": "another horse battery", "password2": "another horse battery"}
        assert client.post(form.redirect_chain[-1][0], new)["Location"] == f"/{language}/admin/reset/done/"
        assert sign_in(client, editor, "another horse battery").status_code == 302
        assert "token_fail" in Client().get(address).context

    def test_nobody_is_buried_in_mail(self, editor, settings):
        settings.TRUSTED_PROXIES = 1
        for number in range(6):
            Client(headers={"X-Forwarded-For": f"192.0.2.{number}"}).post("/en/admin/password_reset/", {"email": editor.email})
        outbox.send()
        assert len(mail.outbox) == 3

    @pytest.mark.parametrize(
        ("typed", "found"), [("editor@example.org", 1), ("EDITOR@example.org", 1), ("edıtor@example.org", 0)]
    )
    def test_an_address_is_known_in_capitals_and_small_letters(self, client, editor, typed, found):
        User.objects.filter(pk=editor.pk).update(email="Editor@Example.org")
        client.post("/en/admin/password_reset/", {"email": typed})
        outbox.send()
        assert [message.to for message in mail.outbox] == [["Editor@Example.org"]] * found

    def test_who_has_no_account_is_told_the_same(self, client, editor):
        answers = [client.post("/en/admin/password_reset/", {"email": email}) for email in (editor.email, "nobody@example.org")]
        assert answers[0]["Location"] == answers[1]["Location"]
        outbox.send()
        assert [message.to for message in mail.outbox] == [[editor.email]]

    @pytest.mark.parametrize("password", ["short", "123456789012", "password1234", "editor@example.org"])
    def test_a_weak_one_is_refused_in_words(self, editor, password):
        client = signed_in(editor)
        form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        response = client.post("/ar/admin/password_change/", form)
        assert response.context["form"].errors.keys() == {"password1"}

    def test_the_link_asks_for_the_second_factor_as_ever(self, editor):
        set_up(signed_in(editor))
        Client().post("/en/admin/password_reset/", {"email": editor.email})
        editor.set_password("another horse battery")
        editor.save()
        assert sign_in(Client(), editor, "another horse battery")["Location"] == "/en/admin/second-factor/authenticate/"


class TestTheSecondFactor:
    def test_who_has_one_is_asked_for_it(self, editor):
        secret = set_up(signed_in(editor))
        client = Client()
        assert sign_in(client, editor)["Location"] == "/en/admin/second-factor/authenticate/"
        assert not is_in(client)
        wrong = client.post("/en/admin/second-factor/authenticate/", {"code": "000000"})
        assert wrong.context["form"].errors["code"] == [
            "This code is not right. Each works once, and an app shows another after half a minute."
        ]
        assert client.post("/en/admin/second-factor/authenticate/", {"code": code_of(secret)}).status_code == 302
        assert is_in(client)

    def test_a_code_works_once(self, editor):
        secret = set_up(signed_in(editor))
        code, answers = code_of(secret), []
        for _number in range(2):
            client = Client()
            sign_in(client, editor)
            client.post("/en/admin/second-factor/authenticate/", {"code": code})
            answers.append(is_in(client))
        assert answers == [True, False]

    def test_the_code_that_made_it_does_not_work_again(self, editor):
        first, later = signed_in(editor), Client()
        secret = first.get("/en/admin/second-factor/app/activate/").context["form"].secret
        code = code_of(secret)
        first.post("/en/admin/second-factor/app/activate/", {"code": code})
        sign_in(later, editor)
        later.post("/en/admin/second-factor/authenticate/", {"code": code})
        assert not is_in(later)

    def test_codes_are_counted_too(self, editor):
        secret = set_up(signed_in(editor))
        for number in range(10):
            client = Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
            sign_in(client, editor)
            client.post("/en/admin/second-factor/authenticate/", {"code": "000000"})
        client.post("/en/admin/second-factor/authenticate/", {"code": code_of(secret)})
        assert not is_in(client)

    def test_a_recovery_code_works_once(self, editor):
        first = signed_in(editor)
        set_up(first)
        [code, *others] = first.get("/en/admin/second-factor/codes/").context["unused_codes"]
        assert len(others) == 9
        answers = []
        for _number in range(2):
            client = Client()
            sign_in(client, editor)
            client.post("/en/admin/second-factor/authenticate/", {"code": code})
            answers.append(is_in(client))
        assert answers == [True, False]

    def test_its_secrets_are_no_use_without_the_key_of_the_site(self, editor, settings):
        secret = set_up(signed_in(editor))
        assert all(secret not in str(each.data) for each in Authenticator.objects.filter(user=editor))
        settings.SECRET_KEY = "another " * 8
        client = Client()
        sign_in(client, editor)
        for code in (code_of(secret), code_of("")):
            client.post("/en/admin/second-factor/authenticate/", {"code": code})
        assert not is_in(client)

    def test_whoever_else_has_shown_one_that_is_removed_is_signed_out(self, editor):
        owner = signed_in(editor)
        secret, thief = set_up(owner), Client()
        sign_in(thief, editor)
        thief.post("/en/admin/second-factor/authenticate/", {"code": code_of(secret)})
        assert is_in(thief)
        owner.post("/en/admin/second-factor/app/deactivate/")
        assert [is_in(owner), is_in(thief)] == [True, False]

    def test_an_operator_removes_one_that_is_lost(self, editor, capsys):
        client = signed_in(editor)
        set_up(client)
        call_command("forget_second_factor", editor.username)
        assert [is_in(client), is_in(signed_in(editor))] == [False, True]
        with pytest.raises(CommandError, match="has no second factor"):
            call_command("forget_second_factor", editor.username)
        with pytest.raises(CommandError, match="no account nobody"):
            call_command("forget_second_factor", "nobody")

    def test_who_stands_before_it_while_the_password_changes_does_not_get_in(self, editor):
        secret = set_up(signed_in(editor))
        client = Client()
        sign_in(client, editor)
        editor.set_password("another horse battery")
        editor.save()
        client.post("/en/admin/second-factor/authenticate/", {"code": code_of(secret)})
        assert not is_in(client)


@pytest.mark.django_db(transaction=True)
class TestWhereItIsObligatory:
    @pytest.fixture(autouse=True)
    def _obligatory(self, settings) -> None:
        settings.SECOND_FACTOR = True

    def test_whoever_has_none_makes_one_and_is_in(self, editor):
        client = signed_in(editor)
        for address in ("/en/admin/", "/en/admin/news/newsitem/", "/en/admin/sessions/", "/en/admin/password_change/"):
            assert client.get(address)["Location"].partition("?")[0] == "/en/admin/second-factor/", address
        assert client.get("/en/admin/second-factor/").status_code == 200
        set_up(client)
        assert is_in(client)

    def test_whoever_has_one_shows_it_in_each_session(self, editor):
        before, maker = signed_in(editor), signed_in(editor)
        secret = set_up(maker)
        for address in ("/en/admin/", "/en/admin/second-factor/", "/en/admin/second-factor/app/activate/"):
            assert before.get(address)["Location"].partition("?")[0] == "/en/admin/second-factor/reauthenticate/", address
        assert not is_in(before)
        before.post("/en/admin/second-factor/reauthenticate/", {"code": code_of(secret)})
        assert is_in(before)

    def test_what_is_sent_without_it_does_nothing(self, editor):
        client = signed_in(editor)
        client.post("/en/admin/settings/", {"language": "en", "first_name": "Changed"})
        assert User.objects.get(pk=editor.pk).first_name == ""

    def test_the_last_one_can_be_replaced_but_not_done_without(self, editor):
        client = signed_in(editor)
        set_up(client)
        client.post("/en/admin/second-factor/app/deactivate/")
        assert client.get("/en/admin/", follow=True).redirect_chain[-1][0].startswith("/en/admin/second-factor/")


class TestWhatIsGreat:
    """Roles, accounts and what is taken away in files: asked again after some minutes."""

    @pytest.fixture
    def administrator(self) -> User:
        return make_user("administrator")

    @pytest.mark.parametrize(
        "end", ["auth/user/add/", "auth/user/{pk}/change/", "auth/user/{pk}/delete/", "auth/group/add/", "log/?csv=1"]
    )
    def test_is_asked_again(self, administrator, monkeypatch, end):
        client = signed_in(administrator)
        address = "/en/admin/" + end.format(pk=make_user("editor").pk)
        assert client.get(address).status_code == 200
        at(monkeypatch, 16 * 60)
        assert client.get(address)["Location"].startswith("/en/admin/reauthenticate/?next=")
        client.post("/en/admin/reauthenticate/", {"password": "wrong", "next": address})
        assert client.get(address).status_code == 302

    def test_what_was_sent_is_done_afterwards(self, administrator, monkeypatch):
        client, editor = signed_in(administrator), make_user("editor")
        address = f"/en/admin/auth/user/{editor.pk}/change/?_changelist_filters=q%3Da"
        form = {"username": editor.username, "is_active": "on", "is_staff": "on", "first_name": "Changed", "language": ""}
        at(monkeypatch, 16 * 60)
        question = client.post(address, form)
        assert User.objects.get(pk=editor.pk).first_name == ""
        monkeypatch.undo()
        wanted = parse_qs(urlsplit(question["Location"]).query)["next"][0]
        client.post(question["Location"], {"password": PASSWORD, "next": wanted})
        assert User.objects.get(pk=editor.pk).first_name == "Changed"
