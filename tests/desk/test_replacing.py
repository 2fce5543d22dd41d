"""The page of publication, for text that is public and is to be replaced later."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.formats import date_format

from conference_site.publishing import replacements, versions, working_copies
from pages.models import Goal
from tests.builders import make, make_user, reread
from tests.desk.forms import fields_of, send
from tests.desk.test_publishing import publish
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal():
    return make(Goal, title_ar="قديم", title_en="Old")


def later() -> dict[str, str]:
    moment = timezone.localtime() + timedelta(days=3)
    return {"replace_at_0": f"{moment:%Y-%m-%d}", "replace_at_1": "09:30"}


def rework_and_plan(desk, goal):
    send(desk, address(goal), title_ar="جديد")
    return publish(desk, goal, **later())


def test_a_moment_plans_the_replacement_and_says_so(desk, goal):
    response = rework_and_plan(desk, goal)
    plan = replacements.plan_of(goal)
    when = date_format(timezone.localtime(plan.moment), "DATETIME_FORMAT")
    assert said(response)[-1] == f"To be replaced on {when}: Arabic."
    assert (reread(goal).title_ar, plan.languages) == ("قديم", ["ar"])
    assert f"{timezone.localtime(plan.moment):%H:%M}" == "09:30"
    for page in (address(goal), address(goal, "publish")):
        assert "What is public will be replaced on" in desk.get(page).text
    assert "Replaced on" in desk.get("/en/admin/").text
    assert "Replaced on" in desk.get("/en/admin/work/?need=planned").text


def test_the_moment_stays_in_the_form_so_that_nothing_is_replaced_earlier_by_accident(desk, goal):
    rework_and_plan(desk, goal)
    assert fields_of(desk.get(address(goal, "publish")), "publish")["replace_at_1"] == ["09:30:00"]


def test_later_changes_are_said_not_to_be_part_of_it(desk, goal):
    rework_and_plan(desk, goal)
    words = "these changes are not part of it"
    assert words not in desk.get(address(goal)).text
    send(desk, address(goal), title_ar="أجدد")
    assert [words in desk.get(page).text for page in (address(goal), address(goal, "publish"))] == [True, True]


def test_it_can_be_given_up(desk, goal):
    rework_and_plan(desk, goal)
    response = desk.post(address(goal, "publish"), {"_give_up": "1"})
    assert (response["Location"], said(response)[-1]) == (address(goal, "publish"), "What is public will not be replaced.")
    response = desk.post(address(goal, "publish"), {"_give_up": "1"})
    assert (replacements.plan_of(goal), said(response)[-1]) == (None, "No replacement is planned any more.")


def test_what_is_not_public_has_no_such_field(desk):
    draft = make(Goal, public=[])
    assert "replace_at_0" not in fields_of(desk.get(address(draft, "publish")), "publish")


def test_a_refusal_keeps_what_was_typed(desk, goal):
    send(desk, address(goal), title_ar="جديد")
    response = publish(desk, goal, replace_at_0="2020-01-01", replace_at_1="09:30")
    assert "The moment of the replacement is already past." in response.text
    assert fields_of(response, "publish")["replace_at_0"] == ["2020-01-01"]
    assert replacements.plan_of(goal) is None


def test_what_has_ended_meanwhile_is_not_published_instead(desk, goal):
    """The form was opened while the text was public."""
    fields = fields_of(desk.get(address(goal, "publish")), "publish")
    working_copies.withdraw(goal, ["ar", "en"])
    response = desk.post(address(goal, "publish"), fields | {"publish_ar": "on"} | later())
    assert "There is nothing to replace, for this text is not public: Arabic." in response.text
    assert (reread(goal).is_public("ar"), fields_of(response, "publish")["replace_at_1"]) == (False, ["09:30"])


def test_with_reviews_only_what_was_approved_is_planned(client, goal, settings):
    settings.REVIEWS = True
    user = make_user("editor")
    user.user_permissions.set(Permission.objects.filter(codename__in=["publish_goal", "change_goal", "view_goal"]))
    client.force_login(user)
    send(client, address(goal), title_ar="جديد")
    assert "has to be approved" in publish(client, goal, **later()).text
    working_copies.submit(goal, ["ar"], user)
    working_copies.approve(goal, ["ar"], make_user("administrator"))
    assert publish(client, goal, **later()).status_code == 302
    assert versions.of(goal).get(language="ar").stage == ""
