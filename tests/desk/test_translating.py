"""The page of an item's translations: what it says of each text, and one press that confirms one."""

import pytest
from django.test import Client

from conference_site.publishing import translations, working_copies
from conference_site.publishing.translations import Translation
from pages.models import Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user
from tests.desk.test_saving import address, said
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(db):
    goal = make(Goal, title_ar="هدف", title_en="A goal", summary_ar="خلاصة", body_ar="<p>نص أول</p>", body_en="<p>First text</p>")
    working_copies.record(goal, "saved")
    return edit(goal, body_ar="<p>نص ثان</p>") and goal


def states(item) -> dict[str, Translation]:
    return {each.path: each.state for each in translations.passages(type(item), working_copies.working_copy(item))}


def press(client: Client, item, path: str, seen: int | None = None):
    newest = working_copies.revisions_of(item).first().pk
    return client.post(address(item, "translation"), {"path": path, "seen": seen or newest})


def test_what_needs_somebody_comes_first_with_what_has_changed(desk, goal):
    rows = desk.get(address(goal, "translation")).context["rows"]
    assert [(row.passage.path, row.passage.state) for row in rows] == [
        ("body_en", Translation.OUTDATED),
        ("summary_en", Translation.MISSING),
        ("title_en", Translation.CURRENT),
    ]
    outdated = rows[0]
    assert (outdated.source.text, outdated.text.text) == ("نص ثان", "First text")
    [line] = outdated.change.lines
    assert [(str(piece.kind), piece.text) for piece in line.pieces] == [("same", "نص"), ("removed", "أول"), ("added", "ثان")]
    assert [row.change for row in rows[1:]] == [None, None]


def test_one_press_confirms_a_translation(desk, goal):
    response = press(desk, goal, "body_en")
    assert (said(response), states(goal)["body_en"]) == (["The translation stands as it is."], Translation.CURRENT)
    assert working_copies.revisions_of(goal).first().action == "confirmed"


@pytest.mark.parametrize("path", ["summary_en", "body_ar", "nothing", "parts.1.text_en"])
def test_what_is_no_translation_is_not_confirmed(desk, goal, path):
    before = working_copies.revisions_of(goal).count()
    assert press(desk, goal, path).status_code == 302
    assert working_copies.revisions_of(goal).count() == before


def test_a_source_that_has_changed_again_is_looked_at_again(desk, goal):
    seen = working_copies.revisions_of(goal).first().pk
    edit(goal, body_ar="<p>نص ثالث</p>")
    response = press(desk, goal, "body_en", seen)
    assert said(response) == ["The text has changed since this was shown. Nothing was done; please look again."]
    assert states(goal)["body_en"] == Translation.OUTDATED


def test_who_may_only_look_confirms_nothing(goal):
    client = Client()
    client.force_login(make_user("editor"))
    assert client.get(address(goal, "translation")).context["may_confirm"] is False
    assert press(client, goal, "body_en").status_code == 403
    client.force_login(make_user())
    assert client.get(address(goal, "translation")).status_code == 403
    assert states(goal)["body_en"] == Translation.OUTDATED


def test_texts_of_parts_stand_there_too(desk):
    partnership = make(Partnership)
    milestone = Milestone.objects.create(partnership=partnership, text_ar="محطة", text_en="A step")
    working_copies.record(partnership, "saved")
    data = working_copies.working_copy(partnership)
    data["parts"]["milestones"][0]["text_ar"] = "محطة أخرى"
    working_copies.save(partnership, data)
    [first, *_others] = desk.get(address(partnership, "translation")).context["rows"]
    assert (first.passage.path, first.change.shows_change) == (f"milestones.{milestone.pk}.text_en", True)
