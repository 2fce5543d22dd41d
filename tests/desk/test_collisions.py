"""Two editors at one item: both save, and nothing of either is lost."""

import pytest
from django.test import Client

from conference_site.publishing import working_copies
from pages.models import Goal
from partners.models import Milestone, Organisation, Partnership
from tests.builders import make, make_user
from tests.desk.forms import fields_of, in_form, send
from tests.desk.test_saving import address, draft, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db) -> Client:
    client = Client()
    client.force_login(make_user("administrator", first_name="Other"))
    return client


def opened(client: Client, item) -> dict:
    return fields_of(client.get(address(item)), f"{item._meta.model_name}_form") | {"_continue": ["pressed"]}


def press(client: Client, item, form: dict, **changes):
    return client.post(address(item), form | {name: [value] for name, value in changes.items()})


@pytest.fixture
def goal(db):
    goal = make(Goal, title_en="Title", title_ar="عنوان", summary_en="Summary")
    working_copies.record(goal, "saved")
    return goal


def test_what_only_one_has_changed_is_kept_from_both(desk, colleague, goal):
    mine = opened(desk, goal)
    send(colleague, address(goal), title_en="Theirs")
    assert press(desk, goal, mine, title_ar="لي").status_code == 302
    assert (draft(goal)["title_en"], draft(goal)["title_ar"]) == ("Theirs", "لي")


def test_what_both_have_changed_is_shown_and_stays_typed(desk, colleague, goal):
    mine = opened(desk, goal)
    send(colleague, address(goal), title_en="Theirs", summary_en="Their summary")
    before = working_copies.revisions_of(goal).count()
    response = press(desk, goal, mine, title_en="Mine", title_ar="لي")
    assert (response.status_code, working_copies.revisions_of(goal).count()) == (409, before)
    [disputed] = response.context["collision"].disputed
    assert (disputed.path, disputed.theirs.text, disputed.mine.text) == ("title_en", "Theirs", "Mine")
    assert [in_form(response, "goal_form", name) for name in ("title_en", "title_ar")] == [["Mine"], ["لي"]]
    again = fields_of(response, "goal_form") | {"_continue": ["pressed"]}
    assert press(desk, goal, again).status_code == 302
    assert [draft(goal)[name] for name in ("title_en", "title_ar", "summary_en")] == ["Mine", "لي", "Their summary"]
    assert [each.data["fields"]["title_en"] for each in working_copies.revisions_of(goal)] == ["Mine", "Theirs", "Title"]


def test_one_may_keep_what_was_saved_meanwhile(desk, colleague, goal):
    mine = opened(desk, goal)
    send(colleague, address(goal), title_en="Theirs")
    response = press(desk, goal, mine, title_en="Mine", summary_en="My summary")
    again = fields_of(response, "goal_form") | {"_continue": ["pressed"], "_theirs": ["title_en"]}
    assert press(desk, goal, again).status_code == 302
    assert (draft(goal)["title_en"], draft(goal)["summary_en"]) == ("Theirs", "My summary")


def test_a_third_save_is_asked_about_too(desk, colleague, goal):
    mine = opened(desk, goal)
    send(colleague, address(goal), title_en="Theirs")
    response = press(desk, goal, mine, title_en="Mine")
    send(colleague, address(goal), title_en="Theirs again")
    again = fields_of(response, "goal_form") | {"_continue": ["pressed"]}
    response = press(desk, goal, again)
    assert response.status_code == 409
    [disputed] = response.context["collision"].disputed
    assert disputed.theirs.text == "Theirs again"


def test_links_and_parts_are_brought_together(desk, colleague):
    first, second = (make(Organisation) for _number in range(2))
    partnership = make(Partnership)
    partnership.parties.add(first)
    kept, removed = (Milestone.objects.create(partnership=partnership, text_en=text) for text in ("Kept", "Removed"))
    working_copies.record(partnership, "saved")
    mine = opened(desk, partnership)
    send(colleague, address(partnership), **{"parties": [first.pk, second.pk], "milestones-1-DELETE": "on"})
    press(desk, partnership, mine, **{"milestones-0-text_en": "Changed"})
    data = working_copies.working_copy(partnership)
    assert data["links"]["parties"] == [first.pk, second.pk]
    assert [(row["pk"], row["text_en"]) for row in data["parts"]["milestones"]] == [(kept.pk, "Changed")]
    assert removed.pk != kept.pk


def test_what_is_typed_into_an_item_that_was_deleted_meanwhile_is_kept(desk, colleague, goal):
    mine = opened(desk, goal)
    working_copies.delete(goal, make_user(first_name="Other"))
    response = press(desk, goal, mine, title_en="Mine")
    assert (response.status_code, response["Location"], draft(goal)["title_en"]) == (302, "/en/admin/pages/goal/", "Mine")
    assert said(response) == ["This was deleted meanwhile. What you typed is kept with it, and comes back when it is restored."]


@pytest.mark.parametrize("base", ["", "x", "0", "9" * 40, "-1"])
def test_a_form_that_names_no_revision_stands_on_the_newest(desk, goal, base):
    assert press(desk, goal, opened(desk, goal) | {"_base": [base]}, title_en="Mine").status_code == 302
    assert draft(goal)["title_en"] == "Mine"
