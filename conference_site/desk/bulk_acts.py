"""What can be done with many publishable items at once, each act judged as its door in `working_copies` would."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bulk import Act, Candidate, Verdict
from conference_site.desk.publish_form import told
from conference_site.languages.content import codes, current, localized, names_in_words
from conference_site.publishing import aggregate, barriers, working_copies
from conference_site.publishing.barriers import Barrier
from conference_site.publishing.models import LanguageVersion, Publishable, Revision, Stage, State


@dataclass(frozen=True, slots=True)
class Work:
    """An item, read with its states, and all that its acts are judged by."""

    item: Publishable
    newest: Revision | None
    data: dict
    stages: dict[str, Stage]
    replace_at: datetime | None
    barriers: dict[str, list[Barrier]]

    @property
    def headline(self) -> str:
        """That of the working copy, in the reader's language or else in another."""
        texts = (self.title(code) for code in [current(), *codes()])
        return next(filter(None, texts), None) or str(self.item)

    def title(self, language: str) -> str:
        return self.data["fields"].get(localized(self.item.headline, language)) or ""

    def moment(self, name: str, language: str) -> datetime | None:
        """A date of publication as it stands in the working copy."""
        column = localized(name, language)
        return self.item._meta.get_field(column).to_python(self.data["fields"].get(column))

    def has_changed(self, language: str) -> bool:
        """Whether publishing would change what is public in this language, or what all share."""
        return bool(self.newest and {language, "*"} & set(self.newest.changed))


def works_of(items: list[Publishable], with_barriers: bool = False) -> list[Work]:
    """The items' working copies, stages and plans; what keeps them from being published only where that is asked for.

    Two queries, and one for each model of pictures, however many items there are.
    """
    if not items:
        return []
    model, content_type = type(items[0]), ContentType.objects.get_for_model(items[0])
    of_these = {"content_type": content_type, "object_id__in": [item.pk for item in items]}
    revisions = Revision.objects.filter(**of_these).order_by("object_id", "-pk").distinct("object_id")
    newest = {revision.object_id: revision for revision in revisions}
    stages: dict[int, dict[str, Stage]] = defaultdict(dict)
    plans: dict[int, datetime] = {}
    for version in LanguageVersion.objects.filter(**of_these):
        stages[version.object_id][version.language] = Stage(version.stage)
        if version.replace_at:
            plans[version.object_id] = version.replace_at
    copies = {item.pk: newest[item.pk].data if item.pk in newest else aggregate.snapshot(item) for item in items}
    pictures = barriers.pictures_of(model, copies.values()) if with_barriers else {}
    return [
        Work(
            item,
            newest.get(item.pk),
            copies[item.pk],
            stages[item.pk],
            plans.get(item.pk),
            item.publication_barriers(copies[item.pk], codes(), pictures) if with_barriers else {},
        )
        for item in items
    ]


class PublishingAct(Act):
    """An act on the languages of publishable items."""

    needs_barriers = False

    def candidates(self, items: list[Publishable], user) -> list[Candidate]:
        may_approve = bool(items) and user.has_perm(f"{items[0]._meta.app_label}.approve_{items[0]._meta.model_name}")
        found = []
        for work in works_of(items, self.needs_barriers):
            verdicts = {language: self.judge(work, language, may_approve) for language in self.languages()}
            notes = self.notes(work) if any(verdict.will for verdict in verdicts.values()) else []
            found.append(Candidate(work.item, work.headline, verdicts, work.newest.pk if work.newest else 0, notes))
        return found

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        raise NotImplementedError

    def notes(self, work: Work) -> list[str]:
        """What comes with the act, whatever the language."""
        return []


def _end_of_plan(work: Work) -> list[str]:
    if not work.replace_at:
        return []
    moment = date_format(timezone.localtime(work.replace_at), "DATETIME_FORMAT")
    return [gettext("The replacement planned for %(moment)s is given up.") % {"moment": moment}]


class Publish(PublishingAct):
    key, label, permission = "publish", _("Publish"), "publish"
    explanation = _(
        "What is marked becomes public as it stands in the working copies now. What can’t be published is left as it is, and "
        "you are told why."
    )
    needs_barriers = True

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        state = work.item.state(language)
        if work.title(language) and state in (State.PUBLIC, State.SCHEDULED) and not work.has_changed(language):
            return Verdict(False, _("Nothing has changed since it was published."), is_settled=True)
        if refusal := self._refusal(work, language, state, may_approve):
            return Verdict(False, refusal)
        start = work.moment("publish_at", language)
        if start and start > timezone.now():
            moment = date_format(timezone.localtime(start), "DATETIME_FORMAT")
            return Verdict(True, gettext("Becomes public on %(moment)s.") % {"moment": moment})
        if state == State.PUBLIC:
            return Verdict(True, _("Its changes become public now."))
        return Verdict(True, _("Becomes public again.") if state == State.EXPIRED else _("Becomes public now."))

    def _refusal(self, work: Work, language: str, state: State, may_approve: bool):
        if not work.title(language):
            return _("There is no title in this language yet.")
        if settings.REVIEWS and not may_approve and work.stages.get(language) != Stage.APPROVED:
            return _("It has to be approved first.")
        end = work.moment("expires_at", language)
        if state != State.EXPIRED and end and end <= timezone.now():
            return _("The end of publication is already past.")
        return " ".join(barrier.reason for barrier in work.barriers.get(language, ()))

    def notes(self, work: Work) -> list[str]:
        shared = gettext("What all languages share (dates, links, pictures, lists) has changed, and becomes public with it.")
        return [*([shared] if work.newest and "*" in work.newest.changed else []), *_end_of_plan(work)]

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        """A text that was withdrawn comes back without the end that it had then."""
        ended = [code for code in languages if candidate.item.state(code) == State.EXPIRED]
        no_end = {localized("expires_at", code): None for code in ended}
        return told(candidate.item, working_copies.publish(candidate.item, languages, user, no_end))

    def said(self, number: int) -> str:
        return ngettext("%(count)s item was published.", "%(count)s items were published.", number) % {"count": number}


class Withdraw(PublishingAct):
    key, label, permission = "withdraw", _("Withdraw"), "publish"
    explanation = _("What is marked disappears from the site now. Nothing is lost: it can be published again.")

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        state = work.item.state(language)
        if state == State.SCHEDULED:
            return Verdict(True, _("Its schedule is cancelled."))
        if state == State.PUBLIC:
            return Verdict(True, _("Disappears from the site now."))
        return Verdict(False, _("It is not public."), is_settled=True)

    def notes(self, work: Work) -> list[str]:
        return _end_of_plan(work)

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        working_copies.withdraw(candidate.item, languages, user)
        return gettext("No longer public: %(languages)s.") % {"languages": names_in_words(languages)}

    def said(self, number: int) -> str:
        return ngettext("%(count)s item was withdrawn.", "%(count)s items were withdrawn.", number) % {"count": number}


class Submit(PublishingAct):
    key, label, permission = "submit", _("Submit for review"), "change"
    explanation = _("What is marked then waits for somebody who may approve it.")
    settled = {
        Stage.SUBMITTED: _("It waits for a review already."),
        Stage.APPROVED: _("It is approved already."),
        Stage.NONE: _("There is nothing to be reviewed in it."),
    }

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        if not work.title(language):
            return Verdict(False, _("There is no title in this language yet."))
        stage = work.stages.get(language, Stage.NONE)
        if stage in self.settled:
            return Verdict(False, self.settled[stage], is_settled=True)
        return Verdict(True, _("Then waits for a review."))

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        working_copies.submit(candidate.item, languages, user)
        return gettext("Submitted for review: %(language)s.") % {"language": names_in_words(languages)}

    def said(self, number: int) -> str:
        said = ngettext("%(count)s item was submitted for review.", "%(count)s items were submitted for review.", number)
        return said % {"count": number}


class Approve(PublishingAct):
    key, label, permission = "approve", _("Approve"), "approve"
    explanation = _("What is marked may then be published as it stands now. Please read each text before you approve it.")

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        if work.stages.get(language) == Stage.SUBMITTED:
            return Verdict(True, _("Is approved, and may be published."))
        return Verdict(False, _("It does not wait for a review."))

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        working_copies.approve(candidate.item, languages, user, seen=candidate.seen or None)
        return gettext("Approved: %(language)s.") % {"language": names_in_words(languages)}

    def said(self, number: int) -> str:
        return ngettext("%(count)s item was approved.", "%(count)s items were approved.", number) % {"count": number}


class Delete(PublishingAct):
    key, label, permission, by_language, deletes = "delete", _("Delete"), "delete", False, True
    explanation = _(
        "These items disappear from the site and from the lists. Nothing is lost: they can be brought back from the list of what "
        "is deleted."
    )

    def judge(self, work: Work, language: str, may_approve: bool) -> Verdict:
        public = [code for code in codes() if work.item.is_public(code)]
        if not public:
            return Verdict(True, _("Is deleted. It is not public."))
        names = {"languages": names_in_words(public)}
        return Verdict(True, gettext("Is deleted, and disappears from the site: %(languages)s.") % names)

    def notes(self, work: Work) -> list[str]:
        return _end_of_plan(work)

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        working_copies.delete(candidate.item, user)
        return ""

    def said(self, number: int) -> str:
        return ngettext("%(count)s item was deleted.", "%(count)s items were deleted.", number) % {"count": number}


ACTS: tuple[Act, ...] = (Publish(), Withdraw(), Submit(), Approve(), Delete())
