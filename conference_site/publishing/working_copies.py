"""The acts of an editor. These functions are the only doors from a working copy to what the public sees.

Each is one transaction, locks the live row first, and leaves a `Revision` behind.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conference_site.languages.content import all_localized, codes, language_name, localized
from conference_site.publishing import aggregate
from conference_site.publishing.models import Addressed, FormerSlug, PreviewLink, Publishable, Revision
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
def record(item: Publishable, action: Action, author=None, data: dict | None = None, languages: Iterable[str] = ()) -> Revision:
    """Write down what an editor did, and let the search hold what is live now.

    ``data`` is the new working copy; without it, the live rows are.
    """
    row = lock(item)
    indexing.refresh(row)
    live = _as_stored(aggregate.snapshot(row))
    data = _as_stored(data) if data else live
    return Revision.objects.create(
        content_type=ContentType.objects.get_for_model(item),
        object_id=item.pk,
        action=action,
        languages=list(languages),
        data=data,
        changed=aggregate.differences(live, data, type(item)),
        author=author,
    )


@transaction.atomic
def add(item: Publishable, data: dict, author=None) -> Revision:
    """Keep ``data`` as the first working copy of a new item. Its dates stay there: the live row is public in no language."""
    type(item)._base_manager.filter(pk=item.pk).update(**dict.fromkeys(all_localized(*DATES)))
    return save(item, data, author)


@transaction.atomic
def save(item: Publishable, data: dict, author=None) -> Revision:
    """Keep ``data`` as the item's working copy. The live row stays as it is, unless it was never public: then it follows.

    Dates of publication never go live by saving. Data equal to the working copy that there is leave no revision: the newest
    one is returned.
    """
    live = lock(item)
    newest = revisions_of(live).first()
    if newest and newest.data == _as_stored(data):
        return newest
    if not live.was_ever_published:
        dates = set(all_localized(*DATES))
        aggregate.assign(live, data | {"fields": {name: value for name, value in data["fields"].items() if name not in dates}})
        aggregate.save(live, data)
    return record(live, Action.SAVED, author, data)


def lock(item: Publishable) -> Publishable:
    """The live row, freshly read and locked until the transaction ends."""
    return type(item)._base_manager.select_for_update(no_key=True).get(pk=item.pk)


@contextmanager
def applied(item: Publishable) -> Iterator[Publishable]:
    """The working copy in place of the live rows, for as long as the block lasts; then everything is rolled back.

    Ordinary Django code inside sees, validates and saves the working copy as if it were live. An answer that reads the
    database must be rendered inside. The lock outlasts the block, until the caller's transaction ends: nobody else saves between
    the form and `save`.
    """
    with transaction.atomic():
        live = lock(item)
        with transaction.atomic():
            data = working_copy(live)
            aggregate.assign(live, data | {"fields": _without_taken(live, data["fields"])})
            aggregate.save(live, data)
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
def publish(item: Publishable, languages: Iterable[str], author=None, dates: dict | None = None) -> Revision:
    """Make the working copy's texts in ``languages`` live, those of its parts too, with all that languages share.

    ``dates`` (column → datetime or None) replaces dates of publication in the working copy first. A text without a date of
    publication becomes public now. Raises `ValidationError`, changing nothing, where the working copy can't be published as it
    stands.
    """
    languages = [code for code in codes() if code in set(languages)]
    live, data, now = lock(item), working_copy(item), _now()
    data["fields"] |= dates or {}
    for language in languages:
        _date(live, data["fields"], language, now)
    former_slug = getattr(live, "slug", None)
    live.before_publish(data["fields"], languages)
    aggregate.assign(live, data, languages)
    live.full_clean(exclude=aggregate.translated_fields(type(live)))
    aggregate.save(live, data, languages)
    if isinstance(live, Addressed):
        live.keep_former_slug(former_slug)
    return record(live, Action.PUBLISHED, author, data, languages)


@transaction.atomic
def withdraw(item: Publishable, languages: Iterable[str], author=None) -> Revision:
    """Make the texts in ``languages`` expire now; one that waits for its date has none any more.

    Nothing else that stands in the working copy goes live.
    """
    live, data, now = lock(item), working_copy(item), _now()
    for language in languages:
        start = getattr(live, localized("publish_at", language))
        dates = {"publish_at": None, "expires_at": None} if start and start > now else {"expires_at": now}
        for name, moment in dates.items():
            setattr(live, localized(name, language), moment)
            data["fields"][localized(name, language)] = moment
    live.save()
    return record(live, Action.WITHDRAWN, author, data, languages)


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
    content_type = ContentType.objects.get_for_model(item)
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
    if not fields.get(localized(live.headline, language)):
        raise ValidationError(_("The text in this language has no title yet: %(language)s.") % {"language": name})
    if end and end <= now:
        raise ValidationError(_("The end of publication is already past: %(language)s.") % {"language": name})
    if end and start and end <= start:
        raise ValidationError(_("Publication would end before it begins: %(language)s.") % {"language": name})
    expired = getattr(live, expires_at)
    if start and start > now and was and was <= now and not (expired and expired <= now):
        moment = date_format(was, "DATE_FORMAT")
        raise ValidationError(
            _("This text has been public since %(date)s; withdraw it before you schedule it: %(language)s.")
            % {"date": moment, "language": name}
        )
    fields[publish_at] = start or now


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


def _as_stored(data: dict) -> dict:
    """The data as it comes back from its JSON column, so that two snapshots of the same compare equal."""
    return json.loads(json.dumps(data, cls=_Encoder))
