"""Two editors at one item: nobody's words are overwritten unseen.

A form says on which revision it was opened. Where there is a newer one when it is saved, both are merged; what both have changed
is shown, theirs beside mine, with everything typed still in its field. Saving again then means mine, but for what is marked as
theirs.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conference_site.desk.bilingual import label_of
from conference_site.languages.content import Text, current
from conference_site.languages.text import isolated
from conference_site.publishing import comparison, merging, working_copies
from conference_site.publishing.aggregate import part_model
from conference_site.publishing.models import Publishable, Revision

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
        author = self.newest.author
        return words % {"name": isolated(str(author)) if author else _("Somebody")}


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
        return mine, Collision(newest, _disputed(type(item), paths, newest.data, mine))
    for path in set(paths) & set(request.POST.getlist("_theirs")):
        merging.take(path, newest.data, merged)
    return merged, None


def refused(form: type[forms.ModelForm], sentence: str) -> type[forms.ModelForm]:
    """The form, never valid: it comes back with all that was typed, and says why."""

    class Refused(form):
        def clean(self) -> None:
            super().clean()
            raise ValidationError(sentence)

    return Refused


def _disputed(model: type[Publishable], paths: list[str], theirs: dict, mine: dict) -> list[Disputed]:
    items, disputed = comparison.items_named_in(model, theirs, mine), []
    for path in paths:
        name, *rest = path.split(".")
        owner, column = (part_model(model, name), rest[1]) if rest else (model, name)
        field = next(each for each in owner._meta.concrete_fields if each.attname == column)
        language = getattr(field, "language", current())
        words = (comparison.value_in_words(field, merging.value_at(path, data), items) for data in (theirs, mine))
        disputed.append(Disputed(path, label_of(field), *(Text(text or EMPTY, language) for text in words)))
    return disputed
