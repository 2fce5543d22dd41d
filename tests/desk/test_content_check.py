"""The content check on the form: shown, put right with one press, dismissed; and what keeps a language from being published."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference_site.desk.proofreading import ContentCheck
from conference_site.media.models import Image
from conference_site.proofreading.models import Dismissal, OfficialName
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision, State
from news.models import NewsItem, NewsPicture
from pages.models import Announcement, Goal, Page
from partners.models import Milestone, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import send
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db

CHANGED = "The text has changed since this was shown. Nothing was done; please look again."
RIGHT = {"title_ar": "هدف المؤتمر", "title_en": "A goal"}


def check(desk, item):
    """The content check of an item's form."""
    return desk.get(address(item)).context["content_check"]


def press(desk, item, **button):
    return desk.post(address(item, "proofread"), button)


def draft(item) -> dict:
    return working_copies.working_copy(item)["fields"]


@pytest.fixture
def goal():
    """Public, with a draft in which two things can be put right and one is to be decided."""
    goal = make(Goal, **RIGHT)
    data = working_copies.working_copy(goal)
    data["fields"]["summary_ar"] = "من التعليم الى الابتكار مؤقتاً، وتم ذلك."
    working_copies.save(goal, data)
    return goal


def test_the_form_says_what_to_look_at_field_by_field(desk, goal):
    page = desk.get(address(goal)).content.decode()
    assert page.count("<mark>") == 3
    assert "<h3>Summary (Arabic)</h3>" in page
    assert '<p lang="ar" dir="rtl" class="excerpt">من التعليم <mark>الى</mark> الابتكار مؤقتاً، وتم ذلك.</p>' in page
    assert (page.count('name="fix"'), page.count('name="dismiss"'), page.count('name="fix_all"')) == (2, 3, 1)


def test_a_form_without_anything_to_look_at_has_no_panel(desk):
    assert b"Things to look at" not in desk.get(address(make(Goal, **RIGHT))).content


def test_advice_never_keeps_anybody_from_saving_or_publishing(desk, goal):
    assert send(desk, address(goal), summary_ar="الى").status_code == 302
    send(desk, address(goal, "publish"), None, "publish")
    assert reread(goal).summary_ar == "الى"


def test_one_press_puts_one_thing_right_in_the_draft(desk, administrator, goal):
    remark = check(desk, goal).remarks[0]
    response = press(desk, goal, fix=remark.token)
    assert response["Location"] == address(goal)
    assert said(response) == [
        "Corrected in “Summary (Arabic)”: \u2068الى\u2069 The draft is saved; what the public sees has not changed."
    ]
    assert draft(goal)["summary_ar"] == "من التعليم إلى الابتكار مؤقتاً، وتم ذلك."
    assert not reread(goal).summary_ar
    newest = working_copies.revisions_of(goal).first()
    assert (newest.action, newest.author, newest.changed) == (Revision.Action.SAVED, administrator, ["ar"])
    assert LogEntry.objects.get().change_message == "Corrected in “Summary (Arabic)”: \u2068الى\u2069"


def test_one_press_puts_all_right_that_is_certain(desk, goal):
    response = press(desk, goal, fix_all=check(desk, goal).token_of_all)
    assert said(response)[0].startswith("2 places were corrected.")
    assert draft(goal)["summary_ar"] == "من التعليم إلى الابتكار مؤقتًا، وتم ذلك."
    assert [remark.finding.rule for remark in check(desk, goal).remarks] == ["turns_of_phrase"]


@pytest.mark.parametrize("button", ["fix", "fix_all", "dismiss"])
def test_nothing_is_done_to_a_text_that_has_changed_since(desk, goal, button):
    shown = check(desk, goal)
    token = shown.token_of_all if button == "fix_all" else shown.remarks[0].token
    send(desk, address(goal), summary_ar="ثم الى الابتكار مؤقتاً")
    before = Revision.objects.count()
    assert said(press(desk, goal, **{button: token}))[-1] == CHANGED
    assert (Revision.objects.count(), Dismissal.objects.count(), draft(goal)["summary_ar"]) == (
        before,
        0,
        "ثم الى الابتكار مؤقتاً",
    )


def test_a_press_on_what_cannot_be_fixed_does_nothing(desk, goal):
    (remark,) = [remark for remark in check(desk, goal).remarks if not remark.is_certain]
    assert said(press(desk, goal, fix=remark.token)) == [CHANGED]
    assert said(press(desk, goal))[-1] == CHANGED


def test_what_is_right_as_it_is_stays_out_of_sight(desk, administrator, goal):
    remark = check(desk, goal).remarks[-1]
    assert said(press(desk, goal, dismiss=remark.token)) == ["This will not be shown again for this text."]
    assert [left.finding.rule for left in check(desk, goal).remarks] == ["hamza", "tanwin"]
    send(desk, address(goal), summary_ar="مقدمة طويلة. من التعليم الى الابتكار مؤقتاً، وتم ذلك.")
    assert "turns_of_phrase" in {
        left.finding.rule for left in check(desk, goal).remarks
    }  # beside other words it is another thing
    assert Dismissal.objects.get().author == administrator


def test_a_dismissal_is_of_one_item_only(desk, goal):
    other = make(Goal, **RIGHT, summary_ar="وتم ذلك.")
    press(desk, other, dismiss=check(desk, other).remarks[0].token)
    assert (len(check(desk, other).remarks), len(check(desk, goal).remarks)) == (0, 3)


def test_rich_text_and_parts_are_looked_at_and_fixed(desk):
    item = make(Partnership, title_ar="شراكة", title_en="A partnership", agreed_ar="<p>اتفق <strong>Smart City</strong> معها</p>")
    Milestone.objects.create(partnership=item, text_ar="التوقيع , ثم التنفيذ", text_en="Signed")
    labels = [str(place.label) for place, _found in check(desk, item).by_place]
    assert labels == ["What was agreed (Arabic)", "Milestone 1: What happened (Arabic)"]
    press(desk, item, fix_all=check(desk, item).token_of_all)
    data = working_copies.working_copy(item)
    marked = '<p>اتفق <strong><span lang="en" dir="ltr">Smart City</span></strong> معها</p>'
    assert (data["fields"]["agreed_ar"], data["parts"]["milestones"][0]["text_ar"]) == (marked, "التوقيع، ثم التنفيذ")


def test_texts_come_in_the_order_of_the_form(desk):
    item = make(
        NewsItem, title_ar="الى.", summary_ar="الى", place_ar="الى", body_ar="<p>الى</p>", title_en="One...", summary_en="٣"
    )
    columns = [place.field.name for place, _found in check(desk, item).by_place]
    assert columns == ["title_ar", "summary_ar", "place_ar", "body_ar", "summary_en"]


def test_official_names_are_rows_of_the_desk(desk, goal):
    send(desk, "/en/admin/proofreading/officialname/add/", name="اسم رسمي", replaces="اسم قديم\nاسم آخر")
    assert OfficialName.objects.get().replaces == ["اسم قديم", "اسم آخر"]
    send(desk, address(goal), summary_ar="ذكر اسم قديم هنا")
    (remark,) = check(desk, goal).remarks
    assert str(remark.finding.advice) == "The official form of this name is: اسم رسمي."
    press(desk, goal, fix=remark.token)
    assert draft(goal)["summary_ar"] == "ذكر اسم رسمي هنا"


def test_a_fix_that_the_column_cannot_hold_is_not_offered(desk):
    item = make(Announcement, message_ar="مؤتمر " + "ا" * 290 + " د.م", message_en="x")
    OfficialName.objects.create(name="المؤتمر العالمي للتعليم", replaces=["مؤتمر"])
    assert [remark.is_certain for remark in check(desk, item).remarks if remark.finding.rule == "names"] == [False]


def test_who_may_only_look_sees_advice_without_buttons(client, goal):
    client.force_login(make_user("editor"))
    page = client.get(address(goal)).content.decode()
    assert (page.count("<mark>"), page.count('name="fix"'), page.count('name="dismiss"')) == (3, 0, 0)
    token = client.get(address(goal)).context["content_check"].remarks[0].token
    assert press(client, goal, fix=token).status_code == 403


def test_a_press_needs_to_be_one(desk, goal):
    assert desk.get(address(goal, "proofread")).status_code == 405


def test_the_panel_costs_one_query_and_one_more_where_there_are_pictures(desk, picture):
    for item, queries in ((make(NewsItem), 1), (make(NewsItem, image=picture), 2)):
        working_copies.record(item, "saved")
        with CaptureQueriesContext(connection) as context:
            shown = ContentCheck.of(item)
            assert (shown.remarks, len(shown.barriers)) == ([], queries - 1)
        assert len(context) == queries


# What keeps a language from being published


@pytest.fixture
def picture():
    return Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_en="A hall")


def test_a_picture_without_words_in_a_language_keeps_that_language_from_being_published(desk, picture):
    item = make(NewsItem, public=[], image=picture)
    sentence = "A picture has no alternative text in this language (Arabic): \u2068A hall\u2069."
    page = desk.get(address(item, "publish")).content.decode()
    assert (sentence in page, f'href="/en/admin/media/image/{picture.pk}/change/"' in page) == (True, True)
    assert sentence in desk.get(address(item)).content.decode()
    response = send(desk, address(item, "publish"), None, "publish")
    assert (response.status_code, sentence in response.content.decode()) == (200, True)
    assert [reread(item).state(code) for code in ("ar", "en")] == [State.UNPUBLISHED, State.UNPUBLISHED]
    send(desk, address(item, "publish"), None, "publish", publish_ar=None)
    assert [reread(item).state(code) for code in ("ar", "en")] == [State.UNPUBLISHED, State.PUBLIC]
    Image.objects.update(alternative_text_ar="قاعة")
    send(desk, address(item, "publish"), None, "publish", publish_ar="on")
    assert reread(item).state("ar") == State.PUBLIC


def test_pictures_of_parts_count_and_withdrawn_ones_do_not(desk, picture):
    item = make(NewsItem, public=[])
    NewsPicture.objects.create(item=item, image=picture)
    assert len(check(desk, item).barriers) == 1
    picture.withdraw()
    assert check(desk, item).barriers == []


def test_a_picture_in_a_text_counts_too(desk):
    item = make(Page, public=[])
    data = working_copies.working_copy(item)
    data["fields"]["body_ar"] = '<figure><img src="/media/images/x.webp" alt=""></figure>'
    working_copies.save(item, data)
    page = desk.get(address(item, "publish")).content.decode()
    assert "no alternative text in this language (Arabic): \u2068/media/images/x.webp\u2069." in page
    assert send(desk, address(item, "publish"), None, "publish").status_code == 200
    assert reread(item).state("en") == State.UNPUBLISHED
