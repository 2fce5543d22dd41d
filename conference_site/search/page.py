"""The search page: from an address to what it shows."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from conference_site.languages.content import Text, codes, current
from conference_site.languages.text import normalise
from conference_site.search import finding
from conference_site.search.finding import BEGINNING, Found, Place
from conference_site.search.highlight import Piece, passage
from conference_site.search.indexing import is_for_visitors, kind_names, searchable
from conference_site.search.lexemes import single, terms
from conference_site.search.models import UNDATED
from conference_site.search.names import Names, whole
from conference_site.search.queries import Query, is_too_long, parse

PAGE_SIZE = 10
MOST_WORDS = 6
MOST_READ = 20_000  # characters of a text that are searched for the passage to show
PLACE = re.compile(r"([01])\.(\d|1\d|2[0-3])\.(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What an address asks for: words, and of which kind, year and topic the results are to be."""

    words: str
    kind: str = ""
    year: int | None = None
    topic: int | None = None
    topic_slug: str = ""
    after: Place = BEGINNING

    @classmethod
    def read(cls, parameters: QueryDict, topics: dict[str, int]) -> "Asked":
        """From a query string; ``topics`` are the primary keys of those that may be named. Raises `BadRequest`, in words."""
        words = " ".join(normalise(parameters.get("q", "")).split())
        kind, year, topic = (parameters.get(name, "") for name in ("kind", "year", "topic"))
        if kind and kind not in {model._meta.model_name for model in kinds()}:
            raise BadRequest(_("Nothing of this kind can be searched for."))
        if year and not (year.isdecimal() and len(year) <= 4 and int(year)):
            raise BadRequest(_("The year in the address is not a year."))
        if topic and topic not in topics:
            raise BadRequest(_("There is no such topic."))
        return cls(words, kind, int(year) if year else None, topics.get(topic), topic, _place(parameters.get("after", "")))

    @property
    def parameters(self) -> dict[str, str]:
        """What the address asked for, without its page: from here every other address of the search is made."""
        asked = {"q": self.words, "kind": self.kind, "year": str(self.year or ""), "topic": self.topic_slug}
        return {name: value for name, value in asked.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.year or self.topic)

    @property
    def is_too_long(self) -> bool:
        return is_too_long(self.words)


@dataclass(frozen=True)
class Result:
    """One result as it is shown; title and passage are pieces, of which some are to be marked."""

    found: Found
    kind: str
    title: list[Piece]
    passage: list[Piece]

    @property
    def text(self) -> Text:
        """Its title, which knows its language."""
        return Text(self.found.title, self.found.language)

    @property
    def day(self) -> date | None:
        return None if self.found.place.day == UNDATED else self.found.place.day


@dataclass(frozen=True)
class Kind:
    """How many results there are of one kind (``name``; empty: of all), or of which there are more than that."""

    name: str
    label: str
    count: int
    is_more: bool
    is_chosen: bool


@dataclass(frozen=True)
class SearchPage:
    """Results, how many there are of each kind, and the way to the next page (``more``, the value of a parameter)."""

    asked: Asked
    query: Query | None
    results: list[Result]
    kinds: list[Kind]
    more: str | None = None
    single_words: list[str] = field(default_factory=list)
    """Where nothing was found: the words that would find something alone."""

    @property
    def chosen(self) -> Kind:
        """The kind whose results are shown."""
        return next(kind for kind in self.kinds if kind.is_chosen)

    @property
    def is_first(self) -> bool:
        return self.asked.after == BEGINNING

    @property
    def is_all_foreign(self) -> bool:
        """Whether nothing was found in the reader's own language: what is, stands first."""
        return self.is_first and bool(self.results) and not self.results[0].found.place.own


def kinds() -> list[type]:
    """The models of which a visitor can find something."""
    return [model for model in searchable() if is_for_visitors(model)]


def search(asked: Asked) -> SearchPage:
    """Find what is asked for. Beyond the last result there is no page (`Http404`)."""
    names = finding.current_names()
    query = parse(asked.words, names)
    if query is None:
        return SearchPage(asked, None, [], [])
    answer = finding.find(
        query,
        current(),
        kind=asked.kind,
        kinds=_kinds_called(query),
        year=asked.year,
        topic=asked.topic,
        after=asked.after,
        most=PAGE_SIZE + 1,
    )
    if not answer.results and asked.after != BEGINNING:
        raise Http404
    shown = answer.results[:PAGE_SIZE]
    return SearchPage(
        asked,
        query,
        [_result(found, query) for found in shown],
        _counted(answer.counts, answer.cut, asked.kind),
        more=_name(shown[-1].place) if len(answer.results) > PAGE_SIZE else None,
        single_words=[] if shown else _single_words(asked.words, names),
    )


def _kinds_called(query: Query) -> list[str]:
    """The kinds whose very name was asked for, in any language."""
    names = {model: [(name, code) for code in codes() for name in kind_names(model, code)] for model in kinds()}
    return [
        model._meta.model_name
        for model, called in names.items()
        if any(whole(name, code) in query.wholes for name, code in called)
    ]


def _single_words(text: str, names: Names) -> list[str]:
    """Those of several words that would find something alone."""
    words = dict.fromkeys(text[term.start : term.end] for term in single(terms(text, asked=True)) if term.lexemes)
    if len(words) < 2:
        return []
    queries = {word: query for word in list(words)[:MOST_WORDS] if (query := parse(word, names))}
    return [word for word, finds in zip(queries, finding.which_find(queries.values()), strict=True) if finds]


def _result(found: Found, query: Query) -> Result:
    label = next(model._meta.verbose_name for model in searchable() if model._meta.model_name == found.kind)
    title = passage(found.title, query, found.language, len(found.title))
    return Result(found, label, title, passage(found.text[:MOST_READ], query, found.language))


def _counted(counts: dict[str, int], cut: str | None, chosen: str) -> list[Kind]:
    """All kinds together, then each that has results or is chosen."""
    numbers = {model: counts.get(model._meta.model_name, 0) for model in kinds()}
    found = [_kind("", _("All"), sum(numbers.values()), cut is not None, chosen)]
    for model, number in numbers.items():
        name = model._meta.model_name
        if number or name == chosen:
            found.append(_kind(name, str(model._meta.verbose_name_plural), number, name == cut, chosen))
    return found


def _kind(name: str, label: str, number: int, is_cut: bool, chosen: str) -> Kind:
    most = finding.MOST_COUNTED
    return Kind(name, label, min(number, most), is_cut or number > most, name == chosen)


def _place(text: str) -> Place:
    if not text:
        return BEGINNING
    try:
        own, rank, day, key = PLACE.fullmatch(text).groups()
        return Place(int(own), int(rank), date.fromisoformat(day), int(key))
    except (AttributeError, ValueError):
        raise BadRequest(_("The address names no page of this list.")) from None


def _name(place: Place) -> str:
    return ".".join(map(str, place))
