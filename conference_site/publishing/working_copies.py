"""The acts of an editor. These functions are the only doors from a working copy to what the public sees.

Each is one transaction, locks the live row first, and leaves a `Revision` behind.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conference_site.languages.content import all_localized, codes, language_name, localized
from conference_site.publishing import aggregate, notices, translations, versions
from conference_site.publishing.models import Addressed, FormerSlug, PreviewLink, Publishable, Revision, Stage
from conference_site.publishing.translations import Translation
from conference_site.search import indexing

Action = Revision.Action
DATES = ("publish_at", "expires_at")


def revisions_of(item: Publishable) -> models.QuerySet[Revision]:
    """The item's revisions, newest first."""
    content_type = ContentType.objects.get_for_model(item)
    return Revision.objects.filter(content_type=content_type, object_id=item.pk).order_by("-pk")


def working_copy(item: Publishable) -> dict:
    """The data of the newest revision; of the live row, where there is none yet."""
    newest = revisions_of(item).first()
    return newest.data if newest else aggregate.snapshot(item)


@transaction.atomic
def record(
    item: Publishable,
    action: Action,
    author=None,
    data: dict | None = None,
    languages: Iterable[str] = (),
    *,
    note: str = "",
    seen: dict | None = None,
) -> Revision:
    """Write down what an editor did; let the search hold what is live now, the boards of the desk what is to be done, and the
    outbox whom to tell.

    ``data`` is the new working copy; without it, the live rows are. ``seen`` is the working copy that the editor had before their
    eyes, where that wasn't the newest one.
    """
    row, newest = lock(item), revisions_of(item).first()
    indexing.refresh(row)
    live = as_stored(aggregate.snapshot(row))
    data, before = as_stored(data) if data else live, newest.data if newest else None
    revision = Revision.objects.create(
        content_type=ContentType.objects.get_for_model(item),
        object_id=item.pk,
        action=action,
        languages=list(languages),
        data=data | {"sources": translations.remember_sources(type(item), data, before, seen)},
        changed=aggregate.differences(live, data, type(item)),
        author=author,
        note=note,
    )
    versions.refresh(row, revision, before)
    notices.tell(revision)
    return revision


@transaction.atomic
def add(item: Publishable, data: dict, author=None) -> Revision:
    """Keep ``data`` as the first working copy of a new item. Its dates stay there: the live row is public in no language."""
    type(item)._base_manager.filter(pk=item.pk).update(**dict.fromkeys(all_localized(*DATES)))
    return save(item, data, author)


@transaction.atomic
def save(item: Publishable, data: dict, author=None, action: Action = Action.SAVED, seen: dict | None = None) -> Revision:
    """Keep ``data`` as the item's working copy. The live row stays as it is, unless it was never public: then it follows.

    Dates of publication never go live by saving. Data equal to the working copy that there is leave no revision: the newest
    one is returned. ``seen``: see `record`.
    """
    live = lock(item)
    newest = revisions_of(live).first()
    if newest and _content(newest.data) == _content(as_stored(data)):
        return newest
    if not live.was_ever_published:
        dates = set(all_localized(*DATES))
        aggregate.assign(live, data | {"fields": {name: value for name, value in data["fields"].items() if name not in dates}})
        aggregate.save(live, data)
    return record(live, action, author, data, seen=seen)


def lock(item: Publishable) -> Publishable:
    """The live row, freshly read and locked until the transaction ends."""
    return type(item)._base_manager.select_for_update(no_key=True).get(pk=item.pk)


@contextmanager
def applied(item: Publishable, data: dict | None = None) -> Iterator[Publishable]:
    """The working copy in place of the live rows, for as long as the block lasts; then everything is rolled back.

    ``data`` is an older working copy, where that is the one to be seen.

    Ordinary Django code inside sees, validates and saves the working copy as if it were live. An answer that reads the
    database must be rendered inside. The lock outlasts the block, until the caller's transaction ends: nobody else saves between
    the form and `save`.
    """
    with transaction.atomic(savepoint=False):
        live = lock(item)
        with transaction.atomic():
            newest = revisions_of(live).first()
            data = data or (newest.data if newest else aggregate.snapshot(live))
            differs = newest.changed if newest and _content(newest.data) == _content(data) else ["*"]
            if differs or aggregate.has_unfinished_parts(data, type(live)):
                existing = aggregate.existing_in(type(live), data)
                aggregate.assign(live, data | {"fields": _without_taken(live, data["fields"])}, existing=existing)
                aggregate.save(live, data if "*" in differs else data | {"links": {}}, existing=existing)
            yield live
            transaction.set_rollback(True)  # of the inner block; an exception does the same


@contextmanager
def as_published(item: Publishable) -> Iterator[Publishable]:
    """The site as it will be once the whole working copy is published: every text with a title, as of now. Then it is undone.

    Nothing is validated, and nobody waits for longer than the block lasts: the row is locked by being written, and let go
    with the savepoint. An answer that reads the database must be rendered inside.
    """
    with transaction.atomic():
        live = type(item)._base_manager.get(pk=item.pk)
        data, now = working_copy(live), _now()
        fields = _without_taken(live, data["fields"])
        languages = [code for code in codes() if fields.get(localized(live.headline, code))]
        for language in languages:
            fields |= _public_dates(live, fields, language, now)
        live.before_publish(fields, languages)
        aggregate.assign(live, data | {"fields": fields}, languages)
        aggregate.save(live, data, languages)
        yield live
        transaction.set_rollback(True)


@transaction.atomic
def revert(item: Publishable, earlier: Revision, author=None) -> Revision:
    """Make the working copy what it was in ``earlier``, as far as that can still be: see `reverted`. What is public stays.

    Raises `ValidationError`, changing nothing, where today's rules refuse what comes of it.
    """
    live = lock(item)
    data = reverted(live, earlier)
    aggregate.assign(live, data)
    live.full_clean(exclude=aggregate.translated_fields(type(live)))
    return save(live, data, author, Action.REVERTED)


def reverted(live: Publishable, earlier: Revision) -> dict:
    """The data of ``earlier`` as the working copy of today. Writes nothing.

    Dates of publication stay those of the working copy, for bringing back a text must neither publish nor schedule it; so a
    language that has such a date stays as it is where the earlier version has no title in it. Left out is what is no longer
    there, and an address that is another item's by now. What the earlier version doesn't know stays as it is.
    """
    now, was = working_copy(live), earlier.data
    columns = {code: (localized(live.headline, code), localized("publish_at", code)) for code in codes()}
    languages = [code for code, (title, date) in columns.items() if was["fields"].get(title) or not now["fields"].get(date)]
    data = aggregate.merged(now, was, type(live), languages, but=all_localized(*DATES))
    free = _without_taken(live, data["fields"])
    if isinstance(live, Addressed) and (slug := free.get("slug")) in live.taken_slugs(slug or ""):
        del free["slug"]  # it leads to another item for ever
    data["fields"] |= {name: getattr(live, name) for name in data["fields"].keys() - free.keys()}
    return data


@transaction.atomic
def publish(item: Publishable, languages: Iterable[str], author=None, dates: dict | None = None) -> Revision:
    """Make the working copy's texts in ``languages`` live, those of its parts too, with all that languages share.

    ``dates`` (column → datetime or None) replaces dates of publication in the working copy first. A text without a date of
    publication becomes public now. Raises `ValidationError`, changing nothing, where the working copy can't be published as it
    stands.
    """
    languages = [code for code in codes() if code in set(languages)]
    live, data = lock(item), working_copy(item)
    data["fields"] |= dates or {}
    require_approval(live, languages, author)
    go_live(live, data, languages)
    return record(live, Action.PUBLISHED, author, data, languages)


def go_live(live: Publishable, data: dict, languages: list[str]) -> None:
    """Let ``data`` in ``languages`` take the place of the locked row ``live``; texts without a date get one in ``data``.

    Raises `ValidationError` where today's rules refuse what comes of it. Leaves no revision: that is the caller's.
    """
    now = _now()
    for language in languages:
        _date(live, data["fields"], language, now)
    former_slug = getattr(live, "slug", None)
    if barriers := live.publication_barriers(data, languages):
        raise ValidationError([barrier.reason for language in languages for barrier in barriers.get(language, ())])
    live.before_publish(data["fields"], languages)
    aggregate.assign(live, data, languages)
    live.full_clean(exclude=aggregate.translated_fields(type(live)))
    aggregate.save(live, data, languages)
    if isinstance(live, Addressed):
        live.keep_former_slug(former_slug)


@transaction.atomic
def withdraw(item: Publishable, languages: Iterable[str], author=None) -> Revision:
    """Make the texts in ``languages`` expire now; one that waits for its date has none any more.

    Nothing else that stands in the working copy goes live. Raises `ValidationError` for a text that is neither.
    """
    live, data, now = lock(item), working_copy(item), _now()
    for language in languages:
        start, end = (getattr(live, localized(name, language)) for name in DATES)
        if not start or (end and end <= now):
            raise ValidationError(
                _("This text is not public, and is not going to be: %(language)s.") % {"language": language_name(language)}
            )
        dates = {"publish_at": None, "expires_at": None} if start and start > now else {"expires_at": now}
        for name, moment in dates.items():
            setattr(live, localized(name, language), moment)
            data["fields"][localized(name, language)] = moment
    live.save()
    return record(live, Action.WITHDRAWN, author, data, languages)


@transaction.atomic
def submit(item: Publishable, languages: Iterable[str], author=None, note: str = "") -> Revision:
    """Ask somebody who may approve to look at the texts in ``languages``. Raises `ValidationError` for one that has no title."""
    live, languages = lock(item), list(languages)
    fields = working_copy(live)["fields"]
    for language in languages:
        _require_title(live, fields, language)
    return _move(live, Action.SUBMITTED, languages, author, note)


@transaction.atomic
def approve(item: Publishable, languages: Iterable[str], author=None, note: str = "", seen: int | None = None) -> Revision:
    """Find the texts in ``languages`` good enough to be published. They go live by publishing.

    ``seen`` is the revision that was looked at. Raises `ValidationError` if there is a newer one, or nothing waits for a review.
    """
    live, languages = lock(item), list(languages)
    _require_submitted(live, languages, seen)
    return _move(live, Action.APPROVED, languages, author, note)


@transaction.atomic
def send_back(item: Publishable, languages: Iterable[str], author=None, note: str = "", seen: int | None = None) -> Revision:
    """Ask for changes, for the reason that ``note`` gives. Raises `ValidationError` as `approve` does, and without a reason."""
    live, languages = lock(item), list(languages)
    _require_submitted(live, languages, seen)
    if not note.strip():
        raise ValidationError(_("A reason helps whoever goes on with the text: please give one."))
    return _move(live, Action.SENT_BACK, languages, author, note)


@transaction.atomic
def confirm(item: Publishable, paths: Iterable[str], author=None) -> Revision:
    """Declare the translations at ``paths`` (see `translations.Passage`) to be up to date with their sources as these are now."""
    live, paths = lock(item), set(paths)
    data = working_copy(live)
    confirmed = [each for each in translations.passages(type(live), data) if each.path in paths and each.text]
    data["sources"] = data.get("sources", {}) | {each.path: translations.digest(each.source) for each in confirmed}
    languages = [code for code in codes() if code in {each.language for each in confirmed}]
    return record(live, Action.CONFIRMED, author, data, languages)


@transaction.atomic
def duplicate(item: Publishable, author=None) -> Publishable:
    """A new draft with all that stands in the item's working copy, public in no language. Its title says in each language whose
    copy it is. It has an address of its own, and neither dates of publication nor a stage; what was outdated still is.
    """
    live = lock(item)
    model, data = type(live), aggregate.with_new_parts(type(live), working_copy(live))
    outdated = {each.path: each.seen for each in translations.passages(model, data) if each.state == Translation.OUTDATED}
    shared = [name for name in ("slug", *live.not_duplicated) if name in data["fields"]]
    data["fields"] |= {name: "" if name == "slug" else None for name in shared}
    data["fields"] |= dict.fromkeys(all_localized(*DATES)) | _titles_of_a_copy(live, data["fields"])
    copy = model()
    aggregate.assign(copy, data)
    copy.save()
    if "slug" in shared:
        data["fields"]["slug"] = copy.slug
    add(copy, data | {"sources": outdated}, author)
    return copy


def _titles_of_a_copy(live: Publishable, fields: dict) -> dict:
    """Each title that there is, marked as that of a copy in its own language."""
    titles = {}
    for code in codes():
        column = localized(live.headline, code)
        if fields.get(column):
            with translation.override(code):
                title = _("Copy of %(title)s") % {"title": fields[column]}
            titles[column] = title[: live._meta.get_field(column).max_length]
    return titles


@transaction.atomic
def delete(item: Publishable, author=None) -> Revision:
    """Take the item from the site and from the lists; it can be restored."""
    return _set_deleted(item, Now(), Action.DELETED, author)


@transaction.atomic
def restore(item: Publishable, author=None) -> Revision:
    """Bring a deleted item back, as it was."""
    return _set_deleted(item, None, Action.RESTORED, author)


@transaction.atomic
def purge(item: Publishable) -> None:
    """Remove the item for ever, with its revisions, former addresses and links to previews."""
    lock(item)
    content_type = ContentType.objects.get_for_model(item)
    versions.of(item).delete()
    revisions_of(item).delete()
    FormerSlug.objects.filter(content_type=content_type, object_id=item.pk).delete()
    PreviewLink.objects.of(item).delete()
    item.delete()


def _set_deleted(item: Publishable, when: Now | None, action: Action, author) -> Revision:
    live = lock(item)
    data = working_copy(live)
    type(live)._base_manager.filter(pk=live.pk).update(deleted_at=when, modified_at=Now())
    return record(live, action, author, data)


def _date(live: Publishable, fields: dict, language: str, now: datetime) -> None:
    """Give the text its date of publication, and refuse dates that contradict what is public already."""
    publish_at, expires_at = localized("publish_at", language), localized("expires_at", language)
    to_python = live._meta.get_field(publish_at).to_python
    start, end, was = to_python(fields.get(publish_at)), to_python(fields.get(expires_at)), getattr(live, publish_at)
    name = language_name(language)
    _require_title(live, fields, language)
    if end and end <= now:
        raise ValidationError(_("The end of publication is already past: %(language)s.") % {"language": name})
    if end and start and end <= start:
        raise ValidationError(_("Publication would end before it begins: %(language)s.") % {"language": name})
    expired = getattr(live, expires_at)
    if start and start > now and was and was <= now and not (expired and expired <= now):
        moment = date_format(was, "DATE_FORMAT")
        raise ValidationError(
            _(
                "This text has been public since %(date)s. To change it later, say when under “Replace on”; to hide it until "
                "then, withdraw it: %(language)s."
            )
            % {"date": moment, "language": name}
        )
    fields[publish_at] = start or now


def _move(live: Publishable, action: Action, languages: list[str], author, note: str) -> Revision:
    return record(live, action, author, working_copy(live), languages, note=note.strip())


def _require_title(live: Publishable, fields: dict, language: str) -> None:
    if not fields.get(localized(live.headline, language)):
        raise ValidationError(
            _("The text in this language has no title yet: %(language)s.") % {"language": language_name(language)}
        )


def _require_submitted(live: Publishable, languages: list[str], seen: int | None) -> None:
    if seen is not None and seen != revisions_of(live).values_list("pk", flat=True).first():
        raise ValidationError(_("The draft has changed since you opened it. Please look at it again."))
    for language, stage in versions.stages(live, languages).items():
        if stage != Stage.SUBMITTED:
            raise ValidationError(
                _("This text does not wait for a review: %(language)s.") % {"language": language_name(language)}
            )


def require_approval(live: Publishable, languages: list[str], author) -> None:
    """Where the site asks for reviews: only what was approved is published, except by those who may approve."""
    if not settings.REVIEWS or author is None or author.has_perm(f"{live._meta.app_label}.approve_{live._meta.model_name}"):
        return
    for language, stage in versions.stages(live, languages).items():
        if stage != Stage.APPROVED:
            raise ValidationError(
                _("This text has to be approved before it is published: %(language)s.") % {"language": language_name(language)}
            )


def _content(data: dict) -> dict:
    """The data without what the site notes beside them."""
    return {name: data[name] for name in ("fields", "links", "parts")}


def _public_dates(live: Publishable, fields: dict, language: str, now: datetime) -> dict:
    """Dates with which the text is public now: its own as far as they say so."""
    publish_at, expires_at = localized("publish_at", language), localized("expires_at", language)
    to_python = live._meta.get_field(publish_at).to_python
    start, end = to_python(fields.get(publish_at)), to_python(fields.get(expires_at))
    return {publish_at: start if start and start <= now else now, expires_at: end if end and end > now else None}


def _without_taken(live: Publishable, fields: dict) -> dict:
    """The fields without unique values that another item has taken since: the form shows the live ones in their place."""
    others = type(live)._base_manager.exclude(pk=live.pk)
    unique = [field.attname for field in live._meta.concrete_fields if field.unique and field.attname in fields]
    unique = [name for name in unique if fields[name] != getattr(live, name)]
    taken = {name for name in unique if others.filter(**{name: fields[name]}).exists()}
    return {name: value for name, value in fields.items() if name not in taken}


def _now() -> datetime:
    """The moment of this statement by the database's clock, to the second: a form shows no more, and must lose nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', statement_timestamp())")
        return cursor.fetchone()[0]


class _Encoder(DjangoJSONEncoder):
    """Moments in UTC, whatever the time zone that they were typed in."""

    def default(self, o: object) -> object:
        return super().default(o.astimezone(UTC) if isinstance(o, datetime) else o)


def as_stored(data: dict) -> dict:
    """The data as it comes back from its JSON column, so that two snapshots of the same compare equal."""
    return json.loads(json.dumps(data, cls=_Encoder))
