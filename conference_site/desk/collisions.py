"""Two editors at one item: nobody's words are overwritten unseen.

A form says on which revision it was opened. Where there is a newer one when it is saved, both are merged; what both have changed
is shown, theirs beside mine, with everything typed still in its field. Saving again then means mine, but for what is marked as
theirs.
"""

from dataclasses import dataclass

from django import forms
from django.contrib.admin.utils import display_for_field
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conference_site.desk.bilingual import label_of
from conference_site.languages.content import Text, current
from conference_site.publishing import merging, working_copies
from conference_site.publishing.aggregate import part_model
from conference_site.publishing.models import Publishable, Revision
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import plain_text

EMPTY = "—"


@dataclass(frozen=True, slots=True)
class Disputed:
    """One text or value that both have changed, in words."""

    path: str
    label: str
    theirs: Text
    mine: Text


@dataclass(frozen=True, slots=True)
class Collision:
    """What somebody else has saved since the form was opened, as far as it contradicts what is saved now."""

    newest: Revision
    disputed: list[Disputed]

    @property
    def sentence(self) -> str:
        words = _("%(name)s has changed the same texts meanwhile. Nothing is lost: please look at both below, and save again.")
        return words % {"name": self.newest.author or _("Somebody")}


def base_of(request: HttpRequest, item: Publishable) -> Revision | None:
    """The revision on which the form that was sent had been opened; the newest one, where it doesn't say."""
    revisions, given = working_copies.revisions_of(item), request.POST.get("_base", "")
    found = revisions.filter(pk=given).first() if given.isdecimal() and len(given) < 19 else None
    return found or revisions.first()


def resolve(request: HttpRequest, item: Publishable, base: Revision | None, mine: dict) -> tuple[dict, Collision | None]:
    """What is to be saved of ``mine``, and what has to be asked before."""
    newest = working_copies.revisions_of(item).first()
    if base is None or newest.pk == base.pk:
        return mine, None
    mine = working_copies.as_stored(mine)
    merged, paths = merging.merge(base.data, newest.data, mine)
    if paths and request.POST.get("_seen") != str(newest.pk):
        return mine, Collision(newest, [_disputed(type(item), path, newest.data, mine) for path in paths])
    for path in set(paths) & set(request.POST.getlist("_theirs")):
        merging.take(path, newest.data, merged)
    return merged, None


def brought_back() -> str:
    """What is said of a form that shows again what the browser had kept of it (static/desk/kept.js)."""
    return _("What you had typed is back in the form. It is not saved yet.")


def refused(form: type[forms.ModelForm], sentence: str) -> type[forms.ModelForm]:
    """The form, never valid: it comes back with all that was typed, and says why."""

    class Refused(form):
        def clean(self) -> None:
            super().clean()
            raise ValidationError(sentence)

    return Refused


def _disputed(model: type[Publishable], path: str, theirs: dict, mine: dict) -> Disputed:
    name, *rest = path.split(".")
    owner, column = (part_model(model, name), rest[1]) if rest else (model, name)
    field = next(each for each in owner._meta.concrete_fields if each.attname == column)
    language = getattr(field, "language", current())
    texts = (Text(_in_words(field, merging.value_at(path, data)), language) for data in (theirs, mine))
    return Disputed(path, label_of(field), *texts)


def _in_words(field: models.Field, value: object) -> str:
    """A stored value as a reader says it."""
    if isinstance(field, RichTextField):
        return plain_text(value or "")
    if field.remote_field:
        return str(field.related_model._base_manager.filter(pk=value).first() or EMPTY)
    return display_for_field(field.to_python(value), field, EMPTY)
