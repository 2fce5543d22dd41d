"""Signing in, and a new password by mail, in the language of the page where it was asked for."""

import re

import pytest
from django.contrib.auth.models import User
from django.utils import translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> User:
    return User.objects.create_user("محررة", "editor@example.org", "the old password", is_staff=True)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_new_password_by_mail(client, account, mailoutbox, settings, language):
    page = client.get(f"/{language}/admin/password_reset/")
    with translation.override(language):
        assert translation.gettext("The editors’ desk") in page.content.decode()
        subject = translation.gettext("A new password for the editors’ desk")
    assert client.post(f"/{language}/admin/password_reset/", {"email": account.email}).status_code == 302
    [mail] = mailoutbox
    assert (mail.subject, account.username in mail.body) == (subject, True)
    address = re.search(rf"^{re.escape(settings.SITE_URL)}(/{language}/admin/reset/\S+)$", mail.body, re.MULTILINE)[1]
    form = client.get(address, follow=True)
    new = {"new_password1": "the new password", "new_password2": "the new password"}
    assert client.post(form.redirect_chain[-1][0], new)["Location"] == f"/{language}/admin/reset/done/"
    assert client.login(username=account.username, password="the new password")
    assert client.get(address).context["validlink"] is False


def test_no_page_claims_that_a_mail_was_sent_and_each_leads_back_to_signing_in(client):
    pages = [client.get(f"/en/admin/password_reset/{page}").content.decode() for page in ("", "done/")]
    assert [page.count('<a href="/en/admin/login/">Back to signing in</a>') for page in pages] == [1, 1]
    assert [re.search("<h1>(.*)</h1>", page)[1] for page in pages] == ["Password reset", "Next step"]


def test_who_has_no_account_is_told_the_same(client, mailoutbox):
    response = client.post("/en/admin/password_reset/", {"email": "nobody@example.org"})
    assert (response["Location"], mailoutbox) == ("/en/admin/password_reset/done/", [])


def test_the_sign_in_page_keeps_the_way_that_was_asked_for(client, account):
    form = {"username": account.username, "password": "the old password", "next": "/ar/admin/news/"}
    assert client.post("/ar/admin/login/", form | {"password": "wrong"}).status_code == 200
    assert client.post("/ar/admin/login/", form)["Location"] == "/ar/admin/news/"
