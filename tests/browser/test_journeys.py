"""What editors do in a day, played in Arabic in a real browser, by the words that stand on the buttons.

`make proof-desk` plays them.
"""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, expect

from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""A phone in the third generation of networks: milliseconds, and bytes a second."""

TITLE, SUMMARY, TEXT = "ينبع تستضيف لقاء المدن المتعلمة", "لقاء ليومين في ينبع.", "يلتقي ممثلو المدن في ينبع."


@pytest.fixture
def sign_in(site, browser: Browser, transactional_db, settings):
    """Opens a browser of its own for somebody new in a role, on the Arabic desk."""
    opened = []

    def open_desk(role: str, size: dict = DESKTOP, user=None) -> Page:
        client = Client()
        client.force_login(user or make_user(role))
        context = browser.new_context(viewport=size, base_url=site.url, locale="ar")
        opened.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["session"].value, "url": site.url}])
        return context.new_page()

    yield open_desk
    for context in opened:
        context.close()


def press(page: Page, name: str, within: str = "body") -> None:
    """Press the button, or follow the link, that has this name."""
    place = page.locator(within)
    place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True)).first.click()


def said(page: Page) -> str:
    return page.locator(".messagelist").inner_text().strip()


def write(page: Page, field: str, text: str) -> None:
    """Type into a rich text."""
    page.locator(f"#id_{field}_editor").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def photograph() -> dict:
    file = BytesIO()
    Pillow.new("RGB", (640, 480), "#2b6a6c").save(file, "JPEG")
    return {"name": "لقاء.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def form_of(item) -> str:
    return f"/ar/admin/{item._meta.app_label}/{item._meta.model_name}/{item.pk}/change/"


def fits(page: Page) -> bool:
    """Whether nothing of the page has to be scrolled to sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.proof
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_write_photograph_preview_submit_approve_schedule_appear(site, sign_in, settings, size, context):
    settings.REVIEWS = True
    page = sign_in("editor", size)
    if size is PHONE:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    page.goto("/ar/admin/")
    page.goto("/ar/admin/news/newsitem/add/")
    page.locator("#id_title_ar").fill(TITLE)
    page.locator("#id_summary_ar").fill(SUMMARY)
    write(page, "body_ar", TEXT)
    press(page, "حفظ المسودة")
    assert said(page) == "حُفظت المسودة، ولا شيء منها منشور بعد."
    assert fits(page)
    item = NewsItem.objects.get()

    press(page, "إضافة صور")
    page.locator("input[type=file]").set_input_files(photograph())
    page.locator("#id_alternative_text_ar").fill("ممثلو المدن حول طاولة")
    press(page, "إضافة إلى المعرض")
    expect(page.locator("img.preview")).to_have_count(1)

    press(page, "معاينة")
    shown = page.frame_locator("iframe").first
    expect(shown.locator("h1")).to_have_text(TITLE)
    expect(shown.locator("main")).to_contain_text(TEXT)
    expect(shown.get_by_role("img", name="ممثلو المدن حول طاولة")).to_be_visible()
    assert fits(page)
    assert context.request.get(site.url + f"/ar/news/{item.slug}/").status == 404

    page.goto(form_of(item))
    press(page, "المراجعة")
    page.locator("#id_ar_remark").fill("أرجو مراجعة التاريخ")
    press(page, "الإحالة إلى المراجعة", "#review-ar")
    assert said(page) == "أُحيل إلى المراجعة: العربية."
    page.goto(form_of(item))
    press(page, "نشر أو سحب")
    press(page, "نشر", "#publish")
    assert "اعتماد" in page.locator(".errorlist").inner_text()

    colleague = sign_in("organiser", size)
    colleague.goto("/ar/admin/")
    colleague.get_by_role("link", name=TITLE).first.click()
    expect(colleague.locator("blockquote")).to_have_text("أرجو مراجعة التاريخ")
    press(colleague, "اعتماد", "#review-ar")
    assert said(colleague) == "اعتُمد النص: العربية."

    page.goto("/ar/admin/")
    page.get_by_role("link", name=TITLE).first.click()
    press(page, "نشر أو سحب")
    moment = timezone.localtime() + timedelta(seconds=8)
    page.locator("#id_publish_at_ar_0").fill(f"{moment:%Y-%m-%d}")
    page.locator("#id_publish_at_ar_1").fill(f"{moment:%H:%M:%S}")
    press(page, "نشر", "#publish")
    assert context.request.get(site.url + f"/ar/news/{item.slug}/").status == 404
    visitor = context.new_page()
    visitor.wait_for_timeout(max(0, (moment - timezone.localtime()).total_seconds() * 1000))
    assert visitor.goto(site.url + f"/ar/news/{item.slug}/").status == 200
    expect(visitor.locator("h1")).to_have_text(TITLE)
    visitor.goto(site.url + "/ar/news/")
    expect(visitor.locator("main")).to_contain_text(TITLE)


@pytest.mark.proof
def test_rework_while_live_compare_and_bring_back(site, sign_in, context):
    goal = make(Goal, title_ar="تعليم للابتكار", body_ar="<p>النص الأول للهدف.</p>")
    working_copies.record(goal, "saved")
    visitor, page = context.new_page(), sign_in("organiser")
    page.goto(form_of(goal))
    write(page, "body_ar", "النص الجديد للهدف.")
    press(page, "حفظ المسودة")
    assert "لم يتغير ما يراه الجمهور" in said(page)
    visitor.goto(f"{site.url}/ar/goals/{goal.slug}/")
    expect(visitor.locator("main")).to_contain_text("النص الأول للهدف.")

    press(page, "سجل التعديلات")
    press(page, "مقارنة بالنسخة التي قبلها")
    difference = page.locator("section.difference")
    expect(difference.locator("del", has_text="الأول")).to_have_count(1)
    expect(difference.locator("ins", has_text="الجديد")).to_have_count(1)

    page.goto(form_of(goal))
    press(page, "نشر أو سحب")
    press(page, "نشر", "#publish")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("النص الجديد للهدف.")

    press(page, "سجل التعديلات")
    page.get_by_role("link", name="عرض النسخة أو استعادتها").last.click()
    press(page, "جعلها نسخة العمل من جديد")
    expect(page.locator("#id_body_ar_editor")).to_contain_text("النص الأول للهدف.")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("النص الجديد للهدف.")


@pytest.mark.proof
def test_translate_and_be_told_when_the_source_changes(sign_in):
    goal = make(Goal, public=[], title_ar="هدف", title_en="", body_ar="<p>يلتقي المعلمون في ينبع.</p>")
    working_copies.record(goal, "saved")
    page = sign_in("organiser")
    page.goto(form_of(goal))
    page.locator("#id_title_en").fill("A goal")
    write(page, "body_en", "Teachers meet in Yanbu.")
    press(page, "حفظ المسودة")
    press(page, "الترجمة")
    expect(page.get_by_text("قديمة: تغيّر الأصل بعدها")).to_have_count(0)

    page.goto(form_of(goal))
    write(page, "body_ar", "يلتقي المعلمون والطلبة في ينبع.")
    press(page, "حفظ المسودة")
    press(page, "الترجمة")
    row = page.locator("section.difference", has_text="قديمة: تغيّر الأصل بعدها")
    expect(row).to_have_count(1)
    expect(row.locator("ins")).to_contain_text("والطلبة")
    page.goto("/ar/admin/work/?need=outdated")
    expect(page.locator("main")).to_contain_text("هدف")

    page.goto(form_of(goal))
    write(page, "body_en", "Teachers and students meet in Yanbu.")
    press(page, "حفظ المسودة")
    press(page, "الترجمة")
    expect(page.get_by_text("قديمة: تغيّر الأصل بعدها")).to_have_count(0)


@pytest.mark.proof
def test_two_editors_collide_and_lose_nothing(sign_in):
    goal = make(Goal, title_ar="هدف", title_en="A goal")
    working_copies.record(goal, "saved")
    mine, theirs = sign_in("organiser"), sign_in("organiser")
    for page in (mine, theirs):
        page.goto(form_of(goal))
    theirs.locator("#id_title_ar").fill("عنوان الزميلة")
    theirs.locator("#id_title_en").fill("Her title")
    press(theirs, "حفظ المسودة")
    mine.locator("#id_title_ar").fill("عنواني")
    press(mine, "حفظ المسودة")
    expect(mine.get_by_role("heading", name="تغييران على النص نفسه")).to_be_visible()
    expect(mine.locator(".collision")).to_contain_text("عنوان الزميلة")
    expect(mine.locator("#id_title_ar")).to_have_value("عنواني")
    press(mine, "حفظ المسودة")
    kept = working_copies.working_copy(goal)["fields"]
    assert (kept["title_ar"], kept["title_en"]) == ("عنواني", "Her title")
    titles = [revision.data["fields"]["title_ar"] for revision in working_copies.revisions_of(goal).order_by("pk")]
    assert titles == ["هدف", "عنوان الزميلة", "عنواني"]


@pytest.mark.proof
def test_what_is_planned_replaces_the_public_text_on_time(site, sign_in, context, watching):
    goal = make(Goal, title_ar="العنوان القديم")
    edit(goal, title_ar="العنوان الجديد")
    visitor, page = context.new_page(), sign_in("organiser")
    page.goto(form_of(goal))
    press(page, "نشر أو سحب")
    moment = timezone.localtime() + timedelta(seconds=8)
    page.locator("#id_replace_at_0").fill(f"{moment:%Y-%m-%d}")
    page.locator("#id_replace_at_1").fill(f"{moment:%H:%M:%S}")
    press(page, "نشر", "#publish")
    assert "سيُستبدل" in said(page)
    visitor.goto(f"{site.url}/ar/goals/{goal.slug}/")
    expect(visitor.locator("h1")).to_have_text("العنوان القديم")
    visitor.wait_for_timeout((moment - timezone.localtime()).total_seconds() * 1000 + 500)
    visitor.reload()
    expect(visitor.locator("h1")).to_have_text("العنوان الجديد")


@pytest.fixture
def watching(settings) -> Iterator[None]:
    """The thread that each worker of the site has."""
    from conference_site.operations.watcher import Watcher

    watcher = Watcher(settings.WATCHED[0])
    watcher.start()
    yield
    watcher.stop()
