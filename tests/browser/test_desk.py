"""The desk in a real browser: nothing for axe-core to find, nothing refused by the policy of content, a phone, a keyboard."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from PIL import Image as Pillow
from playwright.sync_api import BrowserContext, Page

from conference_site.accounts.mail import password_link
from conference_site.accounts.models import Notice
from conference_site.links import checking
from conference_site.media.admin import preview_url
from conference_site.media.models import Image
from conference_site.navigation.models import Redirect
from conference_site.publishing import working_copies
from conference_site.publishing.roles import create_roles
from news.models import Topic
from pages.documents import Document
from pages.models import Announcement, Goal
from tests import starting_content
from tests.browser.axe import COLOURS, findings
from tests.builders import make

# One page of each sort, looked at in every run; `make proof-desk` looks at all of them, and at all in the dark too.
SAMPLE = {"sign-in", "index", "design", "goal change"}
IN_THE_DARK = {"design"}  # which shows all that the desk is made of
LANGUAGES = ["ar", pytest.param("en", marks=pytest.mark.proof)]
PARTS = 4  # of the long list of pages, so that workers share it
OTHER_VIEWS = {  # one model of each sort has its other pages looked at too
    "goal": ("delete", "history", "preview", "publish", "review", "translation"),
    "newsitem": ("publish", "prominence"),
    "image": ("delete",),
    "topic": ("delete",),
    "notice": (),
    "menuentry": (),
    "redirect": (),
    "user": ("delete",),
}


@pytest.fixture
def desk(site, context: BrowserContext, transactional_db, settings) -> Iterator[BrowserContext]:
    """A browser that is signed in as a superuser, before the starting content and one item of what that leaves out."""
    starting_content.load()
    working_copies.record(
        make(Announcement, message_ar="تغيّر الموعد", link_ar=f"/ar/goals/{'none-' * 40}/", link_en="https://example.org/"),
        "saved",
    )
    checking.refresh()
    make(Document, title_ar="وثيقة")
    Redirect.objects.create(path="/الجبيل", section="news")
    Image.objects.create(alternative_text_ar="صورة", alternative_text_en="A picture")
    create_roles()
    user = User.objects.create_superuser("مديرة", "editor@example.org", "correct horse battery")
    Notice.objects.create(recipient=user, kind="due", key="due", facts={}, error="550 5.1.1 No such user: editor@example.org")
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["session"].value, "url": site.url}])
    return context


def pages(language: str) -> dict[str, str]:
    """Every kind of page that the desk has, and the two forms of every model."""
    user = User.objects.get()
    with translation.override(language):
        found = {
            "sign-in": reverse("account_login") + "?next=/",
            "forgotten password": reverse("account_reset_password"),
            "mail sent": reverse("account_reset_password_done"),
            "new password": urlsplit(password_link(user)).path,
            "spent link": reverse("account_reset_password_from_key", args=["x", "y"]),
            "new password set": reverse("account_reset_password_from_key_done"),
            "change of password": reverse("account_change_password"),
            "once more": reverse("account_reauthenticate"),
            "second factor": reverse("mfa_index"),
            "app for codes": reverse("mfa_activate_totp"),
            "keys": reverse("mfa_list_webauthn"),
            "another key": reverse("mfa_add_webauthn"),
            "sessions": reverse("usersessions_list"),
            "index": reverse("admin:index"),
            "design": reverse("design"),
            "board": reverse("admin:board"),
            "spreadsheet": reverse("admin:spreadsheet"),
            "settings": reverse("admin:settings"),
            "links": reverse("admin:links"),
            "log": reverse("admin:log"),
            "visits": reverse("admin:visits"),
            "help": reverse("admin:help"),
            "topic history": reverse("admin:news_topic_history", args=[Topic.objects.first().pk]),
            "application": reverse("admin:app_list", args=["partners"]),
            "deleted items": reverse("admin:pages_goal_changelist") + "?deleted=1",
            "menus": reverse("admin:navigation_menuentry_preview", args=["list"]),
            "find": reverse("admin:find") + "?q=" + ("التعليم" if language == "ar" else "education"),
            "nothing found": reverse("admin:pages_goal_changelist") + "?q=nothing",
        }
        for model in admin.site._registry:
            name, item = model._meta.model_name, model._default_manager.order_by("pk").last()
            views = {"change": [item.pk], "add": []} | ({view: [item.pk] for view in OTHER_VIEWS.get(name, ())})
            for view, args in views.items():
                found[f"{name} {view}"] = reverse(f"admin:{model._meta.app_label}_{name}_{view}", args=args)
            if name in OTHER_VIEWS:
                found[f"{name} changelist"] = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
        goal = Goal.objects.first()
        old, new = list(working_copies.revisions_of(goal))[::-1][:2]
        found["goal version"] = reverse("admin:pages_goal_version", args=[goal.pk, old.pk])
        found["goal compare"] = reverse("admin:pages_goal_compare", args=[goal.pk]) + f"?from={old.pk}&to={new.pk}"
    del found["conference add"]  # there is one already
    del found["notice add"]  # the site itself writes them
    return found


def test_axe_finds_nothing_and_nothing_is_refused(desk, site):
    """In the desk's first language; `make proof-desk` looks at every page in both."""
    look_at(desk, {name: site.url + path for name, path in pages("ar").items() if name in SAMPLE}, IN_THE_DARK)


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(desk, site, language, part):
    addresses = {name: site.url + path for name, path in sorted(pages(language).items())[part::PARTS]}
    look_at(desk, addresses, set(addresses))


def look_at(desk: BrowserContext, addresses: dict[str, str], dark: set[str]) -> None:
    found = {}
    for name, address in addresses.items():
        # Who is signed in never sees the page to sign in.
        page = desk.browser.new_page() if name == "sign-in" else desk.new_page()
        complaints = watch(page)
        assert page.goto(address).status == 200, name
        assert unquote(page.url) == unquote(address) or name == "new password", name
        found[name] = findings(page)
        if name in dark:
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            found[f"{name} (dark)"] = findings(page, COLOURS)
        found[f"{name} (console)"] = complaints
        page.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_nothing_where_a_spreadsheet_is_taken_back(desk, site, language, tmp_path):
    """A text that would change beside one that is refused, then what became of both."""
    for message in ("خبر", "إعلان"):
        working_copies.record(make(Announcement, public=["ar"], message_ar=message, message_en=""), "saved")
    address = f"{site.url}/{language}/admin/work/spreadsheet/"
    book = load_workbook(BytesIO(desk.request.get(f"{address}new/?q=").body()))
    for number, text in ((2, "News"), (3, "=1+1")):
        book.worksheets[0].cell(number, 6).value = text
    book.save(tmp_path / "sheet.xlsx")
    page = desk.new_page()
    complaints = watch(page)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(address)
    page.set_input_files("#id_file", tmp_path / "sheet.xlsx")
    found = {}
    for button in ("#take-back-form", "#take-form"):
        page.click(f"{button} input[type=submit]")
        page.wait_for_load_state()
        found[button] = findings(page), page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert found == dict.fromkeys(found, ([], 0))
    assert page.locator(".messagelist .success").count() == 1
    assert complaints == []


def watch(page: Page) -> list[str]:
    """What the page complains about in its console, from now on, and what the policy of content refuses it."""
    complaints: list[str] = []
    page.add_init_script(
        "addEventListener('securitypolicyviolation', each => console.error(`refused: ${each.violatedDirective}`))"
    )
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_what_the_policy_of_content_refuses_is_noticed(site, page):
    complaints = watch(page)
    page.goto(f"{site.url}/ar/admin/login/")
    assert complaints == []
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert()'}))")
    page.wait_for_timeout(200)
    said = {each.removeprefix("refused: ") for each in complaints if each.startswith("refused: ")}
    assert said == {"style-src-attr", "img-src", "script-src-elem"}


ON_A_PHONE = ("newsitem change", "board")


def test_the_forms_of_every_day_fit_a_phone(desk, site):
    """Those that are made of most; `make proof-desk` looks at all that are opened every day."""
    fit_a_phone(desk, site, "ar", ON_A_PHONE)


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_everything_of_every_day_fits_a_phone(desk, site, language):
    names = (
        "sign-in",
        "index",
        "design",
        "announcement add",
        "newsitem change",
        "newsitem changelist",
        "menuentry changelist",
        "redirect change",
        "partnership change",
        "goal publish",
        "goal history",
        "goal version",
        "goal review",
        "goal translation",
        "newsitem prominence",
        "find",
        "board",
        "spreadsheet",
        "settings",
        "notice changelist",
        "links",
        "log",
        "visits",
        "help",
    )
    fit_a_phone(desk, site, language, names)


def fit_a_phone(desk: BrowserContext, site, language: str, names: tuple[str, ...]) -> None:
    working_copies.delete(Goal.objects.first())
    page = desk.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for name, path in pages(language).items():
        if name in names:
            page.goto(site.url + path)
            wide[name] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide == dict.fromkeys(wide, 0)
    assert wide.keys() == set(names)


@pytest.mark.proof
def test_both_languages_stand_under_one_another_on_a_phone_and_side_by_side_on_a_wide_screen(desk, site):
    page = desk.new_page()
    page.goto(site.url + pages("ar")["goal add"])
    places = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        arabic, english = (page.locator(f"#id_title_{code}").bounding_box() for code in ("ar", "en"))
        places[width] = (arabic["y"] < english["y"], arabic["x"] > english["x"])
    assert places == {360: (True, False), 1280: (False, True)}


@pytest.mark.proof
def test_an_announcement_is_put_up_on_a_phone(desk, site):
    page = desk.new_page()
    complaints = watch(page)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(site.url + pages("ar")["announcement add"])
    page.fill("#id_message_ar", "تأجّل فتح باب التسجيل")
    page.press("#id_message_ar", "Enter")  # saves a draft, and never publishes
    page.wait_for_url("**/change/")
    assert page.locator(".messagelist .success").count() == 1
    assert "تأجّل" not in desk.request.get(f"{site.url}/ar/").text()
    page.click("input[name=_publish]")
    page.wait_for_url("**/announcement/")
    assert "تأجّل" in desk.request.get(f"{site.url}/ar/").text()
    assert complaints == []


@pytest.mark.proof
def test_a_picture_is_pressed_at_its_focal_point_and_seen_where_it_is_chosen(desk, site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    buffer = BytesIO()
    Pillow.new("RGB", (400, 200), "green").save(buffer, "PNG")
    image = Image(alternative_text_ar="صورة", file=ContentFile(buffer.getvalue(), "green.png"))
    image.save()
    page = desk.new_page()
    page.goto(f"{site.url}/ar/admin/media/image/{image.pk}/change/")
    picture, inputs = page.locator(".focus-picture img"), [page.locator(f"#id_focus_{axis}") for axis in "xy"]
    picture.wait_for()
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    assert [field.input_value() for field in inputs] == ["75", "25"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert [field.input_value() for field in inputs] == ["77", "35"]
    page.goto(site.url + pages("ar")["newsitem add"])
    page.locator(".field-image .select2-selection").first.click()
    assert page.locator(".select2-results .pictured img").first.get_attribute("src") == preview_url(image)


@pytest.mark.parametrize("language", LANGUAGES)
def test_order_by_keyboard_and_by_mouse(desk, site, language):
    first, second, *rest = Goal.objects.visible()
    page = desk.new_page()
    complaints = watch(page)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(site.url + pages(language)["goal changelist"])
    arrow = page.locator("#result_list tbody tr").nth(0).get_by_role("button").nth(1)
    assert str(first).split()[0] in (arrow.get_attribute("aria-label") if language == "en" else str(first))
    arrow.press("Enter")
    assert page.evaluate("document.activeElement.className") == "admin-ordering-field-down-button"
    page.click("input[name=_save]")
    page.wait_for_load_state()
    assert list(Goal.objects.visible()) == [second, first, *rest]

    page.set_viewport_size({"width": 1280, "height": 800})
    handles = page.locator(".admin-ordering-field-input-wrapper")
    start, end = handles.nth(0).bounding_box(), handles.nth(2).bounding_box()
    edge = start["x"] + (start["width"] - 6 if language == "ar" else 6)
    page.mouse.move(edge, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(edge, start["y"] + start["height"] / 2 + 10, steps=3)
    page.mouse.move(edge, end["y"] + end["height"] / 2 + 12, steps=10)
    page.mouse.up()
    page.click("input[name=_save]")
    page.wait_for_load_state()
    assert list(Goal.objects.visible()) == [first, rest[0], second, *rest[1:]]
    assert complaints == []


@pytest.mark.proof
@pytest.mark.parametrize("language", ["ar", "en"])
def test_many_are_withdrawn_on_a_phone_after_a_question_without_a_fault(desk, site, language):
    page = desk.new_page()
    complaints = watch(page)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(site.url + pages(language)["goal changelist"])
    page.check("#action-toggle")
    page.select_option("select[name=action]", "withdraw")
    page.click(".actions button")
    page.wait_for_selector("#bulk")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    page.click("#bulk input[type=submit]")
    page.wait_for_selector(".messagelist .success")
    assert (list(Goal.objects.visible()), complaints) == ([], [])


def test_the_language_switch_keeps_the_page_and_its_query(desk, site):
    page = desk.new_page()
    page.goto(f"{site.url}/ar/admin/news/newsitem/?q=gse")
    page.click("#user-tools button[lang=en]")
    page.wait_for_url("**/en/admin/**")
    assert page.url == f"{site.url}/en/admin/news/newsitem/?q=gse"


def test_previews_stand_in_their_frames_and_nothing_is_refused(desk, site):
    """As wide inside as the device that they stand for, on a phone and on a wide screen."""
    inner, too_wide, complaints = {}, {}, []
    for width, shown in ((360, "phone"), (1280, "desktop")):
        page = desk.new_page()
        complaints.append(watch(page))
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{site.url}{pages('ar')['goal preview']}?width={shown}")
        frames = [frame for frame in page.frames if frame != page.main_frame]
        for frame in frames:
            frame.wait_for_load_state()
        script = "[document.documentElement.lang, innerWidth, document.querySelectorAll('h1').length]"
        inner[shown] = [frame.evaluate(script) for frame in frames]
        too_wide[shown] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert inner == {"phone": [["ar", 360, 1], ["en", 360, 1]], "desktop": [["ar", 1280, 1], ["en", 1280, 1]]}
    assert (too_wide, complaints) == ({"phone": 0, "desktop": 0}, [[], []])
