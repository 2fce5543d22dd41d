"""Submitting, approving and sending back over HTTP. Who may do it, and when, says `test_matrix`."""

from datetime import date

import pytest
from django.test import Client

from conference_site.publishing import versions, working_copies
from conference_site.publishing.models import Stage
from news.models import NewsItem
from tests.builders import make, make_user
from tests.desk.forms import fields_of
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db

PAGE = "review"


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def item(db):
    item = make(NewsItem, public=[])
    working_copies.record(item, "saved")
    return item


def stage(item, language: str = "ar") -> str:
    return versions.of(item).get(language=language).stage


def press(client: Client, item, button: str, language: str = "ar", **changes):
    newest = working_copies.revisions_of(item).first()
    form = {"language": language, "seen": newest.pk, "remark": "", "due_on": "", button: "pressed"}
    return client.post(address(item, PAGE), form | changes)


def test_a_journey_from_the_editor_to_the_organiser_and_back(item):
    editor, organiser = signed_in("editor"), signed_in("organiser")
    response = press(editor, item, "_submit", remark="أرجو المراجعة")
    assert said(response) == ["Submitted for review: Arabic."]
    page = organiser.get(address(item, PAGE)).content.decode()
    assert "أرجو المراجعة" in page
    response = press(organiser, item, "_send_back")
    assert "A reason helps" in response.content.decode()
    assert said(press(organiser, item, "_send_back", remark="أين المصدر؟")) == ["Sent back: Arabic."]
    assert "أين المصدر؟" in editor.get(address(item, PAGE)).content.decode()
    press(editor, item, "_submit")
    assert said(press(organiser, item, "_approve"))[-1] == "Approved: Arabic."
    assert (stage(item, "ar"), stage(item, "en")) == (Stage.APPROVED, Stage.WRITING)


def test_what_has_changed_since_it_was_read_is_not_approved(item):
    organiser, seen = signed_in("organiser"), working_copies.submit(item, ["ar"]).pk
    data = working_copies.working_copy(item)
    data["fields"]["title_ar"] = "آخر"
    working_copies.save(item, data)
    response = press(organiser, item, "_approve", seen=seen, remark="Fine")
    assert "The draft has changed since you opened it" in response.content.decode()
    assert fields_of(response, "review-ar")["remark"] == ["Fine"]
    assert stage(item) == Stage.SUBMITTED


def test_a_translation_is_given_a_date(item):
    editor = signed_in("editor")
    assert said(press(editor, item, "_due", "en", due_on="٢٠٢٧-٠١-٠٢")) == ["The date is kept: English."]
    assert [version.due_on for version in versions.of(item).order_by("language")] == [None, date(2027, 1, 2)]
    response = press(editor, item, "_due", "en", due_on="no date")
    assert (response.status_code, fields_of(response, "review-en")["due_on"]) == (200, ["no date"])
    press(editor, item, "_due", "en")
    assert versions.of(item).filter(due_on__isnull=False).count() == 0


@pytest.mark.parametrize("sent", [{}, {"language": "fr"}, {"language": "ar"}, {"language": "ar", "_submit": "", "seen": "x"}])
def test_a_form_that_was_tampered_with_changes_nothing(item, sent):
    response = signed_in("administrator").post(address(item, PAGE), sent)
    assert (response.status_code in (200, 403), stage(item)) == (True, Stage.WRITING)
