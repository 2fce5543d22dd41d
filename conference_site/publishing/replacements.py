"""Public text that is replaced at a moment of its own.

A plan is a revision with a moment: `LanguageVersion.planned` is to take the place of what is public in that language on
``replace_at``. An item has one plan at a time, for one language or several. It ends with whatever else changes what is public
(`versions.SETTLED`), for it would undo that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ExpressionWrapper, Min
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conference_site.accounts.models import Preferences
from conference_site.languages.content import codes, language_name, localized, names_in_words
from conference_site.publishing import aggregate, versions, working_copies
from conference_site.publishing.models import LanguageVersion, Publishable, Revision, Stage
from conference_site.publishing.working_copies import Action

LATER_WORK = (Stage.SUBMITTED, Stage.SENT_BACK, Stage.APPROVED)
"""The stages that a text has because of what was written after it was planned."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become public, when, and in which languages."""

    revision: Revision
    moment: datetime
    languages: list[str]

    @property
    def names(self) -> str:
        return names_in_words(self.languages)

    def lacks(self, data: dict, model: type[Publishable]) -> bool:
        """Whether the working copy ``data`` has changed since."""
        return bool(aggregate.differences(self.revision.data, data, model))


@transaction.atomic
def plan(item: Publishable, languages: Iterable[str], moment: datetime, author=None, dates: dict | None = None) -> Revision:
    """Let the working copy as it is now replace the texts in ``languages``, all public, at ``moment``. An earlier plan ends.

    ``dates``: see `working_copies.publish`. Raises `ValidationError`, changing nothing, where that can't be.
    """
    languages = [code for code in codes() if code in set(languages)]
    live, data = working_copies.lock(item), working_copies.working_copy(item)
    data["fields"] |= dates or {}
    working_copies.require_approval(live, languages, author)
    _require_sense(live, data["fields"], languages, moment)
    with transaction.atomic():
        working_copies.go_live(live, data, languages)
        transaction.set_rollback(True)  # it only had to be seen that it can
    revision = working_copies.record(live, Action.PLANNED, author, data, languages)
    versions.of(live).filter(language__in=languages).update(planned=revision, replace_at=moment)
    return revision


@transaction.atomic
def give_up(item: Publishable, author=None) -> Revision | None:
    """End the item's plan; None where there is none."""
    live = working_copies.lock(item)
    if not (ended := plan_of(live)):
        return None
    return working_copies.record(live, Action.DROPPED, author, working_copies.working_copy(live), ended.languages)


def plan_of(item: Publishable) -> Plan | None:
    """The item's plan."""
    found = {version.language: version for version in versions.of(item).exclude(replace_at=None).select_related("planned")}
    languages = [code for code in codes() if code in found]
    return Plan(found[languages[0]].planned, found[languages[0]].replace_at, languages) if languages else None


def apply_due() -> float | None:
    """Replace what is due by now, the earliest first. Returns the seconds until the next replacement.

    What fails unexpectedly keeps nobody waiting, and is raised at last.
    """
    seconds = _seconds_to_the_next()
    if seconds is None or seconds > 0:
        return seconds
    due = LanguageVersion.objects.filter(replace_at__lte=Now()).values("content_type", "object_id")
    errors = []
    for row in due.annotate(moment=Min("replace_at")).order_by("moment"):
        try:
            _apply(row["content_type"], row["object_id"])
        except Exception as error:  # noqa: BLE001 – raised below
            errors.append(error)
    if errors:
        raise ExceptionGroup("Not everything that is due could be replaced", errors)
    return _seconds_to_the_next()


def _seconds_to_the_next() -> float | None:
    """By the database's clock."""
    wait = LanguageVersion.objects.aggregate(wait=ExpressionWrapper(Min("replace_at") - Now(), models.DurationField()))["wait"]
    return None if wait is None else wait.total_seconds()


@transaction.atomic
def _apply(content_type: int, pk: int) -> None:
    """Carry out one item's plan, unless it has ended meanwhile; where today's rules refuse it, send it back to its author."""
    live = working_copies.lock(ContentType.objects.get_for_id(content_type).model_class()(pk=pk))
    if not versions.of(live).filter(replace_at__lte=Now()).exists():
        return
    plan = plan_of(live)
    with translation.override(Preferences.objects.language_of(plan.revision.author) or codes()[0]):
        try:
            with transaction.atomic():
                _carry_out(live, plan)
        except ValidationError as refusal:
            data, reason = working_copies.working_copy(live), " ".join(refusal.messages)
            working_copies.record(live, Action.FAILED, plan.revision.author, data, plan.languages, note=reason)


def _carry_out(live: Publishable, plan: Plan) -> None:
    """Publish what was planned. What was written since stays the working copy, in the stage that it has reached."""
    newest, before, data = working_copies.revisions_of(live).first(), list(versions.of(live)), plan.revision.data
    working_copies.go_live(live, data, plan.languages)
    working_copies.record(live, Action.PUBLISHED, plan.revision.author, data, plan.languages)
    later = newest.data | {"fields": newest.data["fields"] | _dates(data, plan.languages)}
    if plan.lacks(later, type(live)):
        working_copies.record(live, Action.SAVED, before[0].author, later)
        for version in before:
            if version.stage in LATER_WORK:
                kept = {name: getattr(version, name) for name in ("stage", "moved_by", "moved_at", "note")}
                versions.of(live).filter(language=version.language).update(**kept)


def _dates(data: dict, languages: list[str]) -> dict:
    columns = [localized(name, code) for name in working_copies.DATES for code in languages]
    return {column: data["fields"][column] for column in columns}


def _require_sense(live: Publishable, fields: dict, languages: list[str], moment: datetime) -> None:
    if moment <= timezone.now():
        raise ValidationError(_("The moment of the replacement is already past."))
    for language in languages:
        name = {"language": language_name(language)}
        if not type(live).objects.public(language).filter(pk=live.pk).exists():
            raise ValidationError(_("There is nothing to replace, for this text is not public: %(language)s.") % name)
        end = live._meta.get_field(column := localized("expires_at", language)).to_python(fields.get(column))
        if end and end <= moment:
            raise ValidationError(_("Publication would end before the text is replaced: %(language)s.") % name)
