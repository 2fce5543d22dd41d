"""The counts as they are read: by day or month, by item, and the searches that found nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched

from django.apps import apps
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, language_name
from conference_site.publishing.models import Addressed
from conference_site.visits.models import FruitlessSearch, Visits

TOP = 20
MOST_SEARCHES = 50

PAGES = {
    "home": _("Home"),
    "conference": _("The conference"),
    "goals": _("List of the goals"),
    "questions": _("List of the research questions"),
    "documents": _("List of the documents"),
    "organisations": _("List of the organisations"),
    "partnerships": _("List of the partnerships"),
    "cities": _("List of the learning cities"),
    "news": _("List of the news"),
    "news_year": _("News of a year"),
    "search": _("Search"),
}
"""Pages that aren't an item's, by the names of their URL patterns."""


@dataclass(frozen=True)
class Period:
    """Days or months up to today, the earliest first; each is named by its first day."""

    name: str
    starts: list[date]
    is_months: bool = False

    def label(self, start: date) -> str:
        return date_format(start, "YEAR_MONTH_FORMAT" if self.is_months else "DATE_FORMAT")


def period(name: str) -> Period:
    """The last twelve months, this one included, for “months”; else the last thirty days."""
    today = timezone.localdate()
    if name == "months":
        months = [today.year * 12 + today.month - 1 - back for back in range(11, -1, -1)]
        return Period(name, [date(month // 12, month % 12 + 1, 1) for month in months], is_months=True)
    return Period("days", [today - timedelta(days=back) for back in range(29, -1, -1)])


def kinds() -> dict[str, str]:
    """Everything that is counted apart, in words."""
    items = [model for model in apps.get_models() if issubclass(model, Addressed)]
    return {model._meta.label_lower: capfirst(str(model._meta.verbose_name_plural)) for model in items} | {
        name: str(label) for name, label in PAGES.items()
    }


def counted(period: Period, kind: str = "", item: str = "") -> models.QuerySet[Visits]:
    """The rows of a period, of one kind, or of one item (“news.newsitem:5”)."""
    rows = Visits.objects.filter(day__gte=period.starts[0])
    if item:
        label, _colon, key = item.partition(":")
        return rows.filter(kind=label, object_id=int(key)) if key.isdecimal() and len(key) < 19 else rows.none()
    return rows.filter(kind=kind) if kind else rows


# By time


@dataclass(frozen=True)
class Bar:
    """One day or month in a plot: where its bar stands, in hundredths of the plot, and what it says."""

    label: str
    number: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Plot:
    """The visits in one language. All plots of a page have one scale, up to ``most``."""

    language: str
    bars: list[Bar]
    most: int

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def total(self) -> int:
        return sum(bar.number for bar in self.bars)

    @property
    def in_words(self) -> str:
        """What the plot shows, for who doesn't see it."""
        highest = max(self.bars, key=lambda bar: bar.number)
        said = _("Visits from %(first)s to %(last)s. The most were %(number)s: %(when)s. The table below has all numbers.")
        ends = {"first": self.bars[0].label, "last": self.bars[-1].label}
        return str(said) % (ends | {"number": localize(highest.number), "when": highest.label})


def plots(rows: models.QuerySet[Visits], period: Period) -> list[Plot]:
    """A plot for each language."""
    start = TruncMonth("day") if period.is_months else models.F("day")
    numbers: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows.annotate(start=start).values("language", "start").annotate(sum=Sum("number")):
        numbers[row["language"]][row["start"]] = row["sum"]
    most = max((number for code in codes() for number in numbers[code].values()), default=0)
    scale = _round_up(most)
    return [Plot(code, list(_bars(numbers[code], period, scale)), scale) for code in codes()]


def _bars(numbers: dict[date, int], period: Period, scale: int) -> Iterator[Bar]:
    step = 100 / len(period.starts)
    for place, start in enumerate(period.starts):
        number = numbers.get(start, 0)
        height = 100 * number / scale
        geometry = (place * step + step * 0.1, 100 - height, step * 0.8, height)
        yield Bar(period.label(start), number, *(f"{value:.2f}" for value in geometry))


def _round_up(number: int) -> int:
    """The next of 5, 10, 20, 50, 100, 200, …: an end of the scale that can be read."""
    for power in range(12):
        for digit in (1, 2, 5):
            if (end := digit * 10**power) >= max(number, 5):
                return end
    return number


# By item


@dataclass(frozen=True)
class Top:
    kind: str
    object_id: int
    called: str
    kind_name: str
    by_language: list[tuple[str, int]]
    total: int

    @property
    def item(self) -> str:
        return f"{self.kind}:{self.object_id}"


def top(rows: models.QuerySet[Visits]) -> list[Top]:
    """What was read most."""
    sums = {f"in_{code}": Sum("number", filter=Q(language=code), default=0) for code in codes()}
    found = rows.values("kind", "object_id").annotate(total=Sum("number"), **sums).order_by("-total", "kind", "object_id")[:TOP]
    found, labels = list(found), kinds()
    names = names_of((row["kind"], row["object_id"]) for row in found)
    return [
        Top(
            row["kind"],
            row["object_id"],
            names[row["kind"], row["object_id"]],
            labels.get(row["kind"], row["kind"]),
            [(language_name(code), row[f"in_{code}"]) for code in codes()],
            row["total"],
        )
        for row in found
    ]


def names_of(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What the pages are called, those of deleted items included; a query for each model."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in keys:
        wanted[kind].add(key)
    found = {}
    for kind, ids in wanted.items():
        model = apps.get_model(kind) if "." in kind and kind in kinds() else None
        items = model._base_manager.in_bulk(ids) if model else {}
        for key in ids:
            found[kind, key] = str(items.get(key) or PAGES.get(kind) or gettext("(no longer there)"))
    return found


def fruitless(period: Period) -> list[dict]:
    """Words that were searched for in vain, the most frequent first, with the language of the pages."""
    rows = FruitlessSearch.objects.filter(day__gte=period.starts[0]).values("words", "language").annotate(sum=Sum("number"))
    return [row | {"language_name": language_name(row["language"])} for row in rows.order_by("-sum", "words")[:MOST_SEARCHES]]


# As tables


def table(rows: models.QuerySet[Visits]) -> Iterator[list[object]]:
    """Every count of a day, the earliest first."""
    yield [gettext("Day"), gettext("Kind"), gettext("Item"), gettext("Key"), gettext("Language"), gettext("Visits")]
    labels = kinds()
    columns = ("day", "kind", "object_id", "language", "number")
    counts = rows.order_by("day", "kind", "object_id", "language").values_list(*columns).iterator(chunk_size=2000)
    for chunk in batched(counts, 2000):
        names = names_of((kind, key) for _day, kind, key, *_rest in chunk)
        for day, kind, key, language, number in chunk:
            yield [day.isoformat(), labels.get(kind, kind), names[kind, key], key or "", str(language_name(language)), number]


def table_of_searches(period: Period) -> Iterator[list[object]]:
    yield [gettext("Searched for"), gettext("Language"), gettext("Searches")]
    for row in fruitless(period):
        yield [row["words"], str(row["language_name"]), row["sum"]]
