"""The work on each language: stages and reviews, and what is missing or outdated in a translation."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from conference_site.publishing import translations, versions, working_copies
from conference_site.publishing.models import LanguageVersion, Stage
from conference_site.publishing.translations import Translation
from pages.models import Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db


def recorded(model=Goal, **fields):
    item = make(model, **fields)
    working_copies.record(item, "saved")
    return item


def stages(item) -> dict[str, str]:
    return {version.language: version.stage for version in versions.of(item)}


def states(item) -> dict[str, Translation]:
    return {each.path: each.state for each in translations.passages(type(item), working_copies.working_copy(item))}


def counts(item, language: str) -> tuple[int, int]:
    version = versions.of(item).get(language=language)
    return version.missing, version.outdated


# Stages


def test_what_differs_from_the_public_text_is_being_written_until_it_is_published():
    goal = recorded()
    assert stages(goal) == {"ar": "", "en": ""}
    edit(goal, title_en="Edited")
    assert stages(goal) == {"ar": "", "en": Stage.WRITING}
    working_copies.publish(goal, ["en"])
    assert stages(goal) == {"ar": "", "en": ""}


def test_a_new_text_is_being_written_and_an_empty_one_is_not():
    goal = recorded(public=[], title_en="")
    assert stages(goal) == {"ar": Stage.WRITING, "en": ""}


def test_a_review_leads_from_stage_to_stage():
    goal, author, reviewer = recorded(public=[]), make_user(), make_user()
    working_copies.submit(goal, ["ar"], author, note="أرجو المراجعة")
    version = versions.of(goal).get(language="ar")
    assert (version.stage, version.moved_by, version.note) == (Stage.SUBMITTED, author, "أرجو المراجعة")
    working_copies.send_back(goal, ["ar"], reviewer, note="أين المصدر؟")
    version = versions.of(goal).get(language="ar")
    assert (version.stage, version.moved_by, version.note) == (Stage.SENT_BACK, reviewer, "أين المصدر؟")
    edit(goal, title_ar="عنوان آخر")
    assert stages(goal) == {"ar": Stage.SENT_BACK, "en": Stage.WRITING}
    working_copies.submit(goal, ["ar"], author)
    working_copies.approve(goal, ["ar"], reviewer)
    assert stages(goal) == {"ar": Stage.APPROVED, "en": Stage.WRITING}
    assert [revision.action for revision in working_copies.revisions_of(goal)][:2] == ["approved", "submitted"]


@pytest.mark.parametrize(
    ("fields", "stage"),
    [({"title_ar": "آخر"}, Stage.WRITING), ({"slug": "other"}, Stage.WRITING), ({"title_en": "New"}, Stage.APPROVED)],
)
def test_what_is_changed_after_its_approval_is_approved_no_more(fields, stage):
    goal = recorded(public=[])
    working_copies.submit(goal, ["ar"])
    working_copies.approve(goal, ["ar"])
    edit(goal, **fields)
    assert stages(goal)["ar"] == stage


def test_a_review_of_something_else_than_what_is_there_is_refused():
    goal = recorded(public=[])
    with pytest.raises(ValidationError, match="does not wait for a review: English"):
        working_copies.approve(goal, ["en"])
    seen = working_copies.submit(goal, ["en"]).pk
    edit(goal, title_en="Changed")
    for act in (working_copies.approve, working_copies.send_back):
        with pytest.raises(ValidationError, match="has changed since you opened it"):
            act(goal, ["en"], note="A reason", seen=seen)
    with pytest.raises(ValidationError, match="A reason helps"):
        working_copies.send_back(goal, ["en"], note="  ")
    assert stages(goal)["en"] == Stage.SUBMITTED


def test_a_text_without_a_title_cannot_be_submitted():
    goal = recorded(public=[], title_en="")
    with pytest.raises(ValidationError, match="no title yet: English"):
        working_copies.submit(goal, ["en"])


def test_where_reviews_are_asked_for_only_an_approved_text_is_published(settings):
    settings.REVIEWS = True
    goal, editor, organiser = recorded(public=[]), make_user("editor"), make_user("organiser")
    with pytest.raises(ValidationError, match="has to be approved before it is published: Arabic"):
        working_copies.publish(goal, ["ar"], editor)
    working_copies.submit(goal, ["ar"], editor)
    working_copies.approve(goal, ["ar"], organiser)
    working_copies.publish(goal, ["ar"], editor)
    working_copies.publish(goal, ["en"], organiser)  # who may approve approves by publishing
    assert stages(goal) == {"ar": "", "en": ""}


# Translations


def test_a_translation_is_outdated_once_its_source_has_changed_until_it_is_changed_too():
    goal = recorded(summary_ar="خلاصة", summary_en="Summary")
    edit(goal, summary_ar="خلاصة أخرى")
    assert states(goal) == {"title_en": Translation.CURRENT, "summary_en": Translation.OUTDATED}
    assert counts(goal, "en") == (0, 1)
    edit(goal, title_en="Something else")
    assert states(goal)["summary_en"] == Translation.OUTDATED
    edit(goal, summary_en="Another summary")
    assert states(goal)["summary_en"] == Translation.CURRENT
    assert counts(goal, "en") == (0, 0)


def test_a_source_that_changes_back_leaves_its_translation_up_to_date():
    goal = recorded(summary_ar="خلاصة", summary_en="Summary")
    edit(goal, summary_ar="خلاصة أخرى")
    edit(goal, summary_ar="خلاصة")
    assert states(goal)["summary_en"] == Translation.CURRENT


def test_a_translation_can_be_confirmed_field_by_field():
    goal = recorded(summary_ar="خلاصة", summary_en="Summary", body_ar="<p>نص</p>", body_en="<p>Text</p>")
    edit(goal, summary_ar="خلاصة أخرى", body_ar="<p>نص آخر</p>")
    working_copies.confirm(goal, ["summary_en"])
    assert (states(goal)["summary_en"], states(goal)["body_en"]) == (Translation.CURRENT, Translation.OUTDATED)
    edit(goal, summary_ar="خلاصة ثالثة")
    assert states(goal)["summary_en"] == Translation.OUTDATED


def test_a_translation_belongs_to_the_source_that_its_translator_saw():
    """The source changed between the opening and the saving of the translator's form."""
    goal = recorded(summary_ar="خلاصة", summary_en="Summary")
    seen = working_copies.working_copy(goal)
    edit(goal, summary_ar="خلاصة أخرى")
    data = working_copies.working_copy(goal)
    data.pop("sources")
    data["fields"]["summary_en"] = "A better summary"
    working_copies.save(goal, data, seen=seen)
    assert states(goal)["summary_en"] == Translation.OUTDATED


def test_what_has_a_source_and_no_translation_is_missing():
    goal = recorded(public=["ar"], summary_ar="خلاصة", title_en="")
    assert states(goal) == {"title_en": Translation.MISSING, "summary_en": Translation.MISSING}
    assert (counts(goal, "en"), counts(goal, "ar")) == ((2, 0), (0, 0))


def test_the_source_is_the_language_in_which_there_is_a_headline():
    goal = recorded(title_ar="", title_en="Title", public=["en"])
    assert states(goal) == {"title_ar": Translation.MISSING}


def test_parts_are_translated_too():
    partnership = make(Partnership, summary_ar="", summary_en="")
    milestone = Milestone.objects.create(partnership=partnership, text_ar="محطة", text_en="A step")
    working_copies.record(partnership, "saved")
    path = f"milestones.{milestone.pk}.text_en"
    assert states(partnership)[path] == Translation.CURRENT
    data = working_copies.working_copy(partnership)
    data["parts"]["milestones"][0]["text_ar"] = "محطة أخرى"
    working_copies.save(partnership, data)
    assert states(partnership)[path] == Translation.OUTDATED
    working_copies.confirm(partnership, [path])
    assert states(partnership)[path] == Translation.CURRENT


# The rows


def test_a_row_says_what_is_public_and_forgets_its_date_once_it_is():
    goal = recorded(public=["ar"])
    versions.of(goal).filter(language="en").update(due_on=date(2027, 1, 1))
    edit(goal, title_en="  A title\nin two lines ")
    version = versions.of(goal).get(language="en")
    assert (version.title, version.due_on, version.publish_at) == ("A title in two lines", date(2027, 1, 1), None)
    working_copies.publish(goal, ["en"])
    version = versions.of(goal).get(language="en")
    assert (version.due_on, version.publish_at is not None, version.revision) == (
        None,
        True,
        working_copies.revisions_of(goal).first(),
    )
    working_copies.purge(goal)
    assert LanguageVersion.objects.count() == 0


def test_rows_can_be_written_anew_and_keep_what_editors_decided():
    goal = recorded(public=[], summary_ar="خلاصة")
    working_copies.submit(goal, ["ar"], note="A note")
    versions.of(goal).filter(language="en").update(due_on=date(2027, 1, 1))
    before = list(versions.of(goal).order_by("language").values())
    versions.of(goal).update(title="", missing=0, publish_at=None)
    assert versions.rebuild() == 1
    assert list(versions.of(goal).order_by("language").values()) == before
    versions.of(goal).delete()
    assert (versions.rebuild(missing=True), versions.rebuild(missing=True), versions.of(goal).count()) == (1, 0, 2)
