"""The start page and the board: what is to be done, for whom, in few queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.desk import work
from conference_site.publishing import versions, working_copies
from conference_site.publishing.models import Stage
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

BOARD = "/en/admin/work/"


def recorded(model=NewsItem, author=None, **fields):
    item = make(model, **fields)
    working_copies.record(item, "saved", author)
    return item


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, **asked) -> list[str]:
    """The titles on the board."""
    return [row.first.title for row in client.get(BOARD, asked).context["page"].object_list]


def on_start_page(user) -> dict[str, list[tuple[str, str]]]:
    """Heading → title and language of each row."""
    lists = signed_in(user).get("/en/admin/").context["lists"]
    return {str(each.heading): [(row.title, row.language) for row in each.rows] for each in lists}


def test_the_start_page_says_what_is_next_for_whom():
    editor, other, organiser = make_user("editor"), make_user("editor"), make_user("organiser")
    draft = recorded(author=editor, public=[], title_en="Draft", title_ar="")
    recorded(public=["ar"], title_ar="عام", title_en="Public in Arabic")
    late = recorded(public=["ar", "en"], title_en="Late", title_ar="متأخر")
    working_copies.withdraw(late, ["en"])
    planned = recorded(public=[], title_en="Planned", title_ar="")
    working_copies.publish(planned, ["en"], None, {"publish_at_en": timezone.now() + timedelta(days=1)})
    asked = recorded(author=other, public=[], title_en="Asked", title_ar="")
    working_copies.submit(asked, ["en"], other)
    back = recorded(author=other, public=[], title_en="Back", title_ar="")
    working_copies.submit(back, ["en"], other)
    working_copies.send_back(back, ["en"], organiser, "A reason")
    versions.of(draft).filter(language="ar").update(due_on=date(2027, 1, 1))

    assert on_start_page(editor) == {
        "Your drafts": [("Draft", "en")],
        "Translations due": [("Draft", "ar")],
        "Scheduled": [("Planned", "en")],
        "No longer public": [("Late", "en")],
    }
    assert on_start_page(organiser)["Waiting for your review"] == [("Asked", "en")]
    assert "Waiting for your review" not in on_start_page(other)
    assert on_start_page(other)["Sent back to you"] == [("Back", "en")]
    assert on_start_page(make_user()) == {}


def test_a_row_of_the_start_page_names_its_language_and_has_the_title_in_the_readers_own():
    editor = make_user("editor")
    recorded(Goal, editor, public=[], title_ar="هدف", title_en="A goal")
    recorded(Goal, editor, public=[], title_ar="", title_en="In English only")
    for reader, goal, arabic, english in (("ar", "هدف", "العربية", "الإنجليزية"), ("en", "A goal", "Arabic", "English")):
        page = " ".join(signed_in(editor).get(f"/{reader}/admin/").content.decode().split())
        rows = re.findall(r'<bdi>([^<]*)</bdi></a> <span class="kind">([^<]*)</span>', page)
        assert {title for title, _kind in rows} == {goal, "In English only"}
        kinds = [re.split("[،,] ", kind)[-1] for title, kind in rows if title == goal]
        assert sorted(kinds) == sorted([arabic, english])


def test_the_board_shows_items_and_filters_them():
    goal = recorded(Goal, title_en="Goal", title_ar="هدف", summary_ar="خلاصة", summary_en="Summary")
    edit(goal, summary_ar="أخرى")
    recorded(public=["ar"], title_ar="خبر", title_en="")
    waiting = recorded(public=[], title_en="Waiting", title_ar="ينتظر")
    working_copies.submit(waiting, ["en"])
    gone = recorded(title_en="Gone")
    working_copies.delete(gone)
    client = signed_in(make_user("administrator"))
    assert shown(client) == ["ينتظر", "خبر", "هدف"]
    assert shown(client, need="outdated") == ["هدف"]
    assert shown(client, need="missing", language="en") == ["خبر"]
    assert shown(client, stage="submitted") == ["ينتظر"]
    assert shown(client, state="public", language="ar") == ["خبر", "هدف"]
    assert shown(client, q="waiT") == ["ينتظر"]
    assert shown(client, order="title", language="ar") == sorted(["ينتظر", "خبر", "هدف"])
    assert shown(client, stage="nonsense", page="x", kind="y") == shown(client)
    numbers = {str(name): row for name, row in client.get(BOARD).context["counts"]}
    assert numbers["English"] == {"total": 3, "public": 1, "writing": 0, "submitted": 1, "missing": 1, "outdated": 1}


def test_nobody_sees_kinds_that_they_may_not_open():
    recorded(public=[], title_ar="خبر")
    recorded(Goal, title_ar="هدف")
    assert shown(signed_in(make_user("organiser"))) == ["هدف", "خبر"]
    assert shown(signed_in(make_user())) == []
    assert Client().get(BOARD).status_code == 302


def count_queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_both_cost_as_many_queries_for_few_items_as_for_many():
    user = make_user("administrator")
    client = signed_in(user)

    def fill(number: int) -> None:
        for _number in range(number):
            item = recorded(author=user, public=[])
            working_copies.submit(item, ["ar"], user)

    fill(2)
    few = count_queries(client, "/en/admin/"), count_queries(client, BOARD)
    fill(12)
    assert (count_queries(client, "/en/admin/"), count_queries(client, BOARD)) == few
    assert max(few) <= 30
    assert work.SHOWN < 12
    assert len(client.get("/en/admin/").context["lists"][0].shown) == work.SHOWN
    assert Stage.SUBMITTED in client.get("/en/admin/").content.decode()
