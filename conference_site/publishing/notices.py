"""Who is told by mail of what happens to a text: written into the outbox (`accounts.outbox`), in the transaction of the act."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from conference_site.accounts import outbox
from conference_site.accounts.models import Kind, Notice
from conference_site.languages.content import codes, localized
from conference_site.publishing.models import LanguageVersion, Revision

Action = Revision.Action
KINDS = {
    Action.SUBMITTED: Kind.SUBMITTED,
    Action.SENT_BACK: Kind.SENT_BACK,
    Action.FAILED: Kind.SENT_BACK,
    Action.APPROVED: Kind.APPROVED,
}
"""The acts that somebody is told of."""

FROM_HOUR = 7
"""Of the site's time zone: when the day begins on which something is due."""

MOST = 50
"""Items that one mail names; it leads to the board, which has all."""


def tell(revision: Revision) -> None:
    """Tell of a submission those who may approve, of its answer those who asked and wrote; never whoever did it.

    A replacement that failed was done by nobody: whoever had planned it is told too.
    """
    if not (kind := KINDS.get(Action(revision.action))):
        return
    people = those_who_may("approve", revision.content_type) if kind == Kind.SUBMITTED else _those_behind(revision)
    has_failed = revision.action == Action.FAILED
    actor = None if has_failed else revision.author
    item = _facts(revision.content_type, revision.object_id, revision.data, revision.languages, "review")
    by = actor and (actor.get_full_name() or actor.get_username())
    facts = {"items": [item], "by": by, "note": revision.note, "has_failed": has_failed}
    outbox.put(kind, people.exclude(pk=actor and actor.pk), f"revision {revision.pk}", facts)


def remind(now: datetime | None = None) -> None:
    """Once a day, in one mail, tell everyone of the translations that are due and theirs: see `due`."""
    now = timezone.localtime(now)
    key = f"due {now:%Y-%m-%d}"
    if now.hour < FROM_HOUR:
        return
    told = set(Notice.objects.filter(key=key).values_list("recipient", flat=True))
    willing = set(outbox.wanting(Kind.DUE, User.objects.all()).values_list("pk", flat=True)) - told
    for pk, versions in due(now).items() if willing else ():
        if pk in willing:
            named = versions[:MOST]
            prefetch_related_objects(named, "revision")
            facts = {"items": [_due_facts(version) for version in named], "number": len(versions)}
            outbox.put(Kind.DUE, User.objects.filter(pk=pk), key, facts)


def due(now: datetime) -> dict[int, list[LanguageVersion]]:
    """User → the translations whose day has come, and which still lack something or are outdated.

    Each concerns its author; where there is none who may change it any more, all who may.
    """
    wanted = Q(missing__gt=0) | Q(outdated__gt=0)
    versions = LanguageVersion.objects.filter(wanted, due_on__lte=now.date(), deleted_at=None).order_by("due_on", "pk")
    may: dict[int, set[int]] = {}
    found = defaultdict(list)
    for version in versions:
        if version.content_type_id not in may:
            content_type = ContentType.objects.get_for_id(version.content_type_id)
            may[version.content_type_id] = set(those_who_may("change", content_type).values_list("pk", flat=True))
        people = may[version.content_type_id]
        for pk in {version.author_id} if version.author_id in people else people:
            found[pk].append(version)
    return found


def those_who_may(right: str, content_type: ContentType) -> QuerySet[User]:
    """Active users who may do this with items of this kind, superusers among them."""
    return User.objects.with_perm(f"{content_type.app_label}.{right}_{content_type.model}")


def _those_behind(revision: Revision) -> QuerySet[User]:
    """Who submitted these texts last, who worked on them, and who had planned what failed."""
    place = {"content_type": revision.content_type, "object_id": revision.object_id}
    submissions = Revision.objects.filter(**place, action=Action.SUBMITTED, pk__lt=revision.pk)
    submitted = [submissions.filter(languages__contains=[code]).order_by("-pk").first() for code in revision.languages]
    written = LanguageVersion.objects.filter(**place, language__in=revision.languages).values_list("author", flat=True)
    planned = [revision.author_id] if revision.action == Action.FAILED else []
    return User.objects.filter(pk__in={*(each.author_id for each in submitted if each), *written, *planned} - {None})


def _facts(content_type: ContentType, pk: int, data: dict, languages: Iterable[str], page: str) -> dict:
    """What `accounts.mail.Item` is made of."""
    model = content_type.model_class()
    titles = {code: data["fields"].get(localized(model.headline, code)) for code in codes()}
    return {
        "model": model._meta.label_lower,
        "pk": pk,
        "titles": {code: title for code, title in titles.items() if title},
        "languages": list(languages),
        "page": page,
    }


def _due_facts(version: LanguageVersion) -> dict:
    content_type = ContentType.objects.get_for_id(version.content_type_id)
    data = version.revision.data if version.revision else {"fields": {}}
    facts = _facts(content_type, version.object_id, data, [version.language], "translation")
    needs = [need for need in ("missing", "outdated") if getattr(version, need)]
    return facts | {"due_on": version.due_on.isoformat(), "needs": needs}
