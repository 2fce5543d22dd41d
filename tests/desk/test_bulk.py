"""One act on many items: what the page says will happen is what happens, each item for itself, to those who may."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.desk import bulk
from conference_site.media.models import Image
from conference_site.publishing import aggregate, replacements, versions, working_copies
from conference_site.publishing.models import Revision
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make_user, reread, unsaved
from tests.desk.forms import fields_of
from tests.desk.test_lists import changelist
from tests.desk.test_saving import said

pytestmark = pytest.mark.django_db

ACTS = ("publish", "withdraw", "submit", "approve", "delete")
QUERIES = {"publish": 14, "withdraw": 13, "submit": 13, "approve": 13, "delete": 13}


def draft(model=Goal, **fields):
    """An item as the desk leaves it: public nowhere, with a working copy."""
    item = unsaved(model, [], **fields)
    item.save()
    working_copies.add(item, aggregate.snapshot(item))
    return reread(item)


def ask(client: Client, act: str, *items, **more):
    """The page that names what will happen."""
    data = {"action": act, "_selected_action": [item.pk for item in items], "index": 0} | more
    return client.post(changelist(type(items[0])), data)


def press(client: Client, page, **changes):
    """Its button."""
    fields = fields_of(page, "bulk") | changes
    return client.post(f"{page.context['back']}bulk/", fields)


def words_of(page) -> dict[str, list[str]]:
    """What the page says of each item."""
    return {
        candidate.called: [str(verdict.words) for _name, verdict in verdicts] for candidate, verdicts in page.context["named"]
    }


def states(item) -> list[str]:
    return [reread(item).state(code).value for code in ("ar", "en")]


def test_what_is_asked_names_each_text_and_is_what_happens(desk):
    new, half, same, changed = draft(title_en="New"), draft(title_en="Half", title_ar=""), draft(title_en="Same"), draft()
    for item in (same, changed):
        working_copies.publish(item, ["ar", "en"])
    data = working_copies.working_copy(changed)
    working_copies.save(changed, data | {"fields": data["fields"] | {"title_en": "Changed"}})
    page = ask(desk, "publish", new, half, same, changed)
    now, none, nothing = (
        "Becomes public now.",
        "There is no title in this language yet.",
        "Nothing has changed since it was published.",
    )
    assert words_of(page) == {
        "New": [now, now],
        "Half": [none, now],
        "Same": [nothing, nothing],
        "Changed": [nothing, "Its changes become public now."],
    }
    assert [state for item in (new, half) for state in states(item)] == ["unpublished"] * 4
    revisions = Revision.objects.count()
    done = said(press(desk, page))
    assert [states(item) for item in (new, half, changed)] == [["public"] * 2, ["unpublished", "public"], ["public"] * 2]
    assert (reread(changed).title_en, Revision.objects.count() - revisions) == ("Changed", 3)
    assert done[0] == "3 items were published."
    assert (done[1].startswith("Nothing had to be done:"), done[2].startswith("Not done:")) == (True, True)
    assert f"<li>\u2068Same\u2069 (Arabic): {nothing}</li>" in done[1]
    assert f"<li>\u2068Half\u2069 (Arabic): {none}</li>" in done[2]


def test_where_nothing_had_to_be_done_nothing_is_called_a_fault(desk):
    same = draft()
    working_copies.publish(same, ["ar", "en"])
    response = press(desk, ask(desk, "publish", same, draft(title_en="")), language=["en"])
    levels = [message.level_tag for message in get_messages(response.wsgi_request)]
    assert levels == ["info", "warning"]


def test_only_the_languages_that_are_marked(desk):
    goal = draft()
    page = ask(desk, "publish", goal)
    assert press(desk, page, language=[]).status_code == 302
    assert states(goal) == ["unpublished", "unpublished"]
    press(desk, page, language=["en"])
    assert states(goal) == ["unpublished", "public"]


def test_a_second_press_does_nothing(desk):
    goals = [draft(), draft()]
    for act in ("publish", "withdraw", "delete"):
        page = ask(desk, act, *goals)
        press(desk, page)
        revisions = Revision.objects.count()
        press(desk, page)
        assert Revision.objects.count() == revisions, act


def test_what_has_changed_since_is_left_alone_and_the_rest_is_done(desk):
    seen, unseen, gone = draft(), draft(title_en="Unseen"), draft()
    page = ask(desk, "publish", seen, unseen, gone)
    data = working_copies.working_copy(unseen)
    working_copies.save(unseen, data | {"fields": data["fields"] | {"title_en": "Nobody has seen this"}})
    working_copies.delete(gone)
    told = said(press(desk, page))
    assert [states(item) for item in (seen, unseen, gone)] == [["public"] * 2, ["unpublished"] * 2, ["unpublished"] * 2]
    assert told[0] == "1 item was published."
    assert "Nobody has seen this\u2069: It has changed since you were asked." in told[1]
    assert f"goal {gone.pk}\u2069: It is not in this list any more." in told[1]


def test_a_refusal_or_a_crash_leaves_each_item_old_or_new(desk, monkeypatch):
    first, second, third = draft(), draft(), draft()
    page = ask(desk, "publish", first, second, third)
    record, goal = working_copies.record, Goal

    def fail_at_the_second(item, *args, **kwargs):
        if item.pk == second.pk:
            raise RuntimeError
        return record(item, *args, **kwargs)

    monkeypatch.setattr(working_copies, "record", fail_at_the_second)
    items = {item.pk: states for item in (first, second, third)}
    with pytest.raises(RuntimeError):
        press(desk, page)
    assert len(items) == goal.objects.count()
    assert sorted(map(states, (first, second, third))) == [["public"] * 2, ["unpublished"] * 2, ["unpublished"] * 2]
    assert states(second) == ["unpublished", "unpublished"]


def test_a_picture_without_words_and_a_plan_are_told_before(desk):
    image = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_ar="قاعة")
    barred, planned = draft(NewsItem, image=image, title_en="Barred"), draft(NewsItem, title_en="Planned")
    working_copies.publish(planned, ["en"])
    replacements.plan(planned, ["en"], timezone.now() + timedelta(days=2))
    page = ask(desk, "publish", barred)
    [[arabic, english]] = words_of(page).values()
    assert (arabic, english.startswith("A picture has no alternative text in this language (English)")) == (
        "Becomes public now.",
        True,
    )
    [(candidate, _verdicts)] = ask(desk, "withdraw", planned).context["named"]
    assert candidate.notes[0].startswith("The replacement planned for ")
    press(desk, page)
    assert states(barred) == ["public", "unpublished"]


def test_what_was_withdrawn_is_published_again_and_stays(desk):
    goal = draft()
    working_copies.publish(goal, ["en"])
    working_copies.withdraw(reread(goal), ["en"])
    page = ask(desk, "publish", reread(goal))
    assert list(words_of(page).values()) == [["Becomes public now.", "Becomes public again."]]
    press(desk, page)
    assert (states(goal), reread(goal).expires_at_en) == (["public", "public"], None)


def test_reviews_go_their_way_in_many_items(client, settings):
    settings.REVIEWS = True
    editor, organiser = Client(), Client()
    editor.force_login(make_user("editor"))
    organiser.force_login(make_user("organiser"))
    items = [draft(NewsItem), draft(NewsItem)]
    assert {words for each in words_of(ask(editor, "publish", *items)).values() for words in each} == {
        "It has to be approved first."
    }
    press(editor, ask(editor, "submit", *items), language=["ar"])
    assert said(press(organiser, ask(organiser, "approve", *items)))[0] == "2 items were approved."
    assert [versions.stages(item, ["ar", "en"]) for item in items] == [{"ar": "approved", "en": "writing"}] * 2
    press(editor, ask(editor, "publish", *items))
    assert [states(item) for item in items] == [["public", "unpublished"]] * 2


@pytest.mark.parametrize("act", ACTS)
def test_who_lacks_the_right_is_refused(client, act):
    goal = draft()
    permission = {"submit": "change", "withdraw": "publish"}.get(act, act)
    user = make_user()
    names = [f"{verb}_goal" for verb in ("view", "change", "delete", "publish", "approve") if verb != permission]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    assert ask(client, act, goal).status_code == 403
    answer = client.post(f"{changelist(Goal)}bulk/", {"act": act, "items": f"{goal.pk}:0", "language": ["ar", "en"]})
    assert (answer.status_code, working_copies.revisions_of(goal).count()) == (403, 1)


def test_what_no_page_of_this_site_has_asked(desk):
    goal = draft()
    for items, status in (("x", 400), ("1:2:3", 400), ("99999999999999999999:1", 302), (f"{goal.pk}:0", 302), ("", 302)):
        assert desk.post(f"{changelist(Goal)}bulk/", {"act": "delete", "items": items}).status_code == status, items
    assert reread(goal).deleted_at is None
    assert desk.post(f"{changelist(Goal)}bulk/", {"act": "explode", "items": "1:1"}).status_code == 403
    assert desk.post(f"{changelist(Goal)}bulk/", {"act": "delete", "back": "https://example.org/"})["Location"] == changelist(
        Goal
    )
    assert desk.get(f"{changelist(Goal)}bulk/")["Location"] == changelist(Goal)


def test_the_question_costs_as_many_queries_for_10_items_as_for_2(desk):
    image, counted = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_ar="قاعة"), []
    for number in (2, 8):
        items = [draft(NewsItem, image=image) for _ in range(number)]
        counted.append({})
        for act in ACTS:
            with CaptureQueriesContext(connection) as queries:
                assert ask(desk, act, *items, select_across=1).status_code == 200
            counted[-1][act] = len(queries)
    assert counted == [QUERIES] * 2
    assert max(QUERIES.values()) <= 30


def test_a_whole_list_is_chosen_named_in_part_and_bounded(desk, monkeypatch):
    goals = [draft(title_en=f"Goal {number}") for number in range(4)]
    monkeypatch.setattr(bulk, "NAMED", 3)
    page = ask(desk, "publish", goals[0], select_across=1)
    assert ([*words_of(page)], page.context["number_left_out"]) == (["Goal 0", "Goal 1", "Goal 2"], 1)
    assert [numbers for _code, _name, *numbers in page.context["languages"]] == [[4, 0], [4, 0]]
    monkeypatch.setattr(bulk, "MOST", 3)
    assert said(ask(desk, "publish", goals[0], select_across=1))[0].startswith("At most 3 items at once")
    monkeypatch.setattr(bulk, "MOST", 4)
    press(desk, page)
    assert [states(goal) for goal in goals] == [["public", "public"]] * 4


def test_pictures_are_withdrawn_together(desk, monkeypatch):
    monkeypatch.setattr("conference_site.media.models._hide", lambda name: None)
    pictures = [Image.objects.create(file=f"images/{name}.webp", width=3, height=2, alternative_text_ar=name) for name in "xy"]
    told = said(press(desk, ask(desk, "withdraw", *pictures)))
    assert (told, [image.is_shown for image in Image.objects.all()]) == (["2 pictures were withdrawn."], [False, False])
