"""What was typed comes back without being saved, and who else is there is said."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conference_site.publishing import working_copies
from conference_site.publishing.models import Presence
from pages.models import Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user
from tests.desk.forms import fields_of, in_form, send
from tests.desk.test_collisions import opened, press
from tests.desk.test_saving import address, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(db):
    goal = make(Goal, title_en="Title", summary_en="Summary")
    working_copies.record(goal, "saved")
    return goal


def test_what_the_browser_kept_comes_back_and_is_not_saved(desk, goal):
    kept = opened(desk, goal) | {"_restore": ["1"]}
    before = working_copies.revisions_of(goal).count()
    response = press(desk, goal, kept, title_en="Typed", slug="not a slug!")
    assert response.status_code == 200
    assert [in_form(response, "goal_form", name) for name in ("title_en", "slug")] == [["Typed"], ["not a slug!"]]
    assert "What you had typed is back in the form" in response.content.decode()
    assert (working_copies.revisions_of(goal).count(), draft(goal)["title_en"]) == (before, "Title")


def test_what_was_saved_by_another_meanwhile_is_still_merged(desk, goal):
    kept = opened(desk, goal) | {"_restore": ["1"]}
    send(desk, address(goal), summary_en="Changed since")
    again = fields_of(press(desk, goal, kept, title_en="Typed"), "goal_form") | {"_continue": ["pressed"]}
    assert press(desk, goal, again).status_code == 302
    assert (draft(goal)["title_en"], draft(goal)["summary_en"]) == ("Typed", "Changed since")


def test_parts_come_back_too_and_so_does_a_form_for_something_new(desk):
    partnership = make(Partnership)
    Milestone.objects.create(partnership=partnership, text_ar="محطة")
    working_copies.record(partnership, "saved")
    kept = opened(desk, partnership) | {"_restore": ["1"]}
    response = press(desk, partnership, kept, **{"milestones-0-text_en": "Typed"})
    assert in_form(response, "partnership_form", "milestones-0-text_en") == ["Typed"]
    new = fields_of(desk.get("/en/admin/pages/goal/add/"), "goal_form") | {"_restore": ["1"], "title_en": ["New"]}
    response = desk.post("/en/admin/pages/goal/add/", new)
    assert (in_form(response, "goal_form", "title_en"), Goal.objects.count()) == (["New"], 0)


def present(client: Client, item):
    return client.post(address(item, "present"))


def test_who_else_has_the_form_open_is_said(desk, goal):
    colleague = Client()
    colleague.force_login(make_user("organiser", first_name="Huda", last_name="Saleh"))
    assert present(desk, goal).json() == {"others": ""}
    present(colleague, goal)
    assert present(desk, goal).json() == {"others": "Huda Saleh has this open too."}
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert present(desk, goal).json() == {"others": ""}
    assert Presence.objects.count() == 1


def test_a_sign_of_presence_is_taken_only_from_who_may_change_the_item(goal):
    client = Client()
    assert present(client, goal).status_code == 302
    client.force_login(make_user("editor"))
    assert (present(client, goal).status_code, client.get(address(goal, "present")).status_code) == (403, 405)
    client.force_login(make_user("organiser"))
    assert client.post("/en/admin/pages/goal/999999/present/").status_code == 404
    assert Presence.objects.count() == 0
