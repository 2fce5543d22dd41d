"""On the desk, in a real browser: what is typed survives a closed tab and an expired session."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from conference_site.publishing import working_copies
from pages.models import Goal
from tests.builders import make, make_user


@pytest.fixture
def signed_in(site, context: BrowserContext, transactional_db, settings):
    """Signs the browser in as somebody, as often as is asked."""
    user = make_user("administrator")

    def sign_in() -> None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["session"].value, "url": site.url}])

    sign_in()
    return sign_in


@pytest.mark.proof
def test_what_is_typed_is_offered_back_after_a_closed_tab_and_an_expired_session(site, context, signed_in):
    goal = make(Goal, title_ar="هدف")
    working_copies.record(goal, "saved")
    form = f"{site.url}/ar/admin/pages/goal/{goal.pk}/change/"
    page = context.new_page()
    page.goto(form)
    page.locator("#id_title_ar").fill("عنوان لم يُحفظ")
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('kept:'))")
    page.close()

    page = context.new_page()
    page.goto(form)
    page.locator("#kept [data-back]").click()
    expect(page.locator("#id_title_ar")).to_have_value("عنوان لم يُحفظ")

    Session.objects.all().delete()
    page.locator("#id_title_ar").fill("عنوان بعد انتهاء الجلسة")
    page.locator("[name=_continue]").click()
    expect(page.locator("#id_login")).to_be_visible()
    signed_in()
    page.goto(form)
    page.locator("#kept [data-back]").click()
    expect(page.locator("#id_title_ar")).to_have_value("عنوان بعد انتهاء الجلسة")
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#kept")).to_be_hidden()
    assert page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('kept:'))") == []
    assert working_copies.working_copy(goal)["fields"]["title_ar"] == "عنوان بعد انتهاء الجلسة"


def test_a_form_says_who_else_has_it_open(site, browser, signed_in, context):
    goal = make(Goal)
    working_copies.record(goal, "saved")
    form = f"{site.url}/en/admin/pages/goal/{goal.pk}/change/"
    mine = context.new_page()
    mine.goto(form)
    colleague = Client()
    colleague.force_login(make_user("organiser", first_name="Huda"))
    colleague.post(f"/en/admin/pages/goal/{goal.pk}/present/")
    mine.reload()
    expect(mine.locator("#others")).to_have_text("Huda has this open too.")
