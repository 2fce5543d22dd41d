"""The log as it is read: filtered, page by page, each entry in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.audit.models import Action, Entry, action_names
from conference_site.audit.tables import SECRET
from conference_site.languages.content import codes, names_in_words
from conference_site.publishing import comparison
from conference_site.publishing.comparison import Comparison, Value
from conference_site.publishing.differences import Kind, Piece
from conference_site.publishing.models import Revision

PER_PAGE = 30
MOST_SEARCHED = 5_000
"""So many entries are read for a text before a page is shown, so that a rare one makes no page slow: the next page reads on."""

PLACE = re.compile(r"(\d{16})\.(\d{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

VERBS = {
    "add": _("Add"),
    "change": _("Change"),
    "delete": _("Delete"),
    "view": _("View"),
    "publish": _("Publish"),
    "approve": _("Approve"),
}
PROGRAMS = {
    "site": _("the site by itself"),
    "password_reset_confirm": _("a link that was sent by mail"),
    "password_reset": _("the form for forgotten passwords"),
}


# Filtering and paging


def filtered(entries: models.QuerySet[Entry], wanted: dict) -> models.QuerySet[Entry]:
    """The entries that the form of the page asks for, but for its text; ``wanted`` is its cleaned data."""
    if item := wanted.get("item"):
        label, _colon, key = item.partition(":")
        entries = entries.filter(item_model=label, item_id=key)
    if wanted.get("kind"):
        entries = entries.filter(item_model=wanted["kind"])
    for name in ("who", "action"):
        if wanted.get(name):
            entries = entries.filter(**{name: wanted[name]})
    if wanted.get("since"):
        entries = entries.filter(happened_at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        entries = entries.filter(happened_at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    return entries


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Page:
    """Entries, the newest first, and where the next page begins (None where there is none)."""

    entries: list[Entry]
    older: str | None
    goes_on: bool = False
    """Whether a text was sought in all the entries that a page may read, and there are older ones."""


def page_of(entries: models.QuerySet[Entry], text: str = "", before: str = "", size: int = PER_PAGE) -> Page:
    """The page that begins after the place ``before``. No entry is counted, so page 1,000 costs what page 1 does."""
    entries = entries.order_by("-happened_at", "-pk")
    if place := _place(before):
        moment, key = place
        entries = entries.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, pk__lt=key), happened_at__lte=moment)
    if not text:
        found = list(entries[: size + 1])
        return Page(found[:size], _name(found[size - 1]) if len(found) > size else None)
    last = entries[MOST_SEARCHED - 1 : MOST_SEARCHED].first()
    found = list(_with_text(entries, text)[: size + 1])
    if len(found) > size:
        return Page(found[:size], _name(found[size - 1]))
    return Page(found, _name(last) if last else None, goes_on=bool(last))


def _with_text(entries: models.QuerySet[Entry], text: str) -> models.QuerySet[Entry]:
    among = Entry.objects.filter(pk__in=entries.values("pk")[:MOST_SEARCHED])
    values = {f"{name}_text": Cast(name, TextField()) for name in ("old", "new")}
    matches = [Q(**{f"{name}__icontains": text}) for name in ("item_name", "note", *values)]
    return among.alias(**values).filter(matches[0] | matches[1] | matches[2] | matches[3]).order_by("-happened_at", "-pk")


def _place(text: str) -> tuple[datetime, int] | None:
    """What `_name` made of an entry; anything else is as good as left out."""
    found = PLACE.fullmatch(text)
    return (EPOCH + timedelta(microseconds=int(found[1])), int(found[2])) if found else None


def _name(entry: Entry) -> str:
    return f"{(entry.happened_at - EPOCH) // timedelta(microseconds=1):016}.{entry.pk}"


# In words


@dataclass
class Line:
    """An entry as it is read."""

    entry: Entry
    act: str
    who: str
    """Empty where nobody was signed in, or a program did it."""
    program: str
    """What did it, where it wasn't somebody at the desk: in words, else by the name that a ``tool`` gave itself."""
    tool: str
    database_role: str
    """Under which a tool entered the database."""
    kind: str
    called: str
    model: type[models.Model] | None
    """Of the item, while there is such a model."""
    part: str = ""
    """The kind of the part or link, where the row is not the item itself."""
    changes: Comparison | None = None
    secrets: list[str] = field(default_factory=list)
    """What was changed and is not kept, by name."""

    @property
    def said(self) -> str:
        """What whoever did it wrote to it."""
        return self.entry.note

    @property
    def changed(self) -> str:
        """The names of what was changed."""
        if not self.changes:
            return ""
        return gettext(", ").join([each.label for each in [*self.changes.fields, *self.changes.parts]])

    @property
    def is_short(self) -> bool:
        """Whether what changed can be shown at once: it isn’t the whole of what was added or deleted."""
        return self.entry.action not in (Action.ADDED, Action.REMOVED) or self.entry.model != self.entry.item_model


def lines(entries: Iterable[Entry]) -> list[Line]:
    """The entries in words. What they refer to is read in one query a model."""
    entries = list(entries)
    versions = {entry.pk: _versions(entry) for entry in entries}
    named = [(model, version) for model, *both in filter(None, versions.values()) for version in both]
    unnamed = [(model, int(entry.item_id)) for entry in entries if not entry.item_name and (model := _item_model(entry))]
    items = comparison.items_named(named, unnamed)
    items[Permission] = _permissions_in_words(items[Permission])
    return [_line(entry, versions[entry.pk], items) for entry in entries]


def _line(entry: Entry, versions: tuple | None, items: comparison.Items) -> Line:
    model, row_model = _model(entry.item_model), _model(entry.model)
    item = items[model].get(int(entry.item_id)) if _item_model(entry) else None
    done = capfirst(action_names().get(entry.action, entry.action))
    if entry.languages:
        done = gettext("%(done)s: %(languages)s") % {"done": done, "languages": names_in_words(_known(entry.languages))}
    line = Line(
        entry,
        done,
        entry.who if entry.user_key else "",
        *(("", "", "") if entry.user_key else _program(entry)),
        capfirst(model._meta.verbose_name) if model else entry.item_model,
        entry.item_name or (str(item) if item else entry.item_id),
        model,
    )
    if row_model and row_model is not model and not row_model._meta.auto_created:
        line.part = capfirst(row_model._meta.verbose_name)
    if versions:
        line.changes = _changes(entry, *versions, items)
        line.secrets = [_secret_name(row_model, name) for name in sorted(SECRET & set(entry.new or {}))]
    return line


def _changes(entry: Entry, model: type[models.Model], old: dict, new: dict, items: comparison.Items) -> Comparison:
    if _is_row(entry):
        return Comparison(comparison.changes_of_row(old["fields"], new["fields"], model, items), [])
    return comparison.compare(old, new, model, items)


def _versions(entry: Entry) -> tuple[type[models.Model], dict, dict] | None:
    """The model of which `comparison` is to tell, and both its versions. None: there is nothing to tell, or no such model."""
    model = _model(entry.model)
    if model is None or not (entry.old or entry.new):
        return None
    old, new = entry.old or {}, entry.new or {}
    if owner := model._meta.auto_created:
        [link] = [each for each in owner._meta.many_to_many if each.remote_field.through is model]
        column = link.m2m_reverse_name()
        return owner, *({"links": {link.name: [row[column]] if row.get(column) else []}} for row in (old, new))
    if entry.action in Revision.Action:
        return model, old, new
    names = (old.keys() | new.keys()) - SECRET
    return model, *({"fields": {name: row.get(name) for name in names}} for row in (old, new))


def _is_row(entry: Entry) -> bool:
    """Whether the values are the columns of a row: not a working copy’s, and not a link’s."""
    model = _model(entry.model)
    return entry.action not in Revision.Action and not model._meta.auto_created


def _model(label: str) -> type[models.Model] | None:
    """The model of this label, while there is one."""
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def _item_model(entry: Entry) -> type[models.Model] | None:
    return _model(entry.item_model) if entry.item_id.isdecimal() else None


def _known(languages: list[str]) -> list[str]:
    return [code for code in codes() if code in languages]


def _secret_name(model: type[models.Model], name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def _program(entry: Entry) -> tuple[str, str, str]:
    """The program in words, or as a tool and its role in the database."""
    if entry.via in PROGRAMS:
        return str(PROGRAMS[entry.via]), "", ""
    return "", entry.via or ("—" if entry.who else ""), entry.who


def _permissions_in_words(permissions: dict[int, Permission]) -> dict[int, str]:
    """What a right is called on the desk: Django keeps its names in English."""
    kinds = ContentType.objects.in_bulk({permission.content_type_id for permission in permissions.values()})
    return {key: _permission(permission, kinds[permission.content_type_id]) for key, permission in permissions.items()}


def _permission(permission: Permission, kind: ContentType) -> str:
    verb, model = permission.codename.partition("_")[0], kind.model_class()
    if verb not in VERBS or model is None:
        return permission.codename
    return gettext("%(done)s: %(kind)s") % {"done": VERBS[verb], "kind": model._meta.verbose_name}


# As a table

HEADINGS = (
    *(_("When"), _("Who"), _("Using"), _("Action"), _("Kind"), _("Item"), _("Key")),
    *(_("Field"), _("Before"), _("After"), _("Note")),
)


def table(entries: models.QuerySet[Entry], wanted: dict, most: int) -> Iterator[list[object]]:
    """The entries as rows of words, one a field that was changed, the newest first; the last row says if there are more."""
    yield list(map(str, HEADINGS))
    before, number, page = "", 0, None
    while number < most and (page is None or before):
        page = page_of(filtered(entries, wanted), wanted.get("q", ""), before, size=100)
        for line in lines(page.entries):
            yield from _rows(line)
        before, number = page.older or "", number + len(page.entries)
    if before:
        yield [gettext("There are older entries: narrow the period to get them.")]


def _rows(line: Line) -> Iterator[list[object]]:
    entry = line.entry
    moment = timezone.localtime(entry.happened_at).isoformat(sep=" ", timespec="seconds")
    start = [
        moment,
        line.who or line.database_role,
        line.program or line.tool,
        line.act,
        line.part or line.kind,
        line.called,
        entry.item_id,
    ]
    fields = list(_cells(line))
    for cells in fields or [["", "", ""]]:
        yield [*start, *cells, entry.note]


def _cells(line: Line) -> Iterator[list[str]]:
    for name in line.secrets:
        yield [name, "", gettext("changed, and not kept in the log")]
    for each in line.changes.fields if line.changes else []:
        for value in each.values:
            if value.is_changed:
                label = f"{each.label} ({value.language_name})" if value.language else each.label
                yield [label, _said(value, Kind.ADDED), _said(value, Kind.REMOVED)]
    for parts in line.changes.parts if line.changes else []:
        yield [parts.label, "", gettext(", ").join(part.called for part in parts.changes)]


def _said(value: Value, without: Kind) -> str:
    """The text of one side of a difference, a line for each of its lines."""
    said = []
    for line in value.lines:
        pieces = [piece for piece in line.pieces if piece.kind is not without]
        said.append("".join(_piece(piece) for piece in pieces).strip())
    return "\n".join(filter(None, said))


def _piece(piece: Piece) -> str:
    text = "[…]" if piece.is_fold else f" {piece.words} " if piece.sign == "img" else "" if piece.sign else piece.text
    return f" {text}" if piece.is_apart else text
