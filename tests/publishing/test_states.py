"""The state of a language version follows from its two dates, by the database's clock."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from conference_site.languages.content import text_of
from conference_site.publishing.models import State
from pages.models import Conference, Goal, Page
from tests.builders import make, reread

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("publish_at", "expires_at", "state"),
    [
        (None, None, State.UNPUBLISHED),
        (None, -HOUR, State.UNPUBLISHED),
        (+HOUR, None, State.SCHEDULED),
        (-HOUR, None, State.PUBLIC),
        (-HOUR, +HOUR, State.PUBLIC),
        (-2 * HOUR, -HOUR, State.EXPIRED),
    ],
)
def test_state_follows_from_the_dates(publish_at, expires_at, state):
    now = timezone.now()
    dates = {"publish_at_ar": publish_at and now + publish_at, "expires_at_ar": expires_at and now + expires_at}
    goal = make(Goal, public=["en"], **dates)
    assert (goal.state("ar"), goal.state("en")) == (state, State.PUBLIC)
    assert list(Goal.objects.public("ar")) == ([goal] if state == State.PUBLIC else [])
    assert list(Goal.objects.public("en")) == [goal]


def test_visible_means_public_in_any_language():
    both, arabic, english, neither = make(Goal), make(Goal, ["ar"]), make(Goal, ["en"]), make(Goal, [])
    assert set(Goal.objects.visible()) == {both, arabic, english}
    assert neither not in Goal.objects.public("ar") | Goal.objects.public("en")


def test_deleted_items_are_neither_public_nor_visible():
    make(Goal, deleted_at=timezone.now())
    assert (list(Goal.objects.visible()), list(Goal.objects.public("ar"))) == ([], [])


def test_a_row_without_states_refuses_to_say_whether_it_is_public():
    goal = make(Goal)
    with pytest.raises(AttributeError):
        Goal.objects.get(pk=goal.pk).is_public("ar")


@pytest.mark.parametrize("title", [None, ""])
def test_the_database_refuses_a_public_text_without_a_title(title):
    with pytest.raises(IntegrityError):
        make(Goal, public=["en"], title_en=title)


def test_texts_fall_back_only_to_a_public_language():
    """6: an unpublished text never stands in for a missing one."""
    goal = make(Goal, public=["ar"], title_ar="هدف", title_en="Secret draft", summary_ar="", summary_en="Secret summary")
    title, summary = text_of(goal, "title", "en"), text_of(goal, "summary", "en")
    assert (title.text, title.language) == ("هدف", "ar")
    assert summary.text == ""


def test_each_field_falls_back_by_itself():
    goal = make(Goal, title_en="Goal", title_ar="هدف", summary_en="", summary_ar="خلاصة")
    assert (text_of(goal, "title", "en").language, text_of(goal, "summary", "en").language) == ("en", "ar")


def test_a_slug_is_made_from_the_latin_title_else_from_a_transcription():
    english, arabic, again = Goal(title_en="What we seek"), Goal(title_ar="مدينة"), Goal(title_en="What we seek")
    for goal in (english, arabic, again):
        goal.save()
    assert [reread(goal).slug for goal in (english, arabic, again)] == ["what-we-seek", "mdynh", "what-we-seek-2"]


def test_a_slug_that_is_made_keeps_clear_of_the_sites_own_addresses():
    pages = [Page(title_en=title) for title in ("Goals", "Goals", "Admin", "Parallel")]
    for page in pages:
        page.save()
        page.full_clean(exclude=["title"])
    goal = Goal(title_en="Goals")
    goal.save()
    assert [item.slug for item in (*pages, goal)] == ["goals-2", "goals-3", "admin-2", "parallel", "goals"]


def test_24_texts_are_stored_in_their_normal_form():
    goal = make(Goal, title_ar="أ\u200fهداف", summary_en="cafe\u0301")
    assert (goal.title_ar, goal.summary_en) == ("أهداف", "café")


def test_what_is_new_comes_last():
    first, second, placed = Goal(title_en="First"), Goal(title_en="Second"), Goal(title_en="Placed", order=15)
    for goal in (first, second, placed):
        goal.save()
    first.save()
    assert [goal.order for goal in Goal.objects.all()] == [10, 15, 20]
    assert list(Goal.objects.all()) == [first, placed, second]


def test_there_is_but_one_conference():
    make(Conference).full_clean(exclude=["title", "short_title"])
    with pytest.raises(ValidationError) as refused:
        Conference(title_en="Another", short_title_en="Another").full_clean(exclude=["title", "short_title"])
    assert refused.value.message_dict == {"__all__": ["There is a conference already."]}
    with pytest.raises(IntegrityError):
        make(Conference)
