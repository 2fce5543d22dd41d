"""Addresses of this site: what stands at one, and how one that was printed is written."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import current
from conference_site.languages.fields import LinkField
from conference_site.languages.middleware import prefix_language
from conference_site.languages.text import normalise, to_european_digits
from conference_site.languages.validators import validate_link
from conference_site.publishing.models import Addressed, FormerSlug, Publishable

JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
MARKS = "-._~"
"""What may stand in an address without being encoded, beside letters and digits."""

RESERVED = (
    "admin",
    "static",
    "media",
    "cards",
    "healthz",
    "readyz",
    "metrics",
    "favicon.ico",
    "apple-touch-icon.png",
    ".well-known",
)
"""First words of addresses that are, or are looked for as, something other than a page. The rest the URL patterns know."""


@cache
def kinds() -> dict[str, type[Addressed]]:
    """The kinds of items that have a page, by the name of their model."""
    models_ = [model for model in apps.get_models() if issubclass(model, Addressed) and issubclass(model, Publishable)]
    return {model._meta.model_name: model for model in models_}


# Printed addresses


def canonical(path: str) -> str:
    """The one form of all ways to write or type a path of this site: ``/Jubail/``, ``jubail`` and ``%6Aubail`` are ``/jubail``.

    NFC, decoded, small letters, European digits, without what nobody sees and without a slash at its end.
    """
    path = normalise(unquote(path.strip().removeprefix(settings.SITE_URL))).translate(JOINERS)
    path = unicodedata.normalize("NFC", to_european_digits(path).casefold()).rstrip("/")
    return path if path.startswith("/") else f"/{path}"


def validate_printed(path: str) -> None:
    """Refuse a path (in its canonical form) that nobody can type, or that is kept for something else."""
    words = path.split("/")[1:]
    if not all(word.strip(".") and all(map(_may_stand, word)) for word in words):
        raise ValidationError(
            _("Write a path such as /jubail or /en/unesco2025: letters, digits, hyphens and dots, without spaces.")
        )
    if words[0] in RESERVED:
        raise ValidationError(_("Addresses that begin so are kept for other uses."))


def _may_stand(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in MARKS


class PrintedPathField(LinkField):
    """A path of this site, stored and looked up in its canonical form."""

    default_validators = [validate_printed]

    def to_python(self, value: str | None) -> str | None:
        return value if value is None else canonical(value)

    def get_prep_value(self, value: str | None) -> str | None:
        """As it is: a part of a path that is searched for is no path."""
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        setattr(model_instance, self.attname, canonical(getattr(model_instance, self.attname)))
        return getattr(model_instance, self.attname)

    def formfield(self, **kwargs):
        """An address that is pasted is longer than what is stored of it."""
        return super().formfield(**kwargs | {"max_length": 2000})


# Where an address leads


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at an address of this site: the page of an item (``kind``, ``pk``), else a page that is named ``name``."""

    name: str
    kind: str = ""
    pk: int | None = None


def place_at(path: str) -> Place | None:
    """What stands at ``path``: an item, public or not, by its address of now or a former one; or another page; or nothing."""
    match = _match(path)
    if match is None:
        return None
    kind = next((kind for kind, model in kinds().items() if model.page_name == match.url_name), "")
    if not kind:
        return Place(match.url_name or "")
    pk = _holder(kinds()[kind], match.kwargs["slug"])
    return Place(match.url_name, kind, pk) if pk else None


def is_taken(path: str) -> bool:
    """Whether the site answers at this canonical path, however it is written, or an item has it or once had it."""
    return any(place_at(address) for address in (path, f"{path}/"))


def _match(path: str) -> ResolverMatch | None:
    with translation.override(prefix_language(path) or current()):
        try:
            return resolve(path)
        except Resolver404:
            return None


def _holder(model: type[Addressed], slug: str) -> int | None:
    """The primary key of the item that has, or once had, this slug; capital letters are as good as small ones."""
    item = model._base_manager.filter(slug__iexact=slug).values_list("pk", flat=True).first()
    content_type = ContentType.objects.get_for_model(model)
    former = FormerSlug.objects.filter(content_type=content_type, slug__iexact=slug).values_list("object_id", flat=True)
    return item or former.first()


def own_path(address: str) -> str:
    """An absolute address of this site as its path; any other address as it is."""
    rest = address.removeprefix(settings.SITE_URL)
    return rest if rest != address and rest.startswith("/") else address


def without_query(address: str) -> str:
    """The path alone."""
    return address.partition("#")[0].partition("?")[0]


def validate_destination(value: str) -> None:
    """Accept an ``https`` address without a name or password in it, or a path of this site with its language."""
    validate_link(value)
    parts = urlsplit(value)
    if any(character.isspace() for character in value) or parts.scheme not in ("https", "") or "@" in parts.netloc:
        raise ValidationError(
            _("Write an address that begins with https://, or a path of this site with its language, such as /en/news/.")
        )


class DestinationField(LinkField):
    """An address of another site, or a path of this one, also where it was copied as a whole."""

    default_validators = [validate_destination]

    def to_python(self, value: str | None) -> str | None:
        return value if value is None else own_path(value)
