"""Translations that go out as a spreadsheet and come back: all equal, nothing else touched, what no longer fits refused."""

import io
import re
import unicodedata
import zipfile
from datetime import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from conference_site.desk import handing_out, workbooks
from conference_site.publishing import translations, working_copies
from conference_site.publishing.models import LanguageVersion
from conference_site.publishing.translations import Translation
from news.models import NewsItem
from pages.models import Announcement, Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import fields_of
from tests.desk.test_saving import address, said
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

PAGE = "/en/admin/work/spreadsheet/"
BODY = '<h2>عنوان</h2><p>نص <a href="/ar/goals/">رابط</a></p><ul><li>بند</li><li>2024</li></ul>'


def recorded(model=Goal, **fields):
    item = make(model, **fields)
    working_copies.record(item, "saved")
    return item


@pytest.fixture
def goal(db):
    return recorded(title_ar="هدف", title_en="", summary_ar="=خلاصة", body_ar=BODY, public=["ar"])


def handed_out(client: Client, query: str = "", page: str = PAGE) -> bytes:
    response = client.get(f"{page}new/{query}")
    assert (response.status_code, response["Content-Type"]) == (200, workbooks.CONTENT_TYPE)
    return response.content


def rows_in(file: bytes) -> list[workbooks.Row]:
    return workbooks.read(SimpleUploadedFile("sheet.xlsx", file))


def translated(file: bytes, *words: object, column: str = "Translation") -> bytes:
    """The same sheet with these words in its column, row by row; None leaves a cell as it is."""
    book = load_workbook(io.BytesIO(file))
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index(column) + 1
    for number, text in enumerate(words, 2):
        if text is not None:
            sheet.cell(number, place).value = text
            sheet.cell(number, place).data_type = "s"
    return saved(book)


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(client: Client, file: bytes, name: str = "sheet.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, file)})


def take(client: Client, file: bytes):
    """Look at it, then press the button."""
    shown = send(client, file)
    rows = fields_of(shown, "take-form")["rows"] if b"take-form" in shown.content else [shown.context["rows"]]
    return client.post(f"{PAGE}take/", {"rows": rows})


def refused(response) -> list[tuple[str, str]]:
    """What is given back: each row's translation, and why."""
    return [(row.text, row.reason) for row in response.context["sheet"].refused]


def draft(item) -> dict:
    return working_copies.working_copy(item)


def states(item) -> dict[str, Translation]:
    return {each.path: each.state for each in translations.passages(type(item), draft(item))}


# There and back

WORDS = ("A goal", "=Summary", "Title", "Text {1}link{/1}", "Item")


def test_what_is_missing_goes_out_and_comes_back_into_its_place(desk, goal, administrator):
    file = handed_out(desk)
    before, live = draft(goal), reread(goal)
    assert [(row.label, row.source) for row in rows_in(file)] == [
        ("Title (English)", "هدف"),
        ("Summary (English)", "=خلاصة"),
        ("Text (English)", "عنوان"),
        ("Text (English)", "نص {1}رابط{/1}"),
        ("Text (English)", "بند"),
    ]
    response = take(desk, translated(file, *WORDS))
    assert said(response) == ["3 texts were taken over. What the public sees has not changed."]
    revision = working_copies.revisions_of(goal).first()
    assert (revision.action, revision.author) == ("saved", administrator)
    log = "Translated by spreadsheet: Title (English), Summary (English), Text (English)."
    assert LogEntry.objects.get().change_message == log
    body = '<h2>Title</h2><p>Text <a href="/en/goals/">link</a></p><ul><li>Item</li><li>2024</li></ul>'
    expected = before["fields"] | {"title_en": "A goal", "summary_en": "=Summary", "body_en": body}
    assert {name: draft(goal)[name] for name in ("fields", "links", "parts")} == {
        "fields": expected,
        "links": before["links"],
        "parts": before["parts"],
    }
    assert set(states(goal).values()) == {Translation.CURRENT}
    assert (reread(goal).title_en, reread(goal).modified_at) == (live.title_en, live.modified_at)


def test_nothing_is_saved_before_the_button_is_pressed(desk, goal):
    number = working_copies.revisions_of(goal).count()
    response = send(desk, translated(handed_out(desk), *WORDS))
    [item] = response.context["sheet"].accepted
    assert [change.label for change in item.changes] == ["Title (English)", "Summary (English)", "Text (English)"]
    assert "<ins>" in response.content.decode()
    assert working_copies.revisions_of(goal).count() == number


def test_a_sheet_that_nobody_touched_changes_nothing(desk, goal):
    edit(goal, title_en="A goal", summary_en="Summary", body_en="<p>Text</p>")
    edit(goal, title_ar="هدف آخر")
    sheet = send(desk, handed_out(desk)).context["sheet"]
    assert (sheet.items, sheet.stray, sheet.number_empty, sheet.number_alike) == ([], [], 0, 1)


def test_a_sheet_sent_twice_is_taken_over_once(desk, goal):
    file = translated(handed_out(desk), *WORDS)
    take(desk, file)
    number = working_copies.revisions_of(goal).count()
    sheet = send(desk, file).context["sheet"]
    assert (sheet.number_accepted, sheet.number_alike, sheet.refused) == (0, 3, [])
    take(desk, file)
    assert working_copies.revisions_of(goal).count() == number


def test_what_is_outdated_shows_what_has_changed_and_keeps_what_has_not(desk):
    goal = recorded(
        title_ar="هدف", title_en="A goal", body_ar="<p>أول</p><p>ثان</p>", body_en="<p>First</p><p>Second</p><p>More</p>"
    )
    edit(goal, body_ar="<p>أول</p><p>جديد</p><p>ثان تغيّر</p>")
    file = handed_out(desk, "?language=en&need=outdated")
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, min_col=4, max_col=7)]
    status = "Outdated: its source has changed"
    assert shown == [
        ["As it was when it was translated", "أول", "First", None],
        [status, "جديد", "Second", "[− ثان] [+ جديد]"],
        [status, "ثان تغيّر", "More", "[+ ثان تغيّر]"],
    ]
    response = take(desk, translated(file, None, "New", "Second, changed"))
    assert said(response) == ["1 text was taken over. What the public sees has not changed."]
    assert draft(goal)["fields"]["body_en"] == "<p>First</p><p>New</p><p>Second, changed</p>"
    assert states(goal)["body_en"] == Translation.CURRENT


def test_what_stands_in_the_translation_alone_is_shown_and_goes_with_its_source(desk):
    goal = recorded(title_ar="هدف", title_en="A goal", body_ar="<p>أول</p><p>ثان</p>", body_en="<p>First</p><p>Second</p>")
    edit(goal, body_ar="<p>أول</p>")
    file = handed_out(desk)
    assert [(row.source, row.text) for row in rows_in(file)] == [("أول", "First"), ("", "Second")]
    assert refused(send(desk, translated(file, "First, again", "Second, again")))[1] == (
        "Second, again",
        "This row has no source: what is still needed of it belongs in another row.",
    )
    take(desk, translated(file, "First, again"))
    assert draft(goal)["fields"]["body_en"] == "<p>First, again</p>"


def test_texts_of_parts_go_out_and_come_back(desk):
    partnership = make(Partnership)
    milestone = Milestone.objects.create(partnership=partnership, text_ar="محطة")
    working_copies.record(partnership, "saved")
    file = handed_out(desk, "?need=missing")
    take(desk, translated(file, "A step"))
    [row] = draft(partnership)["parts"]["milestones"]
    assert (row["pk"], row["text_ar"], row["text_en"]) == (milestone.pk, "محطة", "A step")


def test_filters_say_what_goes_out(desk, goal):
    recorded(NewsItem, title_ar="خبر", title_en="", public=["ar"])
    done = recorded(title_ar="هدف", title_en="A goal", summary_ar="خلاصة", summary_en="Summary")
    edit(done, summary_ar="أخرى")
    recorded(title_ar="", title_en="English first", public=["en"])
    kind = LanguageVersion.objects.filter(object_id=goal.pk)[0].content_type_id
    found = {
        query: sorted({row.item for row in rows_in(handed_out(desk, query))})
        for query in ("", "?need=outdated", "?language=ar", f"?kind={kind}&need=missing", "?q=خب", "?kind=x&need=nonsense")
    }
    everything = sorted(["هدف", "خبر", "English first"])
    assert found == {
        "": everything,
        "?need=outdated": ["هدف"],
        "?language=ar": ["English first"],
        f"?kind={kind}&need=missing": sorted(["هدف", "English first"]),
        "?q=خب": ["خبر"],
        "?kind=x&need=nonsense": everything,
    }
    assert desk.get(PAGE + "?language=ar").context["number"] == 1


def test_one_item_goes_out_from_its_page(desk, goal):
    recorded(title_ar="آخر", title_en="", public=["ar"])
    place = address(goal, "translation")
    assert f'href="{place}spreadsheet/"' in desk.get(place).content.decode()
    rows = rows_in(desk.get(f"{place}spreadsheet/").content)
    assert {row.item for row in rows} == {"هدف"}


def test_the_sheet_is_made_for_its_reader(desk, goal):
    """Directions, widths, what may be written: for a desk in Arabic, and for one in English."""
    for language, is_rtl in (("ar", True), ("en", False)):
        book = load_workbook(io.BytesIO(desk.get(f"/{language}/admin/work/spreadsheet/new/").content))
        sheet, cells = book.worksheets[0], book.worksheets[0][3]
        assert [page.sheet_view.rightToLeft for page in book.worksheets] == [is_rtl, is_rtl]
        assert (sheet.freeze_panes, sheet.protection.sheet, sheet.column_dimensions["H"].hidden) == ("A2", True, True)
        assert [cell.protection.locked for cell in cells] == [True, True, True, True, True, False, True, True]
        assert [cells[number].alignment.readingOrder for number in (0, 2, 4, 5)] == [2, 2 if is_rtl else 1, 2, 1]
        assert {(cell.alignment.wrap_text, cell.number_format, cell.data_type) for cell in cells if cell.value} == {
            (True, "@", "s")
        }
        assert (cells[4].value, cells[4].quotePrefix) == ("=خلاصة", True)
        assert [sheet.column_dimensions[letter].width for letter in "EF"] == [60, 60]


# What has happened to a sheet on its way


def through_excel(file: bytes) -> bytes:
    """With shared strings, carriage returns as Excel writes them, decomposed letters and spaces at the ends."""
    source, target = zipfile.ZipFile(io.BytesIO(file)), io.BytesIO()
    strings: list[str] = []

    def share(found: re.Match) -> str:
        text = unicodedata.normalize("NFD", found[3]).replace("\n", "_x000D_\n")
        strings.append(f'<si><t xml:space="preserve"> {text} </t></si>')
        return f'<c{found[1]}t="s"{found[2]}><v>{len(strings) - 1}</v></c>'

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                pattern = r'<c([^>]*)t="inlineStr"([^>]*)><is><t[^>]*>([^<]*)</t></is></c>'
                content, number = re.subn(pattern, share, content)
                assert number > 20
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                content = re.sub(r"<Override[^>]*sharedStrings[^>]*/>", "", content)
                content = content.replace(
                    "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                )
            if name != "xl/sharedStrings.xml":
                archive.writestr(name, content)
        xmlns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{xmlns}">{"".join(strings)}</sst>')
    return target.getvalue()


def test_what_programs_do_to_a_sheet_does_no_harm(desk):
    recorded(title_ar="هدف", title_en="", summary_ar="سطر\nآخر", public=["ar"])
    outdated = recorded(title_ar="قديم", title_en="Café\nold", public=["ar"])
    edit(outdated, title_ar="جديد")
    file = handed_out(desk)
    assert send(desk, through_excel(file)).context["sheet"].touched == []
    take(desk, through_excel(translated(file, None, "Goal", "Line\nafter Café")))
    found = Goal.objects.order_by("pk").first()
    assert (draft(found)["fields"]["title_en"], draft(found)["fields"]["summary_en"]) == ("Goal", "Line\nafter Café")


def test_columns_and_rows_may_stand_elsewhere_and_headings_in_another_language(desk, goal):
    book = load_workbook(io.BytesIO(desk.get("/ar/admin/work/spreadsheet/new/").content))
    book.move_sheet(book.worksheets[1], -1)
    sheet = book.worksheets[1]
    for number, text in enumerate(WORDS, 2):
        sheet.cell(number, 6).value = text
        sheet.cell(number, 6).data_type = "s"
    sheet.insert_cols(2)
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, line in enumerate(reversed(lines), 2):
        for place, value in enumerate(line, 1):
            sheet.cell(number + 3, place).value = value
            sheet.cell(number + 3, place).data_type = "s"
    for number in (2, 3, 4):
        for place in range(1, 10):
            sheet.cell(number, place).value = None
    assert said(take(desk, saved(book))) == ["3 texts were taken over. What the public sees has not changed."]


def test_a_number_is_a_text_and_a_formula_a_date_or_an_error_is_refused(desk):
    for _number in range(4):
        recorded(Announcement, message_ar="إعلان", message_en="", public=["ar"])
    book = load_workbook(io.BytesIO(handed_out(desk)))
    sheet = book.worksheets[0]
    for number, value in enumerate([2024.0, "=HYPERLINK(1)", datetime(2024, 8, 18), "#REF!"], 2):  # noqa: DTZ001
        sheet.cell(number, 6).value = value
    response = send(desk, saved(book))
    assert [change.value for item in response.context["sheet"].accepted for change in item.changes] == ["2024"]
    assert refused(response) == [
        ("=HYPERLINK(1)", "The cell holds a formula. Put an apostrophe before it, or format the cell as text."),
        (
            "2024-08-18 00:00:00",
            "The program has made a date or a truth value of the text. Format the cell as text and write it again.",
        ),
        ("#REF!", "The cell holds an error of the spreadsheet program, and no text."),
    ]


# What is refused


def refusal(desk: Client, file: bytes) -> list[str]:
    response = send(desk, file)
    assert response.context["sheet"].number_accepted == 0
    return [reason for _text, reason in refused(response)]


@pytest.fixture
def short(db):
    return recorded(title_ar="هدف", title_en="", public=["ar"])


def test_a_source_that_has_changed(desk, short):
    file = translated(handed_out(desk), "A goal")
    edit(short, title_ar="هدف آخر")
    assert refusal(desk, file) == ["The source has changed since the spreadsheet was made. Take a new one from the desk."]


def test_a_translation_that_somebody_has_changed(desk, short):
    file = translated(handed_out(desk), "A goal")
    edit(short, title_en="Somebody’s goal")
    reason = "Somebody has changed the translation since the spreadsheet was made. Compare both on the desk."
    assert refusal(desk, file) == [reason]
    assert draft(short)["fields"]["title_en"] == "Somebody’s goal"


def test_a_deleted_item_and_one_that_is_gone(desk, short):
    file = translated(handed_out(desk), "A goal")
    working_copies.delete(short)
    assert refusal(desk, file) == ["This item was deleted."]
    working_copies.purge(short)
    assert refusal(desk, file) == ["This item is not there any more."]


def test_a_key_that_was_changed(desk, short):
    file = translated(handed_out(desk), "A goal")
    key = rows_in(file)[0].key
    reasons = {
        other: refusal(desk, translated(file, other, column=workbooks.MARK))
        for other in (
            "x",
            key.replace("pages.goal", "auth.user"),
            key.replace("title_en", "title_ar"),
            key.replace("title", "slug"),
        )
    }
    unknown = "Nobody can tell what this row belongs to: its technical column was changed."
    no_text = "This text is not there any more, or is not to be translated."
    assert list(reasons.values()) == [[unknown], [unknown], [no_text], [no_text]]


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ({2: "Title", 3: "Text {1}link{/1}"}, {4: "This row has no translation yet; a text is taken over as a whole."}),
        (
            {2: "Title", 3: "Text link", 4: "Item"},
            {3: "Numbered tags are missing: {1}. They stand for a link, bold or a picture."},
        ),
    ],
)
def test_a_text_is_taken_over_as_a_whole_or_not_at_all(desk, goal, words, reasons):
    file = translated(handed_out(desk), *(words.get(number) for number in range(5)))
    other = "Belongs to a text of which another row is refused."
    assert refusal(desk, file) == [reasons.get(number, other) for number in (2, 3, 4)]
    assert [row.reason for row in send(desk, file).context["refused"]] == [*reasons.values()]


def test_a_refused_text_keeps_no_other_back_and_is_given_back_with_its_reason(desk, goal):
    response = take(desk, translated(handed_out(desk), "A goal", None, "Title", "No link", "Item"))
    assert (response.status_code, draft(goal)["fields"]["title_en"]) == (200, "A goal")
    assert draft(goal)["fields"]["body_en"] == ""
    file = desk.post(f"{PAGE}refused/", {"rows": response.context["rows"]}).content
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert [cell.value for cell in sheet[3]][4:6] == ["نص {1}رابط{/1}", "No link"]
    assert sheet[3][7].value == "Numbered tags are missing: {1}. They stand for a link, bold or a picture."
    take(desk, translated(file, None, "{1}A link{/1}"))
    assert "A link</a>" in draft(goal)["fields"]["body_en"]


def test_a_text_that_is_too_long_or_lacks_an_alternative_text(desk, short):
    reasons = refusal(desk, translated(handed_out(desk), "x" * 201))
    assert reasons == ["Ensure this value has at most 200 characters (it has 201)."]


def test_a_text_longer_than_a_cell_stays_on_the_desk(desk):
    recorded(title_ar="هدف", title_en="A goal", body_ar=f"<p>{'ن' * 33_000}</p>")
    [row] = rows_in(handed_out(desk))
    assert (row.source, row.text) == ("", "")


def test_two_rows_of_one_text_must_not_contradict_each_other(desk, short):
    book = load_workbook(io.BytesIO(translated(handed_out(desk), "A goal")))
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    assert send(desk, saved(book)).context["sheet"].number_accepted == 1
    sheet.cell(3, 6).value = "Another goal"
    assert refusal(desk, saved(book))[1] == "This row stands there twice, with different translations."


def test_an_item_is_saved_as_a_whole_or_not_at_all(desk, goal, monkeypatch):
    file = translated(handed_out(desk), *WORDS)
    rows = send(desk, file).context["rows"]
    edit(goal, summary_ar="تغيّر بعد العرض")
    response = desk.post(f"{PAGE}take/", {"rows": rows})
    assert [reason for _text, reason in refused(response)] == [
        "The source has changed since the spreadsheet was made. Take a new one from the desk."
    ]
    fields = draft(goal)["fields"]
    assert (fields["title_en"], fields["summary_en"]) == ("A goal", "")


# Rights


def test_each_may_take_back_what_they_may_change_and_hand_out_what_they_see(desk, short):
    news = recorded(NewsItem, title_ar="خبر", title_en="", public=["ar"])
    file = translated(handed_out(desk), "News", "A goal")
    editor = Client()
    editor.force_login(make_user("editor"))
    assert {row.item for row in rows_in(handed_out(editor))} == {"خبر", "هدف"}
    response = take(editor, file)
    assert refused(response) == [("A goal", "You may not change this item.")]
    assert (draft(news)["fields"]["title_en"], draft(short)["fields"]["title_en"]) == ("News", "")
    nobody = Client()
    nobody.force_login(make_user())
    assert rows_in(handed_out(nobody)) == []
    assert [nobody.get(f"{address(short, 'translation')}spreadsheet/").status_code, send(nobody, file).status_code] == [403, 403]
    assert nobody.post(f"{PAGE}take/").status_code == 403
    assert [Client().get(PAGE + end).status_code for end in ("", "new/")] == [302, 302]


def test_what_was_shown_to_somebody_else_or_was_changed_is_not_taken_over(desk, short):
    rows = send(desk, translated(handed_out(desk), "A goal")).context["rows"]
    other = Client()
    other.force_login(make_user("administrator"))
    for client, value in ((other, rows), (desk, rows[:-1]), (desk, "")):
        assert said(client.post(f"{PAGE}take/", {"rows": value}))[-1].startswith("Too much time has passed")
        assert client.post(f"{PAGE}refused/", {"rows": value}).status_code == 302
    assert draft(short)["fields"]["title_en"] == ""


# Files that are no sheets

NO_SPREADSHEET, TOO_MUCH = str(workbooks.NO_SPREADSHEET), str(workbooks.TOO_MUCH)


def zipped(packing: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return target.getvalue()


def with_sheet(file: bytes, change) -> bytes:
    """The same file with its first sheet changed."""
    source, target = zipfile.ZipFile(io.BytesIO(file)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == "xl/worksheets/sheet1.xml" else content)
    return target.getvalue()


def lying(file: bytes) -> bytes:
    """The archive says that what is in it is small."""
    archive = bytearray(file)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = archive.find(mark)
        archive[start + place : start + place + 4] = (100).to_bytes(4, "little")
    return bytes(archive)


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def test_files_that_are_no_sheet_of_ours_are_refused_in_a_sentence(desk, short):
    file = handed_out(desk)
    big = b"<a>" + b" " * (workbooks.MOST_UNPACKED + 1)
    hostile = {
        "no archive": (b"a,b,c\n1,2,3", NO_SPREADSHEET),
        "word": (zipped(word__document=b"<x/>"), NO_SPREADSHEET),
        "broken": (file[: len(file) // 2], NO_SPREADSHEET),
        "nothing in it": (zipped(xl__workbook=b""), NO_SPREADSHEET),
        "zip bomb": (zipped(xl__workbook=big), TOO_MUCH),
        "lying zip bomb": (lying(zipped(xl__workbook=big)), NO_SPREADSHEET),
        "packed without bound": (zipped(zipfile.ZIP_BZIP2, xl__workbook=big), NO_SPREADSHEET),
        "elements": (zipped(xl__workbook=b"<a/>" * (workbooks.MOST_PIECES + 1)), TOO_MUCH),
        "members": (zipped(xl__workbook=b"", **{f"n{number}": b"" for number in range(600)}), TOO_MUCH),
        "entities": (with_sheet(file, lambda xml: BOMB + xml), NO_SPREADSHEET),
        "entities outside": (with_sheet(file, lambda xml: OUTSIDE + xml), NO_SPREADSHEET),
        "entities in UTF-16": (with_sheet(file, lambda xml: (BOMB + xml).decode().encode("utf-16")), NO_SPREADSHEET),
        "too large": (b"x" * (workbooks.MOST_BYTES + 1), "The spreadsheet is larger than 10 megabytes."),
    }
    found = {name: send(desk, content).context["form"].errors["file"] for name, (content, _said) in hostile.items()}
    assert found == {name: [sentence] for name, (_content, sentence) in hostile.items()}


def test_another_spreadsheet_is_told_from_ours(desk, short):
    other = translated(handed_out(desk), *["x"] * 3, column="State")
    book = load_workbook(io.BytesIO(other))
    book.worksheets[0]["H1"].value = "something"
    [sentence] = send(desk, saved(book)).context["form"].errors["file"]
    assert sentence.startswith("This is no spreadsheet for translations of this site")


def test_rows_are_bounded_wherever_they_stand(desk, short, monkeypatch):
    file = translated(handed_out(desk), "A goal")
    monkeypatch.setattr(workbooks, "LAST_ROW", 10_000)
    far = with_sheet(file, lambda xml: xml.replace(b"</sheetData>", b'<row r="999999999"><c r="A1"/></row></sheetData>'))
    wide = with_sheet(file, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml))
    assert [send(desk, each).context["sheet"].number_accepted for each in (far, wide)] == [1, 1]
    monkeypatch.setattr(workbooks, "MOST_ROWS", 0)
    assert send(desk, file).context["form"].errors["file"] == ["The spreadsheet has more than 0 rows."]


# What it costs


def queries(call) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


def test_queries_do_not_grow_with_the_items(desk):
    def fill(number: int) -> None:
        for _number in range(number):
            goal = recorded(title_ar="هدف", title_en="", summary_ar="خلاصة", summary_en="Summary", public=["ar"])
            edit(goal, summary_ar="أخرى")

    def counted() -> list[int]:
        file = handed_out(desk)
        filled = translated(file, *["x"] * len(rows_in(file)))
        return [queries(lambda: desk.get(PAGE)), queries(lambda: handed_out(desk)), queries(lambda: send(desk, filled))]

    fill(2)
    few = counted()
    fill(10)
    assert counted() == few
    assert max(few) <= 30


def test_a_sheet_holds_whole_items_and_no_more_rows_than_are_read(desk, goal, monkeypatch):
    recorded(title_ar="آخر", title_en="", public=["ar"])
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    file = handed_out(desk)
    assert {row.item for row in rows_in(file)} == {"آخر"}
    assert load_workbook(io.BytesIO(file)).worksheets[0]["D3"].value.startswith("More is to be translated")
    monkeypatch.setattr(handing_out, "MOST_ITEMS", 1)
    assert desk.get(PAGE).context["most"] == 1
