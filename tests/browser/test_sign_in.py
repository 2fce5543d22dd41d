"""Signing in as it is done: with a phone's app, and with a passkey that the browser itself plays."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.accounts.test_sign_in import PASSWORD, code_of
from tests.browser.test_desk import watch
from tests.builders import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]

PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_passkeys(page: Page) -> None:
    """A device with a lock of its own, as Chromium's protocol for tools plays it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_first_day_of_an_administrator(site, context: BrowserContext, settings, language):
    """Password, an app as the second factor because it has to be, a passkey besides, and the next day nothing but that."""
    settings.SECOND_FACTOR = True
    user, page = make_user("administrator"), context.new_page()
    complaints, desk = watch(page), f"{site.url}/{language}/admin/"
    give_passkeys(page)
    page.goto(desk)
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("#login-form [type=submit]")
    assert page.url.partition("?")[0] == f"{desk}second-factor/"
    page.click("a[href$='/app/activate/']")
    page.fill("[name=code]", code_of(page.locator(".steps bdi").inner_text()))
    page.click("#account_form [type=submit]")
    assert page.url == f"{desk}second-factor/codes/"
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{desk}second-factor/keys/add/")
    page.check("[name=passwordless]")
    page.click("#key_button")
    page.wait_for_url(f"{desk}second-factor/")
    page.click("#logout-form button")
    page.click("#passkey_button")
    page.wait_for_url(desk)
    expect(page.locator(".who")).to_have_text(user.username)
    assert complaints == []


def test_a_passkey_that_is_unknown_here_is_said_in_words(site, context: BrowserContext):
    page = context.new_page()
    give_passkeys(page)
    page.goto(f"{site.url}/en/admin/login/")
    page.click("#passkey_button")
    expect(page.locator("#key_failed")).to_be_visible()


def test_without_a_script_nothing_is_offered_that_needs_one(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/ar/admin/login/")
    expect(page.locator("#passkey_button")).to_be_hidden()
    expect(page.locator("#login-form [type=submit]")).to_be_visible()
    context.close()
