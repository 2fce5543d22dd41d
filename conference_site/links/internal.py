"""Where an address of this site leads, without asking over the network: by the site's own URL patterns and rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db import models
from django.http import HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import override

from conference_site.languages.content import codes, is_page_in
from conference_site.languages.middleware import prefix_language
from conference_site.links.models import Outcome, Reason, State
from conference_site.media import renditions, storage
from conference_site.media.models import Image
from conference_site.navigation.addresses import canonical
from conference_site.navigation.models import Redirect
from conference_site.publishing.models import FormerSlug, Publishable
from conference_site.publishing.models import State as Publication

View = Callable[..., HttpResponse]
broken = partial(Outcome, State.BROKEN)
WORKS = Outcome(State.WORKS)
UNSEEN = {
    Publication.UNPUBLISHED: Reason.DRAFT,
    Publication.SCHEDULED: Reason.SCHEDULED,
    Publication.EXPIRED: Reason.EXPIRED,
}


class Asked(NamedTuple):
    """An address that leads to an item's page, if it leads anywhere."""

    url: str
    slug: str
    language: str


def is_internal(url: str) -> bool:
    """Whether an address is one of this site: a path, or at one of its hosts."""
    try:
        parts, own = urlsplit(url), urlsplit(settings.SITE_URL)
        if not parts.scheme and not parts.netloc:
            return True
        ports = (own.port,) if own.port else (None, 80, 443)
        return parts.hostname in settings.ALLOWED_HOSTS and parts.port in ports and not parts.username
    except ValueError:
        return False


def outcomes(urls: Iterable[str]) -> dict[str, Outcome]:
    """What each of these addresses of the site leads to, now. A few queries for each kind of item, however many there are."""
    found: dict[str, Outcome] = {}
    items: dict[View, list[Asked]] = defaultdict(list)
    files: dict[str, str] = {}
    for url in urls:
        path = unquote(urlsplit(url).path) or "/"
        language = prefix_language(path) or codes()[0]
        with override(language):
            match, target = _match(path)
            if match and match.url_name == "media":
                files[url] = match.kwargs["name"]
            elif match and hasattr(match.func, "items"):
                items[match.func].append(Asked(url, match.kwargs["slug"], language))
            else:
                found[url] = _plain(path, match)
        if target:
            found[url] = Outcome(State.REMARK, Reason.REDIRECT, target)
    found |= _printed([url for url, outcome in found.items() if outcome.reason == Reason.NO_PAGE])
    for view, asked in items.items():
        # A redirect to the address with its slash says less than that nothing is there.
        found |= {url: outcome for url, outcome in _items(view, asked) if url not in found or outcome.state == State.BROKEN}
    return found | _files(files)


def _printed(urls: list[str]) -> dict[str, Outcome]:
    """Those that are printed addresses: these lead on."""
    paths = {url: canonical(urlsplit(url).path) for url in urls}
    known = set(Redirect.objects.filter(path__in=paths.values()).values_list("path", flat=True)) if urls else ()
    return {url: Outcome(State.WORKS) for url, path in paths.items() if path in known}


def _match(path: str) -> tuple[ResolverMatch | None, str]:
    """The pattern that takes the path; with a slash at its end, where only that is taken: then also the address with it."""
    for candidate in dict.fromkeys([path, f"{path}/" if settings.APPEND_SLASH and not path.endswith("/") else path]):
        try:
            return resolve(candidate), candidate if candidate != path else ""
        except Resolver404:
            continue
    return None, ""


def _plain(path: str, match: ResolverMatch | None) -> Outcome:
    """Of an address that is no item's: a list, a feed, the desk …"""
    if path.startswith(settings.STATIC_URL):
        return WORKS if _exists(staticfiles_storage, path.removeprefix(settings.STATIC_URL)) else broken(Reason.NO_FILE)
    if match is None:
        return broken(Reason.NO_PAGE)
    if path.startswith(reverse("admin:index")):
        return broken(Reason.DESK)
    return broken(Reason.PREVIEW) if match.url_name == "preview" else WORKS


def _files(names: dict[str, str]) -> dict[str, Outcome]:
    """Of files of the library. A rendition is drawn when somebody asks for it."""
    shown = set(Image.objects.filter(file__in=names.values(), withdrawn_at=None).values_list("file", flat=True)) if names else ()
    return {
        url: WORKS
        if name in shown
        or name.startswith(f"{renditions.FOLDER}/")
        or (not name.startswith(storage.WITHDRAWN) and _exists(default_storage, name))
        else broken(Reason.NO_FILE)
        for url, name in names.items()
    }


def _exists(place, name: str) -> bool:
    try:
        return place.exists(name)
    except (OSError, ValueError, SuspiciousOperation):
        return False


def _items(view: View, asked: list[Asked]) -> Iterable[tuple[str, Outcome]]:
    """Of the addresses for which ``view``, an `item_page`, answers."""
    slugs = {each.slug for each in asked}
    shown = view.items().select_related(None).prefetch_related(None)
    there = {item.slug: item for item in shown.filter(slug__in=slugs)}
    moved = _moved(shown, slugs - there.keys())
    others = _others(shown.model, slugs - there.keys() - moved.keys())
    for url, slug, language in asked:
        with override(language):
            if slug in there:
                yield url, _seen(view, there[slug], language)
            elif slug in moved:
                yield url, Outcome(State.REMARK, Reason.REDIRECT, view.address(moved[slug]))
            else:
                yield url, _unseen(others.get(slug), language)


def _moved(shown: models.QuerySet, slugs: set[str]) -> dict[str, models.Model]:
    """Former slug → the item to which it leads now, if that is shown."""
    if not slugs:
        return {}
    content_type = ContentType.objects.get_for_model(shown.model)
    former = dict(FormerSlug.objects.filter(content_type=content_type, slug__in=slugs).values_list("slug", "object_id"))
    items = {item.pk: item for item in shown.filter(pk__in=former.values())} if former else {}
    return {slug: items[pk] for slug, pk in former.items() if pk in items}


def _others(model: type[models.Model], slugs: set[str]) -> dict[str, models.Model]:
    """Items that nobody sees, by their slugs."""
    if not slugs or not issubclass(model, Publishable):
        return {}
    return {item.slug: item for item in model.objects.with_states().filter(slug__in=slugs)}


def _seen(view: View, item: models.Model, language: str) -> Outcome:
    if not view.is_there(item):
        return broken(Reason.NO_PAGE)
    if isinstance(item, Publishable) and not is_page_in(item, language):
        return Outcome(State.REMARK, Reason.OTHER_LANGUAGE)
    return WORKS


def _unseen(item: Publishable | None, language: str) -> Outcome:
    """Of an item that is public in no language: why, by its text in the address's language, else in another."""
    if item is None:
        return broken(Reason.NO_PAGE)
    if item.deleted_at:
        return broken(Reason.DELETED)
    states = [item.state(code) for code in sorted(codes(), key=lambda code: code != language)]
    return broken(UNSEEN[next((state for state in states if state != Publication.UNPUBLISHED), Publication.UNPUBLISHED)])
