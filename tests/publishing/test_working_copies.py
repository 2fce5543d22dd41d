"""Saving changes the working copy, publishing the live row."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import FormerSlug, Revision, State
from pages.models import Conference, Goal
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
    assert (reread(goal).title_en, revision.changed, working_copies.working_copy(goal)["fields"]["title_en"]) == ("Live", ["en"], "Edited")


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
    assert revision.changed == ["*"]
    assert [(m.text_ar, m.date) for m in partnership.milestones.all()] == [("باقية", "2024"), ("ذاهبة", "")]

    working_copies.publish(partnership, ["en"])
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
    with pytest.raises(ValidationError, match="slug|address|Address"):
        working_copies.publish(goal, ["en"])
    response = admin_client.get(f"/en/admin/pages/goal/{goal.pk}/change/")
    assert response.context["adminform"].form["slug"].value() == "mine"


def test_a_public_venue_that_changes_is_kept_as_the_former_one():
    conference = make(Conference, title_ar="م", venue_ar="تونس", venue_en="Tunis", starts_on="2027-01-01")
    edit(conference, venue_ar="بكين", venue_en="Beijing")
    working_copies.publish(conference, ["ar", "en"])
    live = reread(conference)
    assert (live.venue_en, live.former_venue_en, live.former_venue_ar, live.former_starts_on) == ("Beijing", "Tunis", "تونس", None)
