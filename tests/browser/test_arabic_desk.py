"""The desk in Arabic, screen by screen: no word in Latin letters, nothing cut off, no label whose parts change places.

What is seen only after an act is walked too: forms with their errors, lists of choices, the calendar, the dialogs of rich text,
confirmations, what is said when something was done, a collision, refusals, and mail.
"""

from collections.abc import Callable, Iterable, Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from conference_site import views
from conference_site.accounts.mail import message_of
from conference_site.accounts.models import Kind, Notice, Preferences
from conference_site.publishing import working_copies
from pages.models import Goal
from tests.browser import test_desk, words
from tests.browser.test_desk import pages
from tests.builders import make_user

desk = test_desk.desk

ALLOWED = {
    "ar": {
        "AVIF": "a format",
        "Abc": "Latin letters on the page of the design, to be looked at",
        "CSV": "a format",
        "Command": "written so on the key itself",
        "Control": "written so on the key itself",
        "English": "each language's own name, by which its readers find it",
        "GIF": "a format",
        "HTML": "a format",
        "Enter": "what stands on the key",
        "Word": "a product's name, beside its Arabic form",
        "IANA": "whose list of time zones it is",
        "JPEG": "a format",
        "Natural Earth": "whose map it is, as it wants to be named",
        "Office": "a product's name, as on the files that it writes",
        "OpenDocument": "a format",
        "PDF": "a format",
        "PNG": "a format",
        "SVG": "a format",
        "QR": "what such codes are called everywhere",
        "WebP": "a format",
        "WhatsApp": "a service's name, as on its own sign",
        "X": "a service's name, as on its own sign",
        "XLSX": "a format",
        "editor@example.org": "an address",
        "https": "the beginning of addresses",
        "robots.txt": "a file's name",
    },
    "en": {
        "أبج": "Arabic letters on the page of the design, to be looked at",
        "العربية": "each language's own name, by which its readers find it",
        "مديرة": "the name of the one who is signed in",
    },
}
"""What an interface says in the letters of another language, each with the reason."""

WIDTHS = (1280, 360)
SAMPLE = ("index", "goal changelist", "goal change", "goal publish", "board")
PARTS = 4  # of the long list of pages, so that workers share it


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    """A device that is far from the site's time zone is told so."""
    return browser_context_args | {"timezone_id": "America/New_York"}


def every_page(language: str) -> dict[str, str]:
    """Every kind of page, and the list, the history and the deletion of every model."""
    found = pages(language)
    with translation.override(language):
        for model in admin.site._registry:
            name, item = model._meta.model_name, model._default_manager.order_by("pk").last()
            for view, args in {"changelist": [], "history": [item.pk], "delete": [item.pk]}.items():
                found[f"{name} {view}"] = reverse(f"admin:{model._meta.app_label}_{name}_{view}", args=args)
    del found["notice delete"], found["conference delete"]  # nobody may
    del found["sign-in"]  # which nobody sees who is signed in
    return found


def look(page: Page, language: str, name: str, widths: Iterable[int] = WIDTHS) -> list[str]:
    """What is wrong with the page as it stands, at each width."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name}, {width}: {fault}" for fault in words.faults(words.said(page), language, ALLOWED[language])]
    return found


def walk(desk, site, language: str, names: Callable[[list[str]], list[str]]) -> list[str]:
    found, page, addresses = [], desk.new_page(), every_page(language)
    for name in names(sorted(addresses)):
        assert page.goto(site.url + addresses[name]).status == 200, name
        found += look(page, language, name)
    return found


def test_29_the_screens_of_every_day_are_in_arabic(desk, site):
    assert walk(desk, site, "ar", lambda names: [name for name in names if name in SAMPLE]) == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_is_in_one_language(desk, site, language, part):
    assert walk(desk, site, language, lambda names: names[part::PARTS]) == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_forms_that_are_refused_are_in_one_language(desk, site, language):
    """Everything is left empty, in parts too: each form says all that it misses."""
    found, page = [], desk.new_page()
    for name, path in every_page(language).items():
        if not name.endswith(" add") and name not in ("new password", "change of password", "password of a user"):
            continue
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('.add-row a').forEach(link => link.click())")
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        with page.expect_navigation():
            page.locator("#content-main [type=submit], #content [type=submit]").first.click()
        assert page.locator(".errorlist, .errornote, .messagelist").count(), name
        found += look(page, language, name)
    assert found == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_opens_on_a_form_is_in_one_language(desk, site, language):
    """Lists of choices, the dialogs of rich text, the calendar and the clock."""
    found, page = [], desk.new_page()
    page.goto(site.url + pages(language)["newsitem add"])
    for number, shown in enumerate(opened(page)):
        found += look(page, language, f"{number} {shown}")
    page.goto(site.url + pages(language)["goal publish"])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for icon, box in ((".date-icon", ".calendarbox[open]"), (".clock-icon", ".clockbox[open]")):
            page.locator(icon).first.click()
            page.locator(box).wait_for()
            found += look(page, language, box, [width])
            page.keyboard.press("Escape")
    assert found == []


def opened(page: Page) -> Iterator[str]:
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option").first.wait_for()
    yield "choices"
    page.locator(".select2-container--open .select2-search__field").fill("zzzz")
    page.locator(".select2-results__message").wait_for()
    yield "no choice"
    page.route("**/autocomplete/**", lambda route: route.abort())
    page.locator(".select2-container--open .select2-search__field").fill("yyyy")
    page.wait_for_timeout(600)
    yield "choices that do not come"
    page.keyboard.press("Escape")
    editor = page.locator(".richtext").first
    for name in ("link", "picture"):
        editor.locator(f"[data-name={name}]").first.click()
        page.locator(".richtext-dialog").wait_for()
        page.locator(".richtext-dialog [value=apply]").click()  # nothing is typed: it says what it misses
        yield f"dialog of a {name}"
        page.keyboard.press("Escape")
    editor.locator("[data-name=table]").first.click()
    yield "tools of a table"


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_acts_and_their_messages_are_in_one_language(desk, site, language):
    found, page = [], desk.new_page()
    for name in acts(page, site.url, language):
        found += look(page, language, name)
    assert found == []


def acts(page: Page, url: str, language: str) -> Iterator[str]:
    """What a session of work brings to the screen, act by act."""
    addresses = every_page(language)
    press = "#content [type=submit]"

    def go(name: str) -> None:
        page.goto(url + addresses[name])

    def click(selector: str) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    go("goal change")
    page.fill("#id_title_ar", "عنوان آخر")
    click("[name=_continue]")
    yield "saved"
    go("goal translation")
    yield "something changed in the source"
    go("goal review")
    yield "review of a draft"
    for name in ("goal publish", "goal delete"):
        go(name)
        click(press)
        yield f"{name}, pressed"
    page.goto(url + addresses["goal changelist"] + "?deleted=1")
    yield "deleted"
    for name in ("topic", "newsitem", "user", "group"):
        go(f"{name} changelist")
        page.locator("select[name=action]").first.evaluate("list => list.selectedIndex = 1")
        click(".actions [type=submit]")
        yield f"{name}: nothing chosen"
        page.locator("input.action-select").first.check()
        page.locator("select[name=action]").first.evaluate("list => list.selectedIndex = 1")
        click(".actions [type=submit]")
        yield f"{name}: confirmation"
    go("topic add")
    for code in ("ar", "en"):
        page.fill(f"#id_name_{code}, #id_title_{code}", "موضوع" if code == "ar" else "Topic")
    for button in ("_continue", "_addanother", "_save"):
        if page.locator(f"[name={button}]").count():
            click(f"[name={button}]")
            yield f"topic, {button}"
    for name in ("index", "goal history"):
        go(name)
        yield f"{name}, afterwards"
    page.goto(url + addresses["goal changelist"] + "?e=1&q=%D8%A7")
    yield "found"
    page.goto(url + addresses["goal change"].replace(str(Goal.objects.order_by("pk").last().pk), "999999"))
    yield "no such item"


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_collision_is_in_one_language(desk, site, language):
    goal, page = Goal.objects.order_by("pk").last(), desk.new_page()
    page.goto(site.url + pages(language)["goal change"])
    data = working_copies.working_copy(goal)
    data["fields"] |= {"title_ar": "عنوان سواه", "title_en": "A third title"}
    working_copies.save(goal, data, author=make_user("administrator"))
    page.fill("#id_title_ar", "عنوان آخر")
    page.fill("#id_title_en", "Another title")
    with page.expect_navigation():
        page.locator("[name=_continue]").click()
    assert page.locator(".collision").count() == 1
    assert look(page, language, "collision") == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_signing_in_and_refusals_are_in_one_language(desk, site, language, browser):
    found, outside, inside = [], browser.new_page(), desk.new_page()
    outside.goto(f"{site.url}/{language}/admin/")
    found += look(outside, language, "sign-in")
    for name, value in {"login": "nobody", "password": "nothing"}.items():
        outside.fill(f"[name={name}]", value)
    with outside.expect_navigation():
        outside.locator("#login-form [type=submit]").click()
    assert outside.locator(".errornote:visible").count() == 1
    found += look(outside, language, "sign-in, refused")
    outside.close()
    inside.goto(f"{site.url}/{language}/admin/nothing/")
    found += look(inside, language, "not found")
    inside.goto(site.url + pages(language)["settings"])
    inside.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.value = '')")
    with inside.expect_navigation():
        inside.locator("#content-main [type=submit], #content [type=submit]").first.click()
    found += look(inside, language, "forbidden")
    with translation.override(language):
        inside.set_content(views.server_error(RequestFactory().get("/")).content.decode())
    found += look(inside, language, "error of the site")
    assert found == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_mails_are_in_one_language(desk, site, language):
    user, page, found = User.objects.get(), desk.new_page(), []
    Preferences.objects.remember(user, language)
    titles = {"ar": "عنوان", "en": "A title"}
    item = {"model": "pages.goal", "pk": Goal.objects.last().pk, "titles": titles, "languages": ["ar", "en"], "page": "review"}
    item |= {"due_on": "2027-01-10", "needs": ["missing", "outdated"]}
    note = {"ar": "ملاحظة", "en": "A note"}[language]
    for kind in Kind:
        for has_failed in (False, True):
            facts = {"items": [item] * 2, "number": 2, "by": "مديرة", "note": note, "has_failed": has_failed}
            facts |= {"what": "forgotten" if has_failed else "totp_activated"} if kind == Kind.ACCOUNT else {}
            message = message_of(Notice.objects.create(recipient=user, kind=kind, key=f"{kind} {has_failed}", facts=facts))
            page.set_content(message.alternatives[0].content)
            found += look(page, language, f"mail, {kind}") + in_plain_text(message, language)
    page.goto(site.url + pages(language)["forgotten password"])
    page.fill("[name=email]", user.email)
    with page.expect_navigation():
        page.locator("#content [type=submit]").click()
    asked = message_of(Notice.objects.filter(kind=Kind.PASSWORD).latest("pk"))
    assert found + in_plain_text(asked, language) == []


def in_plain_text(message: EmailMessage, language: str) -> list[str]:
    lines = [line for line in [message.subject, *message.body.splitlines()] if not line.startswith("http")]
    return [word for line in lines for word in words.foreign_words(line, language, ALLOWED[language])]


def test_faults_are_found(page: Page):
    """An English word, a cut text, a label that turns around, digits: each as it would slip in."""
    page.set_content("""<html lang="ar" dir="rtl"><body>
        <p>كل شيء على ما يرام: PDF و<bdi lang="en">Another</bdi> (44%) في 14:30</p>
        <button title="Save">حفظ</button> <select><option>Any</option></select> <p hidden>Draft</p>
        <div style="inline-size: 5rem; overflow: hidden; white-space: nowrap">نصٌّ أطول كثيرًا من مكانه فيُقطع</div>
        <label>الملف .pdf</label> <label>مثل 2024-08-18</label> <p>٣ مواد</p></body></html>""")
    found = words.faults(words.said(page), "ar", {"PDF": "a format", "pdf": "a format"})
    assert found == [
        "cut by div (text, div): نصٌّ أطول كثيرًا من مكانه فيُقطع",
        "digits (text, p): ٣ مواد",
        "foreign words ['Any'] (option, option): Any",
        "foreign words ['Any'] (select, select): Any",
        "foreign words ['Draft'] (hidden, p): Draft",
        "foreign words ['Save'] (title, button): Save",
        "turned around ['.pdf'] (text, label): الملف .pdf",
        "turned around ['2024-08-18'] (text, label): مثل 2024-08-18",
    ]
