"""Saving changes the working copy, publishing the live row."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation

from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import FormerSlug, Revision, State
from pages.models import Conference, Goal, Page, QuestionPageLink, ResearchQuestion
from pages.phase import Standing
from pages.structured_data import event
from partners.models import Milestone, Organisation, Partnership
from tests.builders import make, make_user, reread

pytestmark = pytest.mark.django_db


def edit(item, **fields):
    """Save a working copy in which ``fields`` are changed."""
    with working_copies.applied(item) as copy:
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save()
        data = aggregate.snapshot(copy)
    return working_copies.save(item, data)


def test_saving_leaves_the_live_row_as_it_is():
    goal = make(Goal, title_en="Live")
    revision = edit(goal, title_en="Edited")
    assert (reread(goal).title_en, revision.changed, working_copies.working_copy(goal)["fields"]["title_en"]) == (
        "Live",
        ["en"],
        "Edited",
    )


def test_what_was_never_public_has_no_second_copy():
    goal = make(Goal, public=[], title_en="First")
    edit(goal, title_en="Second")
    assert reread(goal).title_en == "Second"


def test_publishing_one_language_leaves_the_other_as_it_was():
    goal = make(Goal, title_ar="قديم", title_en="Old")
    edit(goal, title_ar="جديد", title_en="New")
    revision = working_copies.publish(goal, ["ar"])
    live = reread(goal)
    assert (live.title_ar, live.title_en, revision.languages, revision.changed) == ("جديد", "Old", ["ar"], ["en"])


def test_shared_columns_links_and_parts_go_live_with_any_language():
    organisation, partnership = make(Organisation), make(Partnership)
    stays = Milestone.objects.create(partnership=partnership, text_ar="باقية", date="2024")
    goes = Milestone.objects.create(partnership=partnership, text_ar="ذاهبة")
    with working_copies.applied(partnership) as copy:
        copy.standing = "active"
        copy.save()
        copy.parties.add(organisation)
        Milestone.objects.filter(pk=stays.pk).update(date="2025")
        Milestone.objects.filter(pk=goes.pk).delete()
        Milestone.objects.create(partnership=copy, text_ar="جديدة", order=5)
        data = aggregate.snapshot(copy)
    revision = working_copies.save(partnership, data)
    assert revision.changed == ["ar", "*"]
    assert [(m.text_ar, m.date) for m in partnership.milestones.all()] == [("باقية", "2024"), ("ذاهبة", "")]

    working_copies.publish(partnership, ["en"])
    assert [(m.text_ar, m.date) for m in partnership.milestones.all()] == [("باقية", "2025")]
    assert working_copies.revisions_of(partnership).first().changed == ["ar"]

    working_copies.publish(partnership, ["ar"])
    assert [(m.text_ar, m.date) for m in partnership.milestones.all()] == [("باقية", "2025"), ("جديدة", "")]
    assert (list(reread(partnership).parties.all()), reread(partnership).standing) == ([organisation], "active")
    assert working_copies.revisions_of(partnership).first().changed == []


def test_what_a_working_copy_refers_to_may_be_gone():
    organisation, partnership = make(Organisation), make(Partnership)
    with working_copies.applied(partnership) as copy:
        copy.parties.add(organisation)
        data = aggregate.snapshot(copy)
    working_copies.save(partnership, data)
    organisation.delete()
    working_copies.publish(partnership, ["ar"])
    assert list(reread(partnership).parties.all()) == []


def test_publishing_gives_a_date_and_keeps_the_one_there_is():
    goal = make(Goal, public=["en"])
    was = goal.publish_at_en
    working_copies.publish(goal, ["ar", "en"])
    live = reread(goal)
    assert (live.state("ar"), live.state("en")) == (State.PUBLIC, State.PUBLIC)
    assert abs(live.publish_at_en - was) < timedelta(milliseconds=1)


def test_the_same_moment_in_another_time_zone_is_no_change():
    goal = make(Goal, public=[])
    moment = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    revision = working_copies.publish(goal, ["ar"], dates={"publish_at_ar": moment.astimezone(ZoneInfo("Asia/Riyadh"))})
    assert revision.changed == []


def test_saving_what_is_saved_already_leaves_no_revision():
    goal = make(Goal, title_en="Same")
    revision = edit(goal, summary_en="New")
    assert edit(goal, summary_en="New") == revision
    assert working_copies.revisions_of(goal).count() == 1


def test_purging_leaves_nothing_behind():
    goal, other = make(Goal, slug="old"), make(Goal)
    edit(other, title_en="Stays")
    edit(goal, slug="new")
    working_copies.publish(goal, ["en"])
    working_copies.purge(goal)
    assert (list(Goal.objects.all()), FormerSlug.objects.count()) == ([other], 0)
    assert [revision.object_id for revision in Revision.objects.all()] == [other.pk]


def test_publishing_for_later_schedules():
    goal = make(Goal, public=[])
    working_copies.publish(goal, ["ar"], dates={"publish_at_ar": timezone.now() + timedelta(days=1)})
    assert (reread(goal).state("ar"), list(Goal.objects.visible())) == (State.SCHEDULED, [])


@pytest.mark.parametrize(
    ("fields", "dates"),
    [
        ({}, {"publish_at_ar": timedelta(days=1)}),
        ({}, {"expires_at_ar": -timedelta(hours=1)}),
        ({}, {"publish_at_ar": -timedelta(days=1), "expires_at_ar": -timedelta(days=2)}),
    ],
    ids=["public already", "end past", "end before beginning"],
)
def test_what_cannot_be_published_changes_nothing(fields, dates):
    goal = make(Goal, title_ar="حيّ")
    edit(goal, summary_ar="جديدة", **fields)
    before = (aggregate.snapshot(reread(goal)), Revision.objects.count())
    with pytest.raises(ValidationError):
        working_copies.publish(goal, ["ar"], dates={name: timezone.now() + delta for name, delta in dates.items()})
    assert (aggregate.snapshot(reread(goal)), Revision.objects.count()) == before


def test_a_language_without_a_title_cannot_be_published():
    goal = make(Goal, public=["en"], title_ar="")
    with pytest.raises(ValidationError, match="Arabic"):
        working_copies.publish(goal, ["ar", "en"])
    assert reread(goal).state("ar") == State.UNPUBLISHED


def test_withdrawing_hides_one_language_and_publishes_nothing_else():
    goal = make(Goal, title_ar="حيّ")
    edit(goal, title_ar="غير منشور")
    working_copies.withdraw(goal, ["ar"])
    live = reread(goal)
    assert (live.state("ar"), live.state("en"), live.title_ar) == (State.EXPIRED, State.PUBLIC, "حيّ")


def test_a_withdrawn_text_is_public_again_when_it_is_published_without_an_end():
    goal = make(Goal)
    working_copies.withdraw(goal, ["ar"])
    working_copies.publish(goal, ["ar"], dates={"publish_at_ar": None, "expires_at_ar": None})
    assert reread(goal).state("ar") == State.PUBLIC


def test_deleting_hides_and_restoring_brings_back():
    goal, user = make(Goal), make_user("organiser")
    working_copies.delete(goal, user)
    assert list(Goal.objects.visible()) == []
    working_copies.restore(goal, user)
    assert list(Goal.objects.visible()) == [goal]
    assert [r.action for r in working_copies.revisions_of(goal)] == ["restored", "deleted"]


def test_a_changed_slug_redirects_once_it_is_published(client):
    goal = make(Goal, slug="old")
    edit(goal, slug="new")
    assert client.get("/en/goals/old/").status_code == 200
    working_copies.publish(goal, ["en"])
    response = client.get("/ar/goals/old/")
    assert (response.status_code, response["Location"]) == (301, "/ar/goals/new/")
    assert [former.slug for former in FormerSlug.objects.all()] == ["old"]


def test_a_slug_taken_since_is_refused_in_words_and_opens_the_form_all_the_same(admin_client):
    goal = make(Goal, slug="mine")
    edit(goal, slug="wanted")
    make(Goal, slug="wanted")
    with pytest.raises(ValidationError, match="slug"):
        working_copies.publish(goal, ["en"])
    response = admin_client.get(f"/en/admin/pages/goal/{goal.pk}/change/")
    assert response.context["adminform"].form["slug"].value() == "mine"


def test_a_public_venue_that_changes_is_kept_as_the_former_one():
    conference = make(Conference, title_ar="م", venue_ar="تونس", venue_en="Tunis", starts_on="2027-01-01")
    edit(conference, venue_ar="بكين", venue_en="Beijing")
    working_copies.publish(conference, ["ar", "en"])
    live = reread(conference)
    assert (live.venue_en, live.former_venue_en, live.former_venue_ar, live.former_starts_on) == (
        "Beijing",
        "Tunis",
        "تونس",
        None,
    )


def partnership_with_draft_milestones():
    """A public partnership; in its draft a live milestone is edited in both languages, and two are new."""
    partnership = make(Partnership)
    live = Milestone.objects.create(partnership=partnership, text_ar="قديمة", text_en="Old", date="2024", order=1)
    with working_copies.applied(partnership) as copy:
        Milestone.objects.filter(pk=live.pk).update(text_ar="جديدة", text_en="New", date="2025")
        Milestone.objects.create(partnership=copy, text_ar="ثانية", text_en="Second", date="2026", order=2)
        Milestone.objects.create(partnership=copy, text_en="Third", order=3)
        data = aggregate.snapshot(copy)
    assert working_copies.save(partnership, data).changed == ["ar", "en", "*"]
    return partnership


def texts_of_milestones(partnership):
    return [(m.text_ar, m.text_en, m.date) for m in partnership.milestones.all()]


def test_publishing_a_language_brings_only_its_texts_of_the_parts():
    partnership = partnership_with_draft_milestones()
    assert working_copies.publish(partnership, ["ar"]).changed == ["en"]
    assert texts_of_milestones(partnership) == [("جديدة", "Old", "2025"), ("ثانية", None, "2026")]
    assert working_copies.publish(partnership, ["en"]).changed == []
    assert texts_of_milestones(partnership) == [("جديدة", "New", "2025"), ("ثانية", "Second", "2026"), (None, "Third", "")]


def test_a_part_whose_only_public_text_is_removed_goes_until_its_other_text_is_published():
    partnership = make(Partnership)
    milestone = Milestone.objects.create(partnership=partnership, text_ar="محطة")
    with working_copies.applied(partnership) as copy:
        Milestone.objects.filter(pk=milestone.pk).update(text_ar="", text_en="A step")
        data = aggregate.snapshot(copy)
    working_copies.save(partnership, data)
    assert (working_copies.publish(partnership, ["ar"]).changed, texts_of_milestones(partnership)) == (["en"], [])
    working_copies.publish(partnership, ["en"])
    assert texts_of_milestones(partnership) == [(None, "A step", "")]


def test_a_note_waits_for_its_language_and_its_link_does_not():
    question, page = make(ResearchQuestion), make(Page)
    with working_copies.applied(question) as copy:
        QuestionPageLink.objects.create(question=copy, page=page, note_ar="ملاحظة", note_en="A note")
        data = aggregate.snapshot(copy)
    assert working_copies.save(question, data).changed == ["ar", "en", "*"]
    assert working_copies.publish(question, ["en"]).changed == ["ar"]
    assert [(link.page, link.note_ar, link.note_en) for link in question.page_links.all()] == [(page, None, "A note")]


def test_dates_in_a_draft_publish_nothing():
    goal = make(Goal, public=[])
    edit(goal, publish_at_ar=timezone.now() - timedelta(days=1), title_ar="مسودة")
    live = reread(goal)
    assert (live.state("ar"), live.publish_at_ar, live.title_ar) == (State.UNPUBLISHED, None, "مسودة")
    assert working_copies.working_copy(goal)["fields"]["publish_at_ar"] is not None


def test_cancelling_a_schedule_makes_a_draft_of_it():
    goal = make(Goal, public=["en"])
    tomorrow = timezone.now() + timedelta(days=1)
    working_copies.publish(goal, ["ar"], dates={"publish_at_ar": tomorrow, "expires_at_ar": tomorrow + timedelta(days=1)})
    assert working_copies.withdraw(goal, ["ar"]).changed == []
    live = reread(goal)
    assert (live.state("ar"), live.publish_at_ar, live.expires_at_ar) == (State.UNPUBLISHED, None, None)


def test_a_venue_s_translation_is_no_change_of_venue():
    conference = make(Conference, venue_ar="تونس", starts_on="2027-01-01", ends_on="2027-01-02")
    edit(conference, venue_en="Tunis")
    working_copies.publish(conference, ["ar", "en"])
    live = reread(conference)
    assert [live.former_venue_ar, live.former_venue_en, live.former_starts_on] == ["", "", None]


def test_a_venue_that_changes_in_one_language_is_kept_in_that_one():
    conference = make(Conference, venue_ar="تونس", venue_en="Tunis")
    edit(conference, venue_ar="بكين", venue_en="Beijing")
    working_copies.publish(conference, ["ar"])
    live = reread(conference)
    assert [live.former_venue_ar, live.former_venue_en, live.venue_en] == ["تونس", None, "Tunis"]
    with translation.override("en"):
        assert Standing(live).has_changed_venue is False
    with translation.override("ar"):
        assert Standing(live).has_changed_venue is True


def test_two_dates_are_one_fact():
    conference = make(Conference, starts_on="2027-01-01", ends_on="2027-01-02")
    edit(conference, ends_on="2027-01-03")
    working_copies.publish(conference, ["ar"])
    live = reread(conference)
    assert [str(live.former_starts_on), str(live.former_ends_on)] == ["2027-01-01", "2027-01-02"]


@pytest.mark.parametrize(
    ("days", "previous"),
    [(("2027-01-01", "2027-01-03"), None), (("2027-02-01", "2027-02-02"), "2027-01-01"), ((None, None), "2027-01-01")],
    ids=["the last day", "both", "taken back"],
)
def test_search_engines_are_told_a_former_first_day_only_where_it_changed(days, previous):
    former = {"former_starts_on": "2027-01-01", "former_ends_on": "2027-01-02"}
    conference = make(Conference, phase="registration", starts_on=days[0], ends_on=days[1], **former)
    assert event(conference).get("previousStartDate") == previous


def test_an_address_that_redirects_is_given_to_nobody_else():
    goal = make(Goal, slug="a-goal")
    edit(goal, slug="moved")
    working_copies.publish(goal, ["en"])
    other = Goal(title_en="A goal")
    other.save()
    assert other.slug == "a-goal-2"
    working_copies.publish(other, ["en"])
    with pytest.raises(ValidationError) as refused:
        Goal(title_en="Another", slug="a-goal").clean()
    assert refused.value.message_dict == {"slug": ["This address was once another item’s, and leads to that item for ever."]}
    edit(other, slug="a-goal")
    with pytest.raises(ValidationError, match="once another item"):
        working_copies.publish(other, ["en"])
    assert [(former.slug, former.object_id) for former in FormerSlug.objects.all()] == [("a-goal", goal.pk)]
    edit(goal, slug="a-goal")
    working_copies.publish(goal, ["en"])
    assert [(former.slug, former.object_id) for former in FormerSlug.objects.all()] == [("moved", goal.pk)]


def test_a_revision_of_another_day_s_model_does_no_harm():
    """Links and parts that have been renamed since are passed over; new ones, of which it knows nothing, stay as they are."""
    organisation, partnership = make(Organisation), make(Partnership)
    partnership.parties.add(organisation)
    Milestone.objects.create(partnership=partnership, text_ar="محطة")
    edit(partnership, title_en="Edited")
    revision = working_copies.revisions_of(partnership).get()
    revision.data["links"] = {"partners": [1]}
    revision.data["parts"] = {"steps": [{"pk": 1, "text_ar": "x"}]}
    revision.data["fields"] |= {"gone": 1}
    revision.save()
    published = working_copies.publish(partnership, ["en"])
    live = reread(partnership)
    assert (live.title_en, list(live.parties.all()), texts_of_milestones(live)) == (
        "Edited",
        [organisation],
        [("محطة", None, "")],
    )
    assert published.changed == []


@pytest.mark.django_db(transaction=True)
def test_nobody_else_can_save_between_the_form_and_its_keeping():
    goal = make(Goal)

    def free(strength: str) -> bool:
        """Whether another transaction could lock the row so."""
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(f"SELECT id FROM pages_goal WHERE id = %s FOR {strength} SKIP LOCKED", [goal.pk])
                return cursor.fetchone() is not None
        finally:
            other.close()

    with transaction.atomic():
        with working_copies.applied(goal):
            pass
        # A lock that leaves room for rows that refer to this one.
        assert (free("NO KEY UPDATE"), free("KEY SHARE")) == (False, True)
    assert free("NO KEY UPDATE") is True
