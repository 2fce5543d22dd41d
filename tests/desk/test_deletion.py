"""Deleting takes an item from the site and the lists; who may delete brings it back, administrators purge it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from conference_site.proofreading.models import Dismissal
from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision
from news.models import NewsGoalLink, NewsItem
from pages.models import Conference, Goal
from partners.models import Milestone, Organisation, Partnership, PartnershipGoalLink
from tests.builders import make, make_user, reread
from tests.desk.forms import fields_of, send
from tests.desk.test_lists import changelist
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db

GOALS = "/en/admin/pages/goal/"


def listed(client: Client, query: str = "") -> list[Goal]:
    return list(client.get(GOALS + query).context["cl"].result_list)


def act(client: Client, action: str, *goals: Goal, query: str = "", **more):
    data = {"action": action, "_selected_action": [goal.pk for goal in goals]} | more
    return client.post(GOALS + query, data)


@pytest.fixture
def organiser(db) -> Client:
    client = Client()
    client.force_login(make_user("organiser"))
    return client


def test_what_is_deleted_leaves_the_site_and_the_list(organiser, client):
    goal, other = make(Goal, slug="gone"), make(Goal)
    page = organiser.get(address(goal, "delete"))
    assert b"it can be brought back from the list of what is deleted" in page.content
    organiser.post(address(goal, "delete"), {"post": "yes"})
    assert (listed(organiser), reread(goal).deleted_at is None) == ([other], False)
    assert client.get("/en/goals/gone/").status_code == 404
    response = organiser.get(address(goal))
    assert (response.status_code, said(response)[-1]) == (
        302,
        f'“{goal}” was deleted. <a href="{GOALS}?deleted=1">The list of what is deleted</a>',
    )


def test_several_are_deleted_at_once_after_a_question(organiser):
    goals = [make(Goal), make(Goal)]
    page = act(organiser, "delete", *goals)
    assert (page.status_code, len(listed(organiser))) == (200, 2)
    organiser.post(f"{GOALS}bulk/", fields_of(page, "bulk"))
    assert (listed(organiser), Goal.objects.count()) == ([], 2)


def test_an_administrator_restores(desk, client):
    goal = make(Goal, slug="back")
    working_copies.delete(goal)
    assert (listed(desk), listed(desk, "?deleted=1")) == ([], [goal])
    response = act(desk, "restore", goal, query="?deleted=1")
    assert said(response) == [f"Restored: “{goal}”."]
    assert (listed(desk), client.get("/en/goals/back/").status_code) == ([goal], 200)


def test_an_administrator_purges_after_a_question(desk):
    goal = make(Goal)
    working_copies.save(goal, working_copies.working_copy(goal))
    working_copies.delete(goal)
    Dismissal.objects.create(content_type=ContentType.objects.get_for_model(goal), object_id=goal.pk, digest="0")
    page = act(desk, "purge", goal, query="?deleted=1")
    assert (b"Nobody can bring them back" in page.content, Goal.objects.count()) == (True, 1)
    act(desk, "purge", goal, query="?deleted=1", post="yes")
    assert [model.objects.count() for model in (Goal, Revision, Dismissal)] == [0, 0, 0]


def test_only_what_is_deleted_can_be_purged(desk):
    goal = make(Goal)
    act(desk, "purge", goal, post="yes")
    act(desk, "purge", goal, query="?deleted=1", post="yes")
    assert list(Goal.objects.visible()) == [goal]


def test_who_may_delete_restores_and_does_not_purge(organiser, client):
    goal = make(Goal, slug="back")
    working_copies.delete(goal)
    assert listed(organiser, "?deleted=1") == [goal]
    act(organiser, "purge", goal, query="?deleted=1", post="yes")
    assert Goal.objects.count() == 1
    response = act(organiser, "restore", goal, query="?deleted=1")
    assert (said(response)[-1], client.get("/en/goals/back/").status_code) == (f"Restored: “{goal}”.", 200)


def test_others_neither_see_nor_restore_nor_purge(client):
    client.force_login(make_user("editor"))
    goal = make(Goal)
    working_copies.delete(goal)
    assert (listed(client), client.get(f"{GOALS}?deleted=1").status_code) == ([], 403)
    for action in ("restore", "purge"):
        act(client, action, goal, query="?deleted=1", post="yes")
    assert (Goal.objects.count(), list(Goal.objects.visible())) == (1, [])


def test_what_is_deleted_comes_back_with_its_links_and_those_to_it(desk):
    """Also where what links to it was edited and published meanwhile."""
    organisation, goal = make(Organisation), make(Goal)
    partnership, news = make(Partnership), make(NewsItem)
    partnership.parties.add(organisation)
    milestone = Milestone.objects.create(partnership=partnership, text_en="Signed")
    link = PartnershipGoalLink.objects.create(partnership=partnership, goal=goal)
    news.partnerships.add(partnership)
    news_link = NewsGoalLink.objects.create(item=news, goal=goal)
    for item in (partnership, goal):
        working_copies.delete(item)
    assert send(desk, address(news), title_en="Edited meanwhile").status_code == 302
    working_copies.publish(reread(news), ["en"])
    for item in (partnership, goal):
        desk.post(changelist(type(item)) + "?deleted=1", {"action": "restore", "_selected_action": [item.pk]})
    assert (list(partnership.parties.all()), list(partnership.milestones.all())) == ([organisation], [milestone])
    assert (list(news.partnerships.visible()), reread(news).title_en) == ([partnership], "Edited meanwhile")
    assert (list(partnership.goal_links.to_visible("goal")), list(news.goal_links.to_visible("goal"))) == ([link], [news_link])


def test_the_conference_is_never_deleted(desk):
    assert desk.get(address(make(Conference), "delete")).status_code == 403
