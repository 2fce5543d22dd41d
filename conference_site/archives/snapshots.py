"""The public site as files for a plain web server: what a reader finds when nothing answers any more but that.

Each address leads where it did. What has another place because a file can't have such a name (pages of lists, cards, documents),
is linked to by that. All is read from one state of the database, and written beside the folder whose place it then takes.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext

from conference_site.archives import databases, linking, pages
from conference_site.archives.folders import beside, emptied, switch
from conference_site.archives.problems import ArchiveError
from conference_site.delivery.middleware import is_desk
from conference_site.languages.content import codes, direction, own_name
from conference_site.languages.middleware import prefix_language
from conference_site.navigation.models import Redirect
from conference_site.publishing.models import Addressed, FormerSlug

NAME, FORMAT = "snapshot.json", 1
SNAPSHOT = "SITE_SNAPSHOT"
"""In the environment of a request that is answered for a snapshot, in which there is no search. Nobody else can set it."""
LONGEST = 200
"""Bytes of the name of a file, of which disks take 255."""
TEXTS = ("text/html", "text/css", "application/xml", "application/atom+xml", "application/rss+xml")


@dataclass
class Taken:
    pages: int
    files: int
    size: int
    broken: list[str]
    """“file: address” for each link that leads to no file."""


def take(folder: Path) -> Taken:
    """Let ``folder`` be the public site. ArchiveError where something else is in it, or a page fails."""
    folder = folder.absolute()
    _refuse_others(folder)
    with beside(folder) as new:
        with translation.override(settings.LANGUAGE_CODE):
            number = _write(new)
        broken = sorted(_broken(new))
        files = [path for path in new.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        switch(folder, new)
    return Taken(number, len(files), size, broken)


def _refuse_others(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        is_ours = json.loads((folder / NAME).read_bytes())["format"] == FORMAT
    except (OSError, ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise ArchiveError(f"The folder {folder} is not empty, and no snapshot has made it: choose another.")


def _write(new: Path) -> int:
    """Again where something became public, or ceased to be, just meanwhile; returns how many pages there are."""
    for _each in range(pages.TRIES):
        emptied(new)
        with databases.snapshot() as (_name, moment):
            before = pages.moment()
            site = _Site(new)
            site.read()
            if pages.moment() == before:
                break
    site.link()
    said = {"format": FORMAT, "site": settings.SITE_URL, "made_at": moment.isoformat(timespec="seconds")}
    (new / NAME).write_text(json.dumps(said, indent=2) + "\n")
    return sum(kind == "text/html" for _address, kind in site.texts.values())


@dataclass
class _Site:
    """Asks for one address after the other, as they are found, and keeps what is answered."""

    folder: Path
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The files with addresses in them: each with its own address and content type."""
    places: dict[str, str] = field(default_factory=dict)
    """Address → the one by which a file is reached."""
    redirects: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        host = urlsplit(settings.SITE_URL).netloc
        self._client = Client(raise_request_exception=False, headers={"host": host}, **{SNAPSHOT: True})
        self._searches = {self._in(code, "search") for code in codes()}

    def read(self) -> None:
        self._languages("index.html", "/", list(map(_way, codes())))
        with_words = [_way(code) | _not_found(code) for code in codes()]
        self._languages("404.html", "/404.html", with_words)
        asked, waiting = set(), deque(self._beginnings())
        for text in list(self.texts):
            waiting += self._found(text)
        while waiting:
            address = waiting.popleft()
            if address in asked or address == "/" or is_desk(address) or not _is_plain(address):
                continue
            asked.add(address)
            waiting += self._keep(address)

    def _beginnings(self) -> Iterator[str]:
        """What leads to all the rest; and what may be linked to from anywhere else."""
        yield from (reverse("robots"), reverse("sitemap"))
        yield from (self._in(code, "search") for code in codes())
        yield from (linking.own(path, "/") for path in Redirect.objects.order_by("path").values_list("path", flat=True))
        for former in FormerSlug.objects.select_related("content_type").order_by("pk"):
            model = former.content_type.model_class()
            if model is not None and issubclass(model, Addressed):
                yield from (self._in(code, model.page_name, former.slug) for code in codes())

    @staticmethod
    def _in(language: str, name: str, *arguments: str) -> str:
        with translation.override(language):
            return reverse(name, args=arguments)

    def _keep(self, address: str) -> Iterable[str]:
        """Ask for it; returns the addresses to which it leads."""
        answer = self._client.get(address, secure=settings.HTTPS)
        is_for_now = answer.status_code == 200 and "no-store" in answer.headers.get("Cache-Control", "")
        if answer.status_code >= 500 or is_for_now:
            raise ArchiveError(f"The site fails at {address} ({answer.status_code}): no snapshot was taken.")
        if location := answer.headers.get("Location"):
            self.redirects[address] = location
            target = linking.own(location, address)
            return [target] if target else []
        if answer.status_code != 200:
            return []
        name = _file_name(address, answer)
        self.places[address] = _url(name)
        return self._put(name, address, answer.headers["Content-Type"], b"".join(answer))

    def _put(self, name: str, address: str, content_type: str, content: bytes) -> Iterable[str]:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        kind = content_type.partition(";")[0]
        if kind in TEXTS:
            self.texts[name] = address, kind
            return self._found(name)
        return []

    def _found(self, name: str) -> list[str]:
        address, kind = self.texts[name]
        found = (self._own(each, address) for each in linking.addresses((self.folder / name).read_text("utf-8"), kind))
        return [each for each in dict.fromkeys(found) if each]

    def _own(self, address: str, base: str) -> str | None:
        """A search is one page, whatever was to be searched for."""
        found = linking.own(address, base)
        path = found and found.partition("?")[0]
        return path if path in self._searches else found

    def _languages(self, name: str, address: str, ways: list[dict[str, str]]) -> None:
        own = codes()[0]
        with translation.override(own):
            text = render_to_string("languages.html", {"ways": ways, "language": own, "direction": direction(own)})
        self._put(name, address, "text/html", text.encode())

    # After all was read

    def link(self) -> None:
        """Let each address lead to its file; where one was a redirect, a page leads on."""
        for name, (base, kind) in self.texts.items():
            path = self.folder / name
            text = path.read_text("utf-8")
            if (new := linking.changed(text, kind, lambda address, base=base: self._new(address, base))) != text:
                path.write_text(new, "utf-8")
        for address, location in self.redirects.items():
            self._lead_on(address, self._new(location, address))
        for address, place in self.places.items():
            if address.endswith("/") and not place.endswith("/") and "?" not in address:
                self._lead_on(address, place)  # a document, whose address was printed
        for code in codes():
            answer = self._client.get(f"/{code}/404.html", secure=settings.HTTPS)
            text = linking.changed(answer.text, "text/html", lambda address, code=code: self._new(address, f"/{code}/404.html"))
            (self.folder / code / "404.html").write_text(text, "utf-8")

    def _new(self, address: str, base: str) -> str:
        found = self._own(address, base)
        place = self.places.get(found or "")
        return (
            address if place in (None, found) and found not in self._searches else linking.with_fragment(place or found, address)
        )

    def _lead_on(self, address: str, location: str) -> None:
        path = self.folder / unquote(address.partition("?")[0]).strip("/") / "index.html"
        with suppress(OSError):  # of an address that no file can have
            if not path.exists() and not path.parent.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                context = {"address": location, "language": prefix_language(location) or codes()[0]}
                path.write_text(render_to_string("moved.html", context), "utf-8")


def _way(language: str) -> dict[str, str]:
    with translation.override(language):
        home = reverse("home")
    return {"language": language, "direction": direction(language), "address": home, "called": own_name(language)}


def _not_found(language: str) -> dict[str, str]:
    with translation.override(language):
        words = gettext("The address may be misspelt, or the page is no longer here.")
        return {"heading": gettext("Page not found"), "words": words}


def _file_name(address: str, answer: HttpResponseBase) -> str:
    """Where an answer lies."""
    path, _mark, query = address.partition("?")
    name = unquote(path).lstrip("/")
    if query:
        name += f"~{query}" if re.fullmatch(r"[\w=.&-]+", query, re.ASCII) else f"~{sha256(query.encode()).hexdigest()[:40]}"
        name += "/" if path.endswith("/") else ""
    if name.endswith("/") or not name:
        _kind, parameters = parse_header_parameters(answer.headers.get("Content-Disposition", ""))
        name += parameters.get("filename") or "index.html"
    return "/".join(_short(part) for part in name.split("/"))


def _is_plain(address: str) -> bool:
    """Whether the address is that of a place below the folder, whatever that is."""
    parts = unquote(address.partition("?")[0]).strip("/").split("/")
    return "\0" not in address and not {"", ".", ".."} & set(parts[:-1]) | {".", ".."} & set(parts[-1:])


def _short(part: str) -> str:
    if len(part.encode()) <= LONGEST:
        return part
    return sha256(part.encode()).hexdigest()[:40] + PurePosixPath(part).suffix[:10]


def _url(name: str) -> str:
    return quote(f"/{name}".removesuffix("index.html"), safe=linking.SAFE)


def _broken(folder: Path) -> Iterator[str]:
    """The links in the files that lead to none, as a plain web server would have it."""
    kinds = {".html": "text/html", ".css": "text/css"} | dict.fromkeys((".xml", ".atom", ".rss"), "application/xml")
    for path in sorted(folder.rglob("*")):
        if path.suffix not in kinds or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        base = _url(name)
        found = {linking.own(each, base) for each in linking.addresses(path.read_text("utf-8"), kinds[path.suffix])} - {None}
        for address in sorted(found):
            place = folder / unquote(address.partition("?")[0]).lstrip("/")
            if not (place.is_file() or (place / "index.html").is_file()):
                yield f"{name}: {address}"
