"""The rows of `LanguageVersion`: what is to be done on each language of each item.

`refresh` is called by `working_copies.record`, with which every act of an editor ends.
"""

from collections import Counter
from collections.abc import Iterable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from conference_site.languages.content import codes, localized
from conference_site.publishing import aggregate, translations
from conference_site.publishing.models import LanguageVersion, Publishable, Revision, Stage
from conference_site.search.documents import vector

Action = Revision.Action
MOVES = {
    Action.SUBMITTED: Stage.SUBMITTED,
    Action.APPROVED: Stage.APPROVED,
    Action.SENT_BACK: Stage.SENT_BACK,
    Action.PUBLISHED: Stage.NONE,
    Action.PLANNED: Stage.NONE,
    Action.FAILED: Stage.SENT_BACK,
}
"""The acts that say in which stage the languages are that they name."""

PLANS = {Action.PLANNED, Action.DROPPED, Action.FAILED}
JUDGED = {Action.APPROVED, Action.SENT_BACK, Action.PUBLISHED, Action.WITHDRAWN, Action.DELETED, Action.RESTORED, *PLANS}
"""The acts after which an item's words are still those of whoever wrote them."""

SETTLED = {Action.PUBLISHED, Action.WITHDRAWN, Action.DELETED, *PLANS}
"""The acts after which no earlier plan holds: what was planned would undo what has become public since."""

LIVE = ("publish_at", "expires_at")
KEYS = ["content_type", "object_id", "language"]


def of(item: Publishable) -> models.QuerySet[LanguageVersion]:
    """The item's, one a language, once its first revision was written."""
    content_type = ContentType.objects.get_for_model(item)
    return LanguageVersion.objects.filter(content_type=content_type, object_id=item.pk)


def refresh(live: Publishable, revision: Revision, before: dict | None) -> None:
    """Bring the item's rows up to date with the live row and with ``revision``, its newest, which followed ``before``."""
    known = {version.language: version for version in of(live)}
    touched = aggregate.differences(before, revision.data, type(live)) if before else [*codes(), "*"]
    counted = Counter((each.language, each.state) for each in translations.passages(type(live), revision.data))
    rows = []
    for language in codes():
        version = known.get(language) or LanguageVersion(
            content_type=revision.content_type, object_id=live.pk, language=language, moved_at=Now()
        )
        if version.revision_id != revision.pk:
            _move(version, live, revision, is_touched=bool({language, "*"} & set(touched)))
        version.title = title_in(type(live), revision.data, language)
        version.words = vector([("A", language, version.title)])
        version.missing = counted[language, translations.Translation.MISSING]
        version.outdated = counted[language, translations.Translation.OUTDATED]
        version.revision = revision
        if revision.action not in JUDGED:
            version.author = revision.author
        if revision.action in SETTLED:
            version.planned = version.replace_at = None
        version.deleted_at = live.deleted_at
        for name in LIVE:
            setattr(version, name, getattr(live, localized(name, language)))
        if version.publish_at:
            version.due_on = None
        rows.append(version)
    LanguageVersion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=KEYS,
        update_fields=[field.name for field in LanguageVersion._meta.concrete_fields if field.name not in ("id", *KEYS)],
    )


def rebuild(missing: bool = False) -> int:
    """Write the rows of every item that has a revision anew, or of those that have none yet; returns of how many."""
    return sum(_rebuild(model, missing) for model in apps.get_models() if issubclass(model, Publishable))


def _rebuild(model: type[Publishable], missing: bool) -> int:
    content_type = ContentType.objects.get_for_model(model)
    known = LanguageVersion.objects.filter(content_type=content_type, object_id=OuterRef("pk"), words__isnull=False)
    rows = model._base_manager.filter(~Exists(known)) if missing else model._base_manager.all()
    number = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            item = model._base_manager.select_for_update(no_key=True).filter(pk=pk).first()
            revision = Revision.objects.filter(content_type=content_type, object_id=pk).order_by("-pk").first()
            if item and revision:
                refresh(item, revision, revision.data)
                number += 1
    return number


def _move(version: LanguageVersion, live: Publishable, revision: Revision, is_touched: bool) -> None:
    """The stage after this revision, with who brought it there, when, and with which words."""
    stage = _next_stage(version, live, revision, is_touched)
    if stage == version.stage and not (revision.action in MOVES and version.language in revision.languages):
        return
    version.stage, version.moved_by, version.moved_at = stage, revision.author, Now()
    version.note = revision.note


def _next_stage(version: LanguageVersion, live: Publishable, revision: Revision, is_touched: bool) -> Stage:
    """What was approved and then changed is approved no more. What waits for its review, or was sent back, goes on doing so."""
    language, stage = version.language, Stage(version.stage)
    if revision.action in MOVES and language in revision.languages:
        return MOVES[revision.action]
    differs = language in revision.changed or not getattr(live, localized("publish_at", language))
    is_written = bool(revision.data["fields"].get(localized(live.headline, language)))
    if stage in (Stage.NONE, Stage.WRITING):
        return Stage.WRITING if differs and is_written else Stage.NONE
    return Stage.WRITING if stage == Stage.APPROVED and is_touched else stage


def title_in(model: type[Publishable], data: dict, language: str) -> str:
    """The headline of a working copy's ``data`` in ``language``, else in another, in one line."""
    texts = (data["fields"].get(localized(model.headline, code)) for code in [language, *codes()])
    return " ".join((next(filter(None, texts), None) or "").split())[:500]


def stages(item: Publishable, languages: Iterable[str]) -> dict[str, Stage]:
    """The stage of each of these languages."""
    found = {version.language: Stage(version.stage) for version in of(item)}
    return {language: found.get(language, Stage.NONE) for language in languages}
