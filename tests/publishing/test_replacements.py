"""Public text that is replaced at a moment of its own: conference_site/publishing/replacements.py."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from conference_site.publishing import aggregate, replacements, versions, working_copies
from conference_site.publishing.models import LanguageVersion, Revision, Stage
from conference_site.search.models import SearchEntry
from pages.models import Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user, reread
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db

LATER = timedelta(days=2)


def plan(item, *languages: str, author=None, **fields) -> Revision:
    edit(item, **fields)
    return replacements.plan(item, languages or ["ar"], timezone.now() + LATER, author)


def let_it_be_due(item) -> None:
    """As if the moment had come."""
    versions.of(item).exclude(replace_at=None).update(replace_at=timezone.now() - timedelta(seconds=1))
    replacements.apply_due()


def acts(item) -> list[str]:
    return list(working_copies.revisions_of(item).order_by("pk").values_list("action", flat=True))


def test_the_public_text_stays_until_its_moment_and_is_then_replaced_everywhere():
    goal = make(Goal, title_ar="قديم", title_en="Old")
    day = reread(goal).publish_at_ar.replace(microsecond=0)
    author = make_user("organiser")
    plan(goal, title_ar="جديد", title_en="New", author=author)
    replacements.apply_due()
    assert (reread(goal).title_ar, replacements.plan_of(goal).languages) == ("قديم", ["ar"])
    let_it_be_due(goal)
    live = reread(goal)
    assert (live.title_ar, live.title_en, live.publish_at_ar.replace(microsecond=0)) == ("جديد", "Old", day)
    assert SearchEntry.objects.get(object_id=goal.pk, kind="goal", language="ar").title == "جديد"
    assert (acts(goal)[-2:], replacements.plan_of(goal)) == (["planned", "published"], None)
    assert working_copies.revisions_of(goal).first().author == author


def test_what_was_written_after_the_plan_is_not_part_of_it_and_not_lost():
    goal = make(Goal, title_ar="قديم")
    writer = make_user("editor")
    plan(goal, title_ar="المخطط")
    edit(goal, title_ar="ما بعده")
    working_copies.submit(goal, ["ar"], writer, "للمراجعة")
    let_it_be_due(goal)
    version = versions.of(goal).get(language="ar")
    assert (reread(goal).title_ar, working_copies.working_copy(goal)["fields"]["title_ar"]) == ("المخطط", "ما بعده")
    assert (version.stage, version.moved_by, version.note) == (Stage.SUBMITTED, writer, "للمراجعة")
    assert working_copies.revisions_of(goal).first().changed == ["ar"]


def test_what_is_shared_and_the_parts_are_replaced_too():
    partnership = make(Partnership)
    goes = Milestone.objects.create(partnership=partnership, text_ar="ذاهبة")
    with working_copies.applied(partnership) as copy:
        copy.milestones.all().delete()
        copy.milestones.create(text_ar="آتية", date="2027")
        copy.save()
        data = aggregate.snapshot(copy)
    working_copies.save(partnership, data)
    replacements.plan(partnership, ["ar", "en"], timezone.now() + LATER)
    assert list(reread(partnership).milestones.values_list("pk", flat=True)) == [goes.pk]
    let_it_be_due(partnership)
    assert list(reread(partnership).milestones.values_list("text_ar", flat=True)) == ["آتية"]


@pytest.mark.parametrize(
    "act",
    [
        lambda item: working_copies.publish(item, ["en"]),
        lambda item: working_copies.withdraw(item, ["en"]),
        working_copies.delete,
        replacements.give_up,
    ],
    ids=["publish", "withdraw", "delete", "give up"],
)
def test_what_changes_the_public_text_ends_the_plan(act):
    goal = make(Goal, title_ar="قديم")
    plan(goal, title_ar="جديد")
    act(goal)
    assert replacements.plan_of(goal) is None
    assert reread(goal).title_ar == "قديم"


def test_a_second_plan_takes_the_place_of_the_first():
    goal = make(Goal)
    plan(goal, "ar", "en", title_ar="أول")
    second = plan(goal, "en", title_en="Second")
    assert (replacements.plan_of(goal).languages, replacements.plan_of(goal).revision) == (["en"], second)


def test_without_a_plan_there_is_nothing_to_give_up():
    goal = make(Goal)
    assert (replacements.give_up(goal), acts(goal)) == (None, [])


@pytest.mark.parametrize(
    ("public", "change", "reason"),
    [
        (["ar"], {"moment": timezone.now() - LATER}, "already past"),
        (["en"], {}, "not public"),
        (["ar"], {"dates": {"expires_at_ar": timezone.now() + LATER / 2}}, "would end before"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(public, change, reason):
    goal = make(Goal, public=public)
    edit(goal, **change.get("fields", {"title_ar": "جديد"}))
    before = acts(goal)
    with pytest.raises(ValidationError, match=reason):
        replacements.plan(goal, ["ar"], change.get("moment", timezone.now() + LATER), dates=change.get("dates"))
    assert (acts(goal), replacements.plan_of(goal)) == (before, None)


def test_what_can_be_no_more_is_sent_back_to_whoever_planned_it():
    goal, author = make(Goal, title_ar="قديم", slug="old"), make_user("organiser")
    plan(goal, title_ar="جديد", slug="wanted", author=author)
    make(Goal, slug="wanted")
    let_it_be_due(goal)
    version = versions.of(goal).get(language="ar")
    assert (reread(goal).title_ar, acts(goal)[-1]) == ("قديم", "failed")
    assert (version.stage, version.moved_by, version.replace_at) == (Stage.SENT_BACK, author, None)
    assert "نظير" in version.note  # in the site's first language, where the author has chosen none


def test_one_that_fails_unexpectedly_keeps_no_other_waiting(monkeypatch):
    first, second = make(Goal, title_ar="قديم"), make(Goal, title_ar="قديم")
    for goal in (first, second):
        plan(goal, title_ar="جديد")
    LanguageVersion.objects.exclude(replace_at=None).update(replace_at=timezone.now() - LATER)
    versions.of(first).exclude(replace_at=None).update(replace_at=timezone.now() - 2 * LATER)
    real = Goal.before_publish

    def broken(self, *args) -> None:
        if self.pk == first.pk:
            raise LookupError("a bug")
        real(self, *args)

    monkeypatch.setattr(Goal, "before_publish", broken)
    with pytest.raises(ExceptionGroup, match="Not everything"):
        replacements.apply_due()
    assert [reread(goal).title_ar for goal in (first, second)] == ["قديم", "جديد"]
    assert replacements.plan_of(first) is not None


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_see_it_due_replace_once():
    goal = make(Goal, title_ar="قديم")
    plan(goal, title_ar="جديد")
    versions.of(goal).exclude(replace_at=None).update(replace_at=timezone.now() - LATER)

    def apply(_) -> None:
        try:
            replacements.apply_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(apply, range(4)))
    assert (reread(goal).title_ar, acts(goal).count("published")) == ("جديد", 1)


def test_where_nothing_is_due_one_query_says_so(django_assert_num_queries):
    assert replacements.apply_due() is None
    plan(make(Goal), title_ar="جديد")
    with django_assert_num_queries(1):
        assert replacements.apply_due() == pytest.approx(LATER.total_seconds(), abs=60)
