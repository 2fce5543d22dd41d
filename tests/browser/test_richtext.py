"""The editor of rich text, in the desk."""

from pathlib import Path
from urllib.parse import quote

import pytest
from defusedxml import ElementTree
from django.contrib.admin.models import LogEntry
from playwright.sync_api import expect

from conference_site.publishing.working_copies import working_copy
from conference_site.richtext.sanitiser import clean
from news.models import NewsItem
from tests.browser.axe import findings
from tests.builders import make, make_user
from tests.richtext.hostile import HOSTILE
from tests.richtext.test_sanitiser import KEPT

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = sorted(path for path in (Path(__file__).parents[1] / "richtext" / "samples").iterdir() if ".clean." not in path.name)

LANGUAGES = ["ar", pytest.param("en", marks=pytest.mark.proof)]
"""Of the desk; both of its editors stand in either. `make proof-desk` opens it in the second."""

PASTE = """(editor, [html, text]) => {
    const clipboardData = new DataTransfer()
    if (html) clipboardData.setData("text/html", html)
    clipboardData.setData("text/plain", text)
    editor.focus()
    editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""


HARM = """() => [...document.querySelectorAll("*")].flatMap(element => [
    ...[...element.attributes].filter(each => each.name.startsWith("on")).map(each => element.tagName + " " + each.name),
    ...(element.matches("script:not([type*=json])") && /alert|evil/.test(element.src + element.text) ? ["a script"] : []),
    ...(/^\\s*(javascript|vbscript|data:text)/i.test(element.href ?? "") ? [element.href] : []),
    ...(element.localName === "iframe" && !element.src.startsWith(location.origin) ? ["a frame"] : []),
])"""
"""Handlers, scripts, links and frames that were brought in."""


class Desk:
    """The form of a news item, with an editor for each language."""

    def __init__(self, site, page):
        self.site, self.page, self.complaints = site, page, []
        page.route("**/media/**", lambda route: route.fulfill(body=""))
        page.on("console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: request.url.startswith((site.url, "blob:")) or self.complaints.append(request.url))

    def open(self, path, language="ar"):
        self.page.goto(f"{self.site.url}/{language}/admin/news/newsitem/{path}")
        expect(self.page.locator("#id_body_en_editor")).to_be_visible()

    def editor(self, language):
        return self.page.locator(f"#id_body_{language}_editor")

    def button(self, language, name):
        return self.page.locator(f".richtext:has(#id_body_{language}_editor) [data-name={name}]")

    def value(self, language):
        """What the form would send, as the server would store it."""
        return clean(self.page.locator(f"#id_body_{language}").input_value(), language)

    def dialog(self, **values):
        for name, value in values.items():
            self.page.locator(f".richtext-dialog [name={name}]").fill(value)
        self.page.locator(".richtext-dialog [value=apply]").click()


@pytest.fixture
def desk(site, page, client):
    client.force_login(make_user("administrator"))
    cookies = [{"name": name, "value": morsel.value, "url": site.url} for name, morsel in client.cookies.items()]
    page.context.add_cookies(cookies)
    desk = Desk(site, page)
    yield desk
    assert desk.complaints == []


@pytest.mark.proof
def test_23_an_editor_has_the_language_and_name_of_its_field(desk):
    desk.open("add/")
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        editor = desk.editor(language)
        label = desk.page.locator(f"label[for=id_body_{language}]")
        expect(editor).to_have_attribute("lang", language)
        expect(editor).to_have_attribute("dir", direction)
        expect(editor).to_have_role("textbox")
        expect(editor).to_have_accessible_name(label.inner_text())
        label.click()
        expect(editor).to_be_focused()


def test_what_is_written_with_the_toolbar_is_what_is_saved(desk):
    desk.open("add/")
    keyboard, editor = desk.page.keyboard, desk.editor("ar")
    editor.click()
    keyboard.type("وقّعت ")
    desk.button("ar", "language").click()
    expect(desk.button("ar", "language")).to_have_attribute("aria-pressed", "true")
    keyboard.type("UNESCO (1)")
    desk.button("ar", "language").click()
    expect(desk.button("ar", "language")).to_have_attribute("aria-pressed", "false")
    keyboard.type(" مذكرة.")
    keyboard.press("Enter")
    desk.page.locator(".richtext select").first.select_option("heading2")
    keyboard.type("النتائج")
    keyboard.press("Enter")
    desk.button("ar", "bulletList").click()
    keyboard.type("أولى")
    keyboard.press("Enter")
    keyboard.press("Enter")
    desk.button("ar", "link").click()
    desk.dialog(href="example.org")
    expect(editor.locator("a")).to_have_text("https://example.org")
    keyboard.press("Enter")
    desk.button("ar", "picture").click()
    desk.dialog(src=f"{desk.site.url}/media/bridge.png", alt="جسر")
    expect(editor.locator("img")).to_have_attribute("alt", "جسر")
    keyboard.type("ليلًا")
    assert desk.value("ar") == (
        '<p>وقّعت <span lang="en" dir="ltr">UNESCO (1)</span> مذكرة.</p><h2>النتائج</h2><ul><li>أولى</li></ul>'
        '<p><a href="https://example.org" dir="ltr">https://example.org</a></p>'
        '<figure><img src="/media/bridge.png" alt="جسر"><figcaption>ليلًا</figcaption></figure>'
    )
    written = desk.value("ar")
    desk.page.locator("#id_title_ar").fill("خبر")
    desk.page.locator("#newsitem_form").evaluate("form => form.requestSubmit()")
    expect(desk.page.locator(".messagelist")).to_be_visible()
    assert working_copy(NewsItem.objects.get())["fields"]["body_ar"] == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_1_the_text_has_its_own_direction_whatever_that_of_the_desk(desk, language):
    """Whatever the desk's own style sheets say of headings, quotations and lists."""
    texts = "<h2>x</h2><h3>x</h3><h4>x</h4><p>x</p><blockquote><p>x</p></blockquote><ul><li>x</li></ul>"
    item = make(NewsItem, body_ar=texts, body_en=texts)
    edges = """editor => [...editor.querySelectorAll("h2, h3, h4, p")].map(block => {
        const range = document.createRange()
        range.selectNodeContents(block)
        const text = range.getBoundingClientRect(), frame = editor.getBoundingClientRect()
        return text.left - frame.left < frame.right - text.right ? "ltr" : "rtl"
    })"""
    sizes = """editor => ["h2", "h3", "h4"].map(tag => parseFloat(getComputedStyle(editor.querySelector(tag)).fontSize))"""
    desk.open(f"{item.pk}/change/", language)
    assert set(desk.editor("ar").evaluate(edges)) == {"rtl"}
    assert set(desk.editor("en").evaluate(edges)) == {"ltr"}
    first, second, third = desk.editor(language).evaluate(sizes)
    assert first > second > third


@pytest.mark.proof
def test_a_table_gets_its_own_toolbar(desk):
    desk.open("add/", "en")
    desk.editor("en").click()
    expect(desk.button("en", "addRowAfter")).to_be_hidden()
    desk.button("en", "table").click()
    desk.page.keyboard.type("City")
    desk.button("en", "deleteColumn").click()
    desk.button("en", "deleteRow").click()
    expect(desk.editor("en").locator("tr")).to_have_count(2)
    desk.button("en", "deleteTable").click()
    expect(desk.button("en", "addRowAfter")).to_be_hidden()
    assert desk.value("en") == ""


@pytest.mark.proof
def test_a_dialog_refuses_in_words_and_can_be_left(desk):
    desk.open("add/", "en")
    desk.editor("en").click()
    desk.button("en", "link").click()
    for address in ("javascript:alert(1)", "//evil.example", "#place", "two words", ""):
        desk.dialog(href=address)
        message = desk.page.locator(".richtext-dialog [name=href]").evaluate("input => input.validationMessage")
        assert message == "Begins with https://, mailto: or tel:, or with / for a page of this site."
    desk.page.keyboard.press("Escape")
    desk.button("en", "picture").click()
    desk.dialog(src="https://example.org/a.jpg", alt="x")
    assert desk.page.locator(".richtext-dialog [name=src]").evaluate("input => input.validationMessage") == "Begins with /media/."
    desk.dialog(src="/media/a.jpg", alt="")
    expect(desk.page.locator(".richtext-dialog")).to_be_visible()
    desk.page.locator(".richtext-dialog [value=cancel]").click()
    expect(desk.page.locator(".richtext-dialog")).to_have_count(0)
    assert desk.value("en") == ""


def test_what_is_pasted_comes_out_as_on_the_server(desk):
    desk.open("add/")
    for sample in SAMPLES:
        language = "en" if sample.stem == "word-lists" else "ar"
        desk.editor(language).press("Control+A")
        desk.page.keyboard.press("Delete")
        desk.editor(language).evaluate(PASTE, [None if sample.suffix == ".txt" else sample.read_text(), sample.read_text()])
        assert desk.value(language) + "\n" == sample.with_suffix(".clean.html").read_text(), sample.name


@pytest.mark.proof
def test_a_message_that_is_one_span_is_read_by_its_lines(desk):
    desk.open("add/", "en")
    html = '<span class="selectable-text">Agenda:\n- first\n- second</span>'
    desk.editor("en").evaluate(PASTE, [html, "Agenda:\n- first\n- second"])
    assert desk.value("en") == "<p>Agenda:</p><ul><li>first</li><li>second</li></ul>"


@pytest.mark.proof
def test_nothing_hostile_runs_in_the_editor(desk):
    """Not even in the moment of pasting. That the Content-Security-Policy refuses handlers, too, is a second lock."""
    desk.open("add/", "en")
    for html in HOSTILE:
        desk.editor("en").evaluate(PASTE, [html, "x"])
    assert (
        desk.page.evaluate("document.querySelectorAll('.ProseMirror :is(script, style, iframe, [onerror], [onclick])').length")
        == 0
    )
    desk.complaints = [complaint for complaint in desk.complaints if "Content Security Policy" not in complaint]


@pytest.mark.proof
def test_nothing_hostile_runs_on_any_page_that_shows_it(desk, client):
    """Text, and what stands in plain fields: on the public pages, in a preview, on the desk, and where a feed's entry is read."""
    body, words = "".join(map(clean, HOSTILE)), "\"'><script>alert(1)</script><img src=//evil.example onerror=alert(1)>{{ 7*7 }}"
    plain = {f"{field}_{language}": words for field in ("title", "summary") for language in ("ar", "en")}
    item = make(NewsItem, slug="hostile", body_ar=body, body_en=body, **plain)
    views = [f"{item.pk}/{page}/" for page in ("change", "preview", "history", "publish")]
    searches = [f"/en/search/?q={each}" for each in ("alert", quote(words))]
    public = ["/en/news/hostile/", "/ar/news/hostile/", "/en/news/", "/en/", *searches]
    for path in [*public, *(f"/ar/admin/news/newsitem/{each}" for each in views), f"/ar/admin/find/?q={quote(words)}"]:
        assert desk.page.goto(desk.site.url + path, wait_until="networkidle").status == 200, path
        assert desk.page.evaluate(HARM) == [], path
    feed = ElementTree.fromstring(client.get("/en/news.atom").content)
    [content] = feed.iterfind("{*}entry/{*}content")
    desk.page.goto("about:blank")
    desk.page.set_content(content.text)
    assert desk.page.evaluate(HARM) == []


@pytest.mark.proof
def test_an_error_in_the_form_keeps_what_was_written(desk):
    desk.open("add/", "en")
    desk.editor("en").click()
    desk.page.keyboard.type("Not lost")
    desk.page.locator("#id_title_en").fill("x" * 400)
    desk.page.locator("#id_body_ar").evaluate("area => { area.value = '<p>a</p><img src=/media/a.jpg>' }")
    desk.page.locator("#newsitem_form").evaluate("form => form.requestSubmit()")
    expect(desk.page.locator(".errorlist").filter(has_text="no alternative text")).to_be_visible()
    expect(desk.editor("en")).to_have_text("Not lost")
    expect(desk.editor("ar")).to_have_attribute("aria-invalid", "true")
    assert not NewsItem.objects.exists()


def test_a_visit_that_changes_nothing_is_no_change(desk):
    item = make(NewsItem, body_en="".join(KEPT))
    desk.open(f"{item.pk}/change/", "en")
    desk.editor("en").click()
    desk.page.keyboard.type("x")
    desk.page.keyboard.press("Backspace")
    assert desk.value("en") == item.body_en
    desk.page.locator("#newsitem_form").evaluate("form => form.requestSubmit()")
    expect(desk.page.locator(".messagelist")).to_be_visible()
    assert working_copy(item)["fields"]["body_en"] == item.body_en
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


@pytest.mark.proof
def test_the_toolbar_is_one_stop_of_the_tab_key_and_follows_the_direction(desk):
    desk.open("add/", "ar")
    desk.editor("ar").focus()
    focused = "document.activeElement.dataset.name"
    desk.page.keyboard.press("Shift+Tab")
    assert desk.page.evaluate(focused) == "bold"
    desk.page.keyboard.press("ArrowLeft")
    assert desk.page.evaluate(focused) == "italic"
    desk.page.keyboard.press("End")
    desk.page.keyboard.press("ArrowLeft")
    assert desk.page.evaluate(focused) == "bold"
    desk.page.keyboard.press("Tab")
    expect(desk.editor("ar")).to_be_focused()


@pytest.mark.proof
@pytest.mark.parametrize(("language", "scheme"), [("ar", "light"), ("en", "dark")])
def test_accessibility_of_the_editor_and_its_dialogs(desk, language, scheme):
    desk.page.emulate_media(color_scheme=scheme)
    table = "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>"
    text = f'<h2>c</h2><p>d <a href="/x">e</a> <span lang="fr" dir="ltr">f</span></p>{table}'
    item = make(NewsItem, body_ar=text, body_en=text)
    desk.open(f"{item.pk}/change/", language)
    desk.editor(language).locator("td").click()
    expect(desk.button(language, "deleteTable")).to_be_visible()
    assert findings(desk.page, part=".richtext") == []
    desk.button(language, "picture").click()
    assert findings(desk.page, part=".richtext-dialog") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_9_nothing_overflows_at_320_pixels(desk, language):
    desk.page.set_viewport_size({"width": 320, "height": 800})
    desk.open("add/", language)
    desk.editor("en").click()
    desk.button("en", "table").click()
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_javascript_it_is_a_textarea_that_is_sanitised(site, browser, client):
    client.force_login(make_user("administrator"))
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": name, "value": morsel.value, "url": site.url} for name, morsel in client.cookies.items()])
    page = context.new_page()
    page.goto(f"{site.url}/en/admin/news/newsitem/add/")
    page.locator("#id_title_en").fill("News")
    page.locator("#id_body_en").fill("- one\n- two")
    page.locator("#id_body_ar").fill("<p onclick='x()'>نص</p>")
    page.locator("[name=_save]").first.click()
    fields = working_copy(NewsItem.objects.get())["fields"]
    assert (fields["body_en"], fields["body_ar"]) == ("<ul><li>one</li><li>two</li></ul>", "<p>نص</p>")
    context.close()
