"""What is to be done: the lists of the start page, and the board of all items and languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Case, Count, F, Max, Min, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, current, language_name, names_in_words
from conference_site.links.models import Address
from conference_site.links.models import State as LinkState
from conference_site.links.reading import linking_models
from conference_site.media.models import Image
from conference_site.media.usage import used_first
from conference_site.publishing.models import LanguageVersion, Publishable, Stage, State

SHOWN = 5
PER_PAGE = 50


def kinds(user, right: str = "view") -> dict[int, type[Publishable]]:
    """Content type → model, of the kinds of content with which the user may do this."""
    models_ = [model for model in apps.get_models() if issubclass(model, Publishable)]
    allowed = [each for each in models_ if user.has_perm(_permission(each, right))]
    return {ContentType.objects.get_for_model(model).pk: model for model in allowed}


def versions_for(user, right: str = "view") -> models.QuerySet[LanguageVersion]:
    """The work on all kept items of these kinds, each row with ``state``, that of its text by the database's clock."""
    return LanguageVersion.objects.filter(content_type__in=kinds(user, right), deleted_at=None).annotate(state=_state())


def _state() -> Case:
    return Case(
        When(publish_at=None, then=Value(State.UNPUBLISHED)),
        When(expires_at__lte=Now(), then=Value(State.EXPIRED)),
        When(publish_at__gt=Now(), then=Value(State.SCHEDULED)),
        default=Value(State.PUBLIC),
        output_field=models.CharField(),
    )


def to_translate() -> Q:
    """Rows whose translation lacks something, or a part of whose source has changed."""
    return Q(missing__gt=0) | Q(outdated__gt=0)


# The start page


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists of the start page: the first few rows, and where all of them are."""

    heading: str | Promise
    rows: list
    address: str
    """Of the page that shows all of them."""
    kind: str = "version"
    """How a row is shown: by ``desk/work/<kind>.html``, as ``row``."""

    @property
    def has_more(self) -> bool:
        return len(self.rows) > SHOWN

    @property
    def shown(self) -> list:
        return self.rows[:SHOWN]

    @property
    def template(self) -> str:
        return f"desk/work/{self.kind}.html"


def lists(user) -> list[List]:
    """What this user may want to do next, the most urgent first. Empty lists are left out."""
    rows, to_judge = versions_for(user), versions_for(user, "approve")
    wanted = [
        (_("Waiting for your review"), to_judge.filter(stage=Stage.SUBMITTED), "moved_at", "stage=submitted"),
        (_("Sent back to you"), rows.filter(stage=Stage.SENT_BACK, author=user), "moved_at", "stage=sent+back"),
        (_("Approved, not yet published"), rows.filter(stage=Stage.APPROVED), "moved_at", "stage=approved"),
        (_("Your drafts"), rows.filter(stage=Stage.WRITING, author=user), "-revision", "stage=writing"),
        (_("Translations due"), rows.filter(due_on__isnull=False), "due_on", "need=due"),
        (_("Scheduled"), rows.filter(publish_at__gt=Now()), "publish_at", "state=scheduled"),
        (_("To be replaced"), rows.filter(replace_at__isnull=False), "replace_at", "need=planned"),
        (_("No longer public"), rows.filter(expires_at__lte=Now()), "-expires_at", "state=expired"),
    ]
    found = [(heading, with_models(rows.order_by(order, "pk")[: SHOWN + 1]), query) for heading, rows, order, query in wanted]
    _call(row for _heading, rows, _query in found for row in rows)
    found = [List(heading, rows, f"{reverse('admin:board')}?{query}") for heading, rows, query in found]
    return [each for each in [*found, *_endings(user), _broken_links(user), _silent_pictures(user)] if each.rows]


def _call(rows: Iterable[LanguageVersion]) -> None:
    """Give each row the title of its item in the reader's language, or else in its own, or in another. One query."""
    rows = list(rows)
    titles: dict[tuple, dict[str, str]] = {}
    of_these = LanguageVersion.objects.filter(any_of({(row.content_type_id, row.object_id) for row in rows})).exclude(title="")
    for content_type, pk, language, title in of_these.values_list("content_type", "object_id", "language", "title"):
        titles.setdefault((content_type, pk), {})[language] = title
    for row in rows:
        known = titles.get((row.content_type_id, row.object_id), {})
        row.called = next((known[code] for code in (current(), row.language, *codes()) if code in known), str(row))


def _endings(user) -> Iterator[List]:
    """What ends, in the world and not on the site: of the kinds whose querysets know it (``ending``)."""
    for model in kinds(user).values():
        if hasattr(model.objects, "ending"):
            rows = list(model.objects.ending()[: SHOWN + 1])
            for row in rows:
                row.form, row.has_ended = form_of(row), row.ends_on < str(timezone.localdate())[: len(row.ends_on)]
            heading = _("%(kinds)s: ending soon, or ended lately") % {"kinds": capfirst(model._meta.verbose_name_plural)}
            yield List(heading, rows, changelist_of(model), "ending")


def _broken_links(user) -> List:
    """Those in items that this user may mend."""
    mended = links_of(user)
    rows = Address.objects.filter(state=LinkState.BROKEN).standing_in(mended).worst_first().with_places(mended)
    return List(_("Broken links"), list(rows[: SHOWN + 1]), f"{reverse('admin:links')}?state={LinkState.BROKEN}", "link")


def _silent_pictures(user) -> List:
    may_change = user.has_perm("media.change_image")
    rows = list(used_first(Image.objects.lacking_alternatives())[: SHOWN + 1]) if may_change else []
    for row in rows:
        row.form = form_of(row)
        row.lacking = names_in_words(code for code in codes() if row.lacks_alternative(code))
    return List(_("Pictures without alternative text"), rows, f"{changelist_of(Image)}?alternative_text=missing", "picture")


def links_of(user, right: str = "change") -> set[int]:
    """The content types of the items whose links concern this user."""
    readable = [*kinds(user, right).values(), *(model for model in linking_models() if user.has_perm(_permission(model, right)))]
    return {ContentType.objects.get_for_model(model).pk for model in readable}


def _permission(model: type[models.Model], right: str) -> str:
    return f"{model._meta.app_label}.{right}_{model._meta.model_name}"


def form_of(item: models.Model) -> str:
    """The address of an item's form."""
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])


def changelist_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def with_models(rows: Iterable[LanguageVersion]) -> list[LanguageVersion]:
    """The rows, each with its item's kind in words and the address of its form."""
    rows = list(rows)
    for row in rows:
        opts = ContentType.objects.get_for_id(row.content_type_id).model_class()._meta
        row.get_state_display, row.language_name = State(row.state).label, language_name(row.language)
        row.kind = capfirst(opts.verbose_name)
        row.form = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.object_id])
        row.review = reverse(f"admin:{opts.app_label}_{opts.model_name}_review", args=[row.object_id])
    return rows


# The board

NEEDS = {
    "missing": (_("Translation missing"), Q(missing__gt=0)),
    "outdated": (_("Translation outdated"), Q(outdated__gt=0)),
    "due": (_("With a date"), Q(due_on__isnull=False)),
    "planned": (_("Replacement planned"), Q(replace_at__isnull=False)),
}
ORDERS = {
    "changed": (Max("revision"), F("key").desc(nulls_last=True)),
    "title": (Min("title"), F("key").asc()),
    "due": (Min("due_on"), F("key").asc(nulls_last=True)),
}
"""Order → what of an item's languages is compared, and how."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item on the board, with its languages in the site's order."""

    first: LanguageVersion
    languages: list[LanguageVersion]


def filtered(rows: models.QuerySet[LanguageVersion], wanted: dict) -> models.QuerySet[LanguageVersion]:
    """The rows that the board's form asks for; ``wanted`` is its cleaned data."""
    if wanted.get("need"):
        rows = rows.filter(NEEDS[wanted["need"]][1])
    for name in ("language", "stage", "state"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("kind"):
        rows = rows.filter(content_type=wanted["kind"])
    if wanted.get("q"):
        rows = rows.filter(title__icontains=wanted["q"])
    return rows


def page_of(user, wanted: dict, number: str | int) -> Page:
    """A page of the board: `Row` by `Row`. An item is on it if any of its languages is asked for."""
    asked = filtered(versions_for(user), wanted)
    key, direction = ORDERS[wanted.get("order") or "changed"]
    keys = asked.values("content_type", "object_id").annotate(key=key).order_by(direction, "content_type", "object_id")
    page = Paginator(keys, PER_PAGE).get_page(number)
    wanted_keys = [(key["content_type"], key["object_id"]) for key in page.object_list]
    found = versions_for(user).filter(any_of(wanted_keys)).order_by("content_type", "object_id").select_related("moved_by")
    grouped = {key: list(rows) for key, rows in groupby(with_models(found), lambda row: (row.content_type_id, row.object_id))}
    place = {code: index for index, code in enumerate(codes())}
    rows = [sorted(grouped[key], key=lambda row: place.get(row.language, 99)) for key in wanted_keys if key in grouped]
    page.object_list = [Row(languages[0], languages) for languages in rows]
    return page


def counts(user) -> list[tuple[str, dict[str, int]]]:
    """For each language: how many items have which state, stage or need."""
    rows = (
        versions_for(user)
        .values("language")
        .annotate(
            total=Count("pk"),
            public=Count("pk", filter=Q(state=State.PUBLIC)),
            submitted=Count("pk", filter=Q(stage=Stage.SUBMITTED)),
            writing=Count("pk", filter=Q(stage__in=[Stage.WRITING, Stage.SENT_BACK])),
            missing=Count("pk", filter=Q(missing__gt=0)),
            outdated=Count("pk", filter=Q(outdated__gt=0)),
        )
    )
    found = {row.pop("language"): row for row in rows}
    return [(code, found[code]) for code in codes() if code in found]


def any_of(keys: Iterable[tuple[int, int]]) -> Q:
    """Rows that belong to these items: content type and primary key."""
    by_kind: dict[int, list[int]] = {}
    for content_type, pk in keys:
        by_kind.setdefault(content_type, []).append(pk)
    condition = Q(pk__in=[])
    for content_type, pks in by_kind.items():
        condition |= Q(content_type=content_type, object_id__in=pks)
    return condition
