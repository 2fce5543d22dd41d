"""The history of an item on the desk: who changed what and when, any two versions compared, any brought back."""

import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import FormerSlug, Revision, State
from news.models import NewsItem, Topic
from pages.models import Goal
from partners.models import Milestone, Organisation, Partnership
from tests.builders import make, make_user, reread
from tests.desk.forms import in_form, send
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(db) -> Goal:
    """Its English title was “First”, “Second” and “Third”; the public sees the second."""
    goal = make(Goal, public=[], title_ar="هدف", title_en="First")
    working_copies.record(goal, Revision.Action.SAVED, make_user("organiser"))
    save(goal, title_en="Second", body_ar="<p>نص قديم</p>")
    working_copies.publish(goal, ["en"])
    save(goal, title_en="Third", body_ar="<p>نص جديد</p>")
    return reread(goal)


def save(item, author=None, **fields) -> Revision:
    with working_copies.applied(item) as copy:
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save()
        data = aggregate.snapshot(copy)
    return working_copies.save(item, data, author)


def versions(item) -> list[Revision]:
    """Oldest first."""
    return list(working_copies.revisions_of(item))[::-1]


def page_of(item, version: Revision, language: str = "en") -> str:
    return f"{address(item, 'history', language)}{version.pk}/"


def comparing(item, old: object, new: object, language: str = "en") -> str:
    return f"{address(item, 'history', language)}compare/?from={old}&to={new}"


def text(response: HttpResponse) -> str:
    """What is read of the page, in one line."""
    content = response.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", content[content.index('id="content-main"') :])).split())


def marked(response: HttpResponse) -> list[tuple[str, str]]:
    """What stands in ``<del>`` and ``<ins>`` beneath the legend."""
    found = re.findall(r"<(del|ins)\b[^>]*>(.*?)</\1>", response.content.decode().partition("</p>\n")[2])
    return [(tag, " ".join(re.sub(r"<[^>]+>", "", inner).split())) for tag, inner in found if "visually-hidden" in inner]


# The list


def test_the_list_says_who_did_what_and_what_changed(desk, goal):
    response = desk.get(address(goal, "history"))
    shown = response.context["versions"]
    assert [version.act for version in shown] == ["Saved", "Published: English", "Saved", "Saved"]
    assert [version.changes for version in shown] == [
        ["Title (English)", "Text (Arabic)"],
        ["Public from (English)"],
        ["Title (English)", "Text (Arabic)"],
        [],
    ]
    assert [version.public_in for version in shown] == ["", "English", "", ""]
    assert versions(goal)[0].author.get_username() in text(response)
    assert f'<time datetime="{timezone.localtime(shown[0].created_at).isoformat()[:19]}' in response.content.decode()


def test_a_publication_of_what_was_saved_before_says_so(desk):
    goal = make(Goal)
    working_copies.record(goal, "saved")
    working_copies.publish(goal, ["ar"])
    page = desk.get(address(goal, "history")).content.decode()
    assert ("What was saved before was published." in page, "The content was not changed." in page) == (True, False)


def test_the_list_in_arabic(desk, goal):
    assert desk.get(address(goal, "history", "ar")).status_code == 200


@pytest.mark.parametrize("number", [5, 200])
def test_queries_do_not_grow_with_the_versions(desk, goal, number):
    first = versions(goal)[0]
    for place in range(number):
        data = first.data | {"fields": first.data["fields"] | {"title_en": f"Title {place}"}}
        Revision.objects.create(
            content_type=first.content_type, object_id=goal.pk, action="saved", data=data, author=first.author
        )
    made = versions(goal)
    pages = (
        address(goal, "history"),
        comparing(goal, made[0].pk, made[-1].pk),
        page_of(goal, made[0]),
    )
    counted = []
    for page in pages:
        with CaptureQueriesContext(connection) as context:
            assert desk.get(page).status_code == 200
        counted.append(len(context))
        read = [query["sql"] for query in context if '"publishing_revision"."data"' in query["sql"]]
        assert all("LIMIT" in sql or "IN (" in sql for sql in read)
    assert counted == [8, 6, 10]


def test_many_versions_stand_on_several_pages_and_what_is_marked_stays_marked(desk, goal):
    for place in range(30):
        save(goal, title_en=f"Title {place}")
    made = versions(goal)
    newest = desk.get(address(goal, "history"))
    oldest = desk.get(address(goal, "history"), {"p": 2, "from": made[0].pk, "to": made[-1].pk})
    assert [len(page.context["versions"]) for page in (newest, oldest)] == [25, len(made) - 25]
    assert newest.context["versions"][-1].changes == ["Title (English)"]
    assert in_form(newest, "versions", "from") + in_form(newest, "versions", "to") == [str(made[-2].pk), str(made[-1].pk)]
    assert in_form(oldest, "versions", "from") + in_form(oldest, "versions", "to") == [str(made[0].pk), str(made[-1].pk)]


def test_an_item_without_any_version_says_so(desk):
    assert "No version has been kept yet" in text(desk.get(address(make(Goal), "history")))


# Comparing


def test_any_two_versions_are_compared_word_by_word(desk, goal):
    made = versions(goal)
    response = desk.get(comparing(goal, made[-1].pk, made[1].pk))  # the earlier one is the old one, in whichever order they come
    assert marked(response) == [
        ("del", "removed: Second"),
        ("ins", "added: Third"),
        ("del", "removed: قديم"),
        ("ins", "added: جديد"),
        ("ins", f"added: {moment(made[2])}"),
    ]
    content = response.content.decode()
    assert '<div class="text" lang="ar" dir="rtl">' in content
    assert "&lt;p&gt;" not in content


def moment(version: Revision) -> str:
    found = parse_datetime(version.data["fields"]["publish_at_en"])
    return " ".join(date_format(timezone.localtime(found), "DATETIME_FORMAT").split())


def test_what_is_written_is_never_markup(desk, goal):
    save(goal, title_en="<script>alert(1)</script>")
    made = versions(goal)
    for page in (comparing(goal, made[0].pk, made[-1].pk), page_of(goal, made[-1]), address(goal, "history")):
        assert "<script>alert" not in desk.get(page).content.decode()


def test_nothing_differs_between_a_version_and_itself(desk, goal):
    version = versions(goal)[0]
    assert "Nothing differs." in text(desk.get(comparing(goal, version.pk, version.pk)))


def test_parts_and_links_are_compared_by_name(desk):
    partnership, organisation = make(Partnership), make(Organisation, name_en="ALECSO")
    working_copies.record(partnership, Revision.Action.SAVED)
    partnership.parties.add(organisation)
    Milestone.objects.create(partnership=partnership, text_en="Signed", date="2024-08")
    working_copies.record(partnership, Revision.Action.SAVED)
    old, new = versions(partnership)
    said_there = marked(desk.get(comparing(partnership, old.pk, new.pk)))
    assert said_there == [("ins", "added: ALECSO"), ("ins", "added: Signed"), ("ins", "added: August 2024")]


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("0", "0"), ("x", "1"), ("9" * 40, "1"), ("-1", "٣"), ("1.0", "²"), ("1' OR 1=1", "1")]
)
def test_hostile_addresses_are_answered_in_words(desk, goal, old, new):
    assert desk.get(comparing(goal, old, new)).status_code == 404
    assert desk.get(address(goal, "history"), {"p": old, "from": old, "to": new}).status_code == 200


def test_another_items_version_is_not_this_items(desk, goal):
    other = make(Goal)
    foreign = working_copies.record(other, Revision.Action.SAVED)
    mine = versions(goal)[0]
    pages = (comparing(goal, foreign.pk, mine.pk), page_of(goal, foreign), f"{address(goal, 'history')}{'9' * 30}/")
    assert [desk.get(page).status_code for page in pages] == [404, 404, 404]
    assert desk.post(page_of(goal, foreign)).status_code == 404


def test_an_item_that_is_not_there_is_said_not_to_be_there(desk, goal):
    version = versions(goal)[0]
    working_copies.delete(goal)
    for page in (address(goal, "history"), comparing(goal, version.pk, version.pk), page_of(goal, version)):
        assert desk.get(page)["Location"] == "/en/admin/"


# Bringing back


def test_looking_at_a_version_writes_nothing(desk, goal):
    before = (Revision.objects.count(), aggregate.snapshot(reread(goal)))
    response = desk.get(page_of(goal, versions(goal)[0]))
    assert marked(response)[:2] == [("del", "removed: Third"), ("ins", "added: First")]
    assert (Revision.objects.count(), aggregate.snapshot(reread(goal))) == before


def test_an_earlier_version_becomes_the_working_copy_and_the_public_sees_no_change(desk, goal):
    public = aggregate.snapshot(goal)
    response = send(desk, page_of(goal, versions(goal)[0]), form_id="bring-back", button=None)
    assert response["Location"] == address(goal)
    assert said(response) == ["The earlier version is the working copy again. Nothing was published by it."]
    newest = versions(goal)[-1]
    assert (newest.action, newest.author) == ("reverted", response.wsgi_request.user)
    assert in_form(desk.get(address(goal)), "goal_form", "title_en") == ["First"]
    assert aggregate.snapshot(reread(goal)) == public


def test_bringing_back_neither_publishes_nor_changes_a_schedule(goal):
    tomorrow = working_copies._now() + timezone.timedelta(days=1)
    working_copies.publish(goal, ["ar"], dates={"publish_at_ar": tomorrow})
    scheduled = reread(goal)
    working_copies.revert(goal, versions(goal)[0])
    fields = working_copies.working_copy(goal)["fields"]
    assert [fields["title_en"], reread(goal).state("ar"), reread(goal).state("en")] == ["First", State.SCHEDULED, State.PUBLIC]
    working_copies.publish(goal, ["ar", "en"])
    assert (reread(goal).publish_at_ar, reread(goal).publish_at_en) == (scheduled.publish_at_ar, scheduled.publish_at_en)


def test_a_withdrawn_text_stays_withdrawn(goal):
    working_copies.withdraw(goal, ["en"])
    working_copies.revert(goal, versions(goal)[2])  # of when it was public
    assert reread(goal).state("en") == State.EXPIRED
    assert working_copies.working_copy(goal)["fields"]["expires_at_en"] is not None


def test_what_was_never_public_follows():
    goal = make(Goal, public=[], title_en="First")
    earlier = working_copies.record(goal, Revision.Action.SAVED)
    save(goal, title_en="Second")
    working_copies.revert(goal, earlier)
    assert reread(goal).title_en == "First"


def test_a_language_that_had_no_title_yet_stays_as_it_is_once_it_has_a_date():
    goal = make(Goal, public=["en"], title_ar="", title_en="First")
    earlier = working_copies.record(goal, Revision.Action.SAVED)
    save(goal, title_ar="هدف", body_ar="<p>نص</p>", title_en="Second")
    working_copies.publish(goal, ["ar", "en"])
    working_copies.revert(goal, earlier)
    fields = working_copies.working_copy(goal)["fields"]
    assert (fields["title_ar"], fields["body_ar"], fields["title_en"]) == ("هدف", "<p>نص</p>", "First")


def test_what_is_no_longer_there_is_left_out_and_parts_come_back():
    item, partnership = make(NewsItem), make(Partnership)
    stays, goes = Topic.objects.create(slug="a", name_en="A"), Topic.objects.create(slug="b", name_en="B")
    item.topics.set([stays, goes])
    kept, gone = (item.goal_links.create(goal=make(Goal), note_en="Note") for _ in range(2))
    earlier = working_copies.record(item, Revision.Action.SAVED)
    item.topics.clear()
    item.partnerships.add(partnership)
    key, _kept = kept.pk, kept.delete()
    working_copies.record(item, Revision.Action.SAVED)
    goes.delete()
    gone.goal.delete()
    data = working_copies.revert(item, earlier).data
    assert (data["links"]["topics"], data["links"]["partnerships"]) == ([stays.pk], [])
    assert [(row["pk"], row["note_en"]) for row in data["parts"]["goal_links"]] == [(key, "Note")]


@pytest.mark.parametrize("is_former", [True, False])
def test_an_address_that_is_anothers_by_now_is_left_out(is_former):
    goal, other = make(Goal, slug="mine", title_en="First"), make(Goal)
    earlier = working_copies.record(goal, Revision.Action.SAVED)
    Goal.objects.filter(pk=goal.pk).update(slug="new", title_en="Second")
    working_copies.record(goal, Revision.Action.SAVED)
    if is_former:
        FormerSlug.objects.create(content_type=earlier.content_type, slug="mine", object_id=other.pk)
    else:
        Goal.objects.filter(pk=other.pk).update(slug="mine")
    fields = working_copies.revert(goal, earlier).data["fields"]
    assert (fields["slug"], fields["title_en"]) == ("new", "First")


def test_an_old_version_that_knows_other_columns_is_shown_and_brought_back(desk, goal):
    earlier = versions(goal)[0]
    earlier.data = {
        "fields": {"title_ar": "قديم", "title_en": "Old", "colour": "red"},
        "links": {"cats": [1]},
        "parts": {"x": []},
    }
    earlier.save()
    assert desk.get(address(goal, "history")).status_code == 200
    assert desk.get(page_of(goal, earlier)).status_code == 200
    assert desk.post(page_of(goal, earlier)).status_code == 302
    fields = working_copies.working_copy(goal)["fields"]
    assert (fields["title_en"], fields["body_ar"], "colour" in fields) == ("Old", "<p>نص جديد</p>", False)


def test_what_todays_rules_refuse_is_refused_in_words(desk, goal):
    earlier = versions(goal)[0]
    earlier.data["fields"] |= {"title_en": "x" * 300}
    earlier.save()
    assert desk.get(page_of(goal, earlier)).status_code == 200
    response = desk.post(page_of(goal, earlier))
    assert (response["Location"], said(response)[0][:44]) == (
        page_of(goal, earlier),
        "This version can’t be brought back as it is.",
    )
    assert len(versions(goal)) == 4


def test_bringing_back_what_is_there_already_leaves_no_version(desk, goal):
    response = desk.post(page_of(goal, versions(goal)[-1]))
    assert said(response) == ["The working copy is like this version already. Nothing was changed."]
    assert len(versions(goal)) == 4


def test_who_may_only_look_sees_the_history_and_brings_nothing_back(client, goal):
    client.force_login(make_user("editor"))
    made = versions(goal)
    pages = (address(goal, "history"), comparing(goal, made[0].pk, made[1].pk), page_of(goal, made[0]))
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert "bring-back" not in client.get(page_of(goal, made[0])).content.decode()
    assert (client.post(page_of(goal, made[0])).status_code, len(versions(goal))) == (403, 4)


def test_who_may_not_look_sees_nothing(client, goal):
    made = versions(goal)
    pages = (address(goal, "history"), comparing(goal, made[0].pk, made[1].pk), page_of(goal, made[0]))
    client.force_login(make_user())
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert [Client().get(page).status_code for page in pages] == [302, 302, 302]
    assert client.post(page_of(goal, made[0])).status_code == 403


def test_bringing_back_needs_the_sites_own_form(administrator, goal):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(page_of(goal, versions(goal)[0])).status_code == 403
