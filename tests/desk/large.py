"""A desk with many items, and Django's own admin of the same items beside it, for `proof_size`.

A hundred items are made as editors would have left them; the others are copies of their rows.
"""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils.translation import override

from conference_site import urls
from conference_site.desk import work
from conference_site.media.models import Image
from conference_site.publishing import working_copies
from conference_site.publishing.aggregate import part_model
from conference_site.publishing.models import LanguageVersion, Publishable, Revision, Stage, State
from conference_site.search.models import SearchEntry
from news.management.commands import make_news
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Conference, Goal
from partners.models import Organisation, Partnership
from tests.builders import make, make_user

GAP = 1_000
"""Between the keys of a row and of its next copy."""
LATER = 10_000_000
"""What was done with an item last has keys above this one; earlier revisions below."""
MOVED = {"object_id", "id", "item_id", "newsitem_id"}
"""The columns that lead to a copy in a copy."""


def _inline(name: str) -> type[admin.TabularInline]:
    return type(name, (admin.TabularInline,), {"model": part_model(NewsItem, name), "extra": 0})


class PlainAdmin(admin.ModelAdmin):
    """As Django makes it, with as many columns as the desk's list has, the same filters, and the same rows in its form."""

    inlines = [_inline(name) for name in NewsItem.parts]

    list_display = ["__str__", "listed_on", "publish_at_ar", "publish_at_en", "modified_at"]
    list_per_page = 50
    list_filter = ["topics"]
    date_hierarchy = "listed_on"
    search_fields = ["slug", "title_ar", "title_en", "summary_ar", "summary_en", "body_ar", "body_en"]


class PlainSite(admin.AdminSite):
    """With the addresses that the frame of the desk's pages leads to."""

    FRAME = ("board", "find", "items", "links", "log", "visits", "help", "settings", "language")

    def get_urls(self) -> list:
        return [
            *super().get_urls(),
            *(path(f"{name}/", self.index, name=name) for name in self.FRAME),
        ]


plain = PlainSite("plain")
plain.register(NewsItem, PlainAdmin)
urlpatterns = [*i18n_patterns(path("admin/plain/", plain.urls)), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


# Filling


def fill(number: int, others: int, revisions: int) -> "Desk":
    """Make so many news items and items of each other kind, or let those that are there become so many."""
    settings.ROOT_URLCONF = __name__
    user = User.objects.filter(groups__name="administrator").first() or make_user("administrator")
    for model in other_kinds():
        for _each in range(others - model._base_manager.count()):
            working_copies.record(make(model, public=["ar"]), "saved", user)
    if not NewsItem.objects.exists():
        _make_hundred(user)
    if copies := number // 100 - 1:
        _copy_hundred(copies)
    _repeat_revisions(revisions)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself before long
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # whose time nobody would see
    return Desk(user)


def _make_hundred(user: User) -> None:
    pictures = Image.objects.bulk_create(Image(file=f"{each}.webp", width=30, height=20) for each in range(5))
    topics = Topic.objects.bulk_create(Topic(slug=f"topic-{each}", name_ar=f"موضوع {each}") for each in range(10))
    goals = list(Goal.objects.all()[:2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('publishing_revision', 'id'), %s)", [LATER])
    make_news.make(range(100))
    for place, item in enumerate(NewsItem.objects.order_by("pk")):
        _write(item, place, user, topics[place % 10], goals, pictures)


def _copy_hundred(copies: int) -> None:
    news = f"content_type_id = {ContentType.objects.get_for_model(NewsItem).pk}"
    _copy(NewsItem, copies, slug="slug || '-' || n")
    for links in (NewsItem.topics, NewsItem.organisations, NewsItem.partnerships, NewsItem.documents):
        _copy(links.through, copies)
    for name in NewsItem.parts:
        _copy(part_model(NewsItem, name), copies)
    _copy(SearchEntry, copies, "kind = 'newsitem'")
    _copy(Revision, copies, f"{news} AND id > {LATER}")
    _copy(LanguageVersion, copies, news, revision_id=f"revision_id + n * {GAP}")


def other_kinds() -> list[type[Publishable]]:
    """The kinds of which there are several, news left out."""
    kinds = [model for model in apps.get_models() if issubclass(model, Publishable)]
    return [model for model in kinds if model not in (NewsItem, Conference)]


def _write(item: NewsItem, place: int, user: User, topic: Topic, goals: list[Goal], pictures: list[Image]) -> None:
    """Leave the item in one of the states that items have: public, reworked, submitted, scheduled, expired, a draft."""
    item.topics.add(topic)
    item.image = item.video_poster = pictures[0]
    item.save()
    for picture in pictures:
        item.pictures.create(image=picture, caption_ar="صورة")
    for name, others in (("organisations", Organisation), ("partnerships", Partnership), ("documents", Document)):
        getattr(item, name).set(others.objects.all()[:3])
    for goal in goals:
        item.goal_links.create(goal=goal, note_ar="صلة", note_en="A link")
    working_copies.record(item, "saved", user)
    if place % 5 == 0:
        data = working_copies.working_copy(item)
        data["fields"]["summary_ar"] += " وزيادة"
        working_copies.save(item, data, user)
    if place % 10 == 0:
        working_copies.submit(item, ["ar"], user)
    if place % 20 == 1:
        working_copies.withdraw(item, ["en"], user)
    if place % 20 == 2:
        LanguageVersion.objects.filter(object_id=item.pk, language="en").update(due_on=date(2027, 1, 1))
    if place % 25 == 3:
        working_copies.delete(item, user)


def _copy(model: type[models.Model], copies: int, condition: str = "true", **changed: str) -> None:
    """Copy the rows of a table so many times, each time under other keys."""
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    of = {column: f"{column} + n * {GAP}" for column in columns if column in MOVED} | changed
    names = [connection.ops.quote_name(column) for column in columns]
    values = ", ".join(of.get(column, name) for column, name in zip(columns, names, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, generate_series(1, {copies}) n"
            f" WHERE {condition}"
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _repeat_revisions(number: int) -> None:
    """Give each item earlier revisions, with other words in each, until it has so many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO publishing_revision (id, content_type_id, object_id, action, languages, data, changed, author_id, note)
            SELECT (SELECT coalesce(max(id), 0) FROM publishing_revision WHERE id <= %s) + row_number() OVER (),
                   content_type_id, object_id, 'saved', '{}',
                   jsonb_set(data, '{fields,summary_ar}', to_jsonb(coalesce(data #>> '{fields,summary_ar}', '') || ' ' || n)),
                   changed, author_id, ''
            FROM (SELECT *, count(*) OVER item AS there, row_number() OVER (item ORDER BY id) AS place FROM publishing_revision
                  WINDOW item AS (PARTITION BY content_type_id, object_id)) first, generate_series(1, %s - there) n
            WHERE place = 1
            """,
            [LATER, number],
        )


# Opening pages


class Desk:
    """The pages of the desk, each as something that opens it and wants to be answered 200."""

    ROWS = PlainAdmin.list_per_page

    def __init__(self, user: User) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user)
        self.item, self.unchanged = (NewsItem.objects.order_by("pk")[place] for place in (50, 56))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = cursor.fetchone()[0]
        self.plain_form = self.opens("plain:news_newsitem_change", self.item.pk)

    def plain_list_of(self, name: str) -> Callable[[], None]:
        """Django's own list; of a list of news that is filtered or searched, with the same query."""
        query = name.removeprefix("the news ") if name.startswith("the news ?") and "deleted" not in name else ""
        return self.opens("plain:news_newsitem_changelist", query=query)

    def is_form(self, name: str) -> bool:
        """Whether the page shows one item whole, in a form or in its frame."""
        return name.endswith(("form", "change", "frame"))

    def opens(self, name: str, *args, query: str = "") -> Callable[[], None]:
        with override("ar"):
            address = reverse(name, args=args) + query

        def open_page() -> None:
            response = self.client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        return open_page

    def count_queries(self, page: Callable[[], None]) -> int:
        """What is asked and written; where a transaction begins and ends is no query."""
        page()  # content types and the like are read once by each process
        with CaptureQueriesContext(connection) as queries:
            page()
        return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")) for query in queries)

    def timed(self, page: Callable[[], None]) -> float:
        """Seconds of the processor, of this process and of PostgreSQL's."""
        before = time.process_time() + self._of_backend()
        page()
        return time.process_time() + self._of_backend() - before

    def _of_backend(self) -> float:
        return int(Path(f"/proc/{self.backend}/schedstat").read_text().split()[0]) / 1e9

    def pages(self) -> dict[str, Callable[[], None]]:
        return self._of_all() | self._lists() | self._of_an_item()

    def _of_all(self) -> dict[str, Callable[[], None]]:
        board = [("state", State.values), ("stage", filter(None, Stage.values)), ("need", work.NEEDS), ("order", work.ORDERS)]
        queries = [f"?{name}={value}" for name, values in board for value in values]
        queries += ["", "?language=en", f"?kind={ContentType.objects.get_for_model(NewsItem).pk}", f"?q={self._word()}"]
        return {
            "the start page": self.opens("admin:index"),
            "the search of the desk": self.opens("admin:find", query=f"?q={self._word()}"),
            "the links": self.opens("admin:links"),
            "the log": self.opens("admin:log"),
            "the visits": self.opens("admin:visits"),
            "the help": self.opens("admin:help"),
            "own settings": self.opens("admin:settings"),
            "what a translator gets": self.opens("admin:spreadsheet"),
            **{f"the board {query}": self.opens("admin:board", query=query) for query in queries},
            "the board, page 2": self.opens("admin:board", query="?page=2"),
        }

    def _lists(self) -> dict[str, Callable[[], None]]:
        news = "admin:news_newsitem_changelist"
        year, topic = self.item.listed_on.year, self.item.topics.first().pk
        queries = ["", f"?q={self._word()}", f"?listed_on__year={year}", f"?topics__id__exact={topic}", "?deleted=1", "?p=2"]
        others = {
            model._meta.model_name: f"admin:{model._meta.label_lower.replace('.', '_')}_changelist" for model in other_kinds()
        }
        return {f"the news {query}": self.opens(news, query=query) for query in queries} | {
            f"the list of {name}": self.opens(address) for name, address in others.items()
        }

    def _of_an_item(self) -> dict[str, Callable[[], None]]:
        views = ("change", "delete", "history", "preview", "publish", "review", "translation", "photographs", "prominence")
        new, *_between, old = working_copies.revisions_of(self.item).values_list("pk", flat=True)
        pk, news = self.item.pk, "admin:news_newsitem_{}".format
        return {
            "a new form": self.opens(news("add")),
            **{f"an item: {view}": self.opens(news(view), pk) for view in views},
            "an item without changes: change": self.opens(news("change"), self.unchanged.pk),
            "an item: an earlier version": self.opens(news("version"), pk, old),
            "an item: two versions": self.opens(news("compare"), pk, query=f"?from={old}&to={new}"),
            "an item: within the frame": self.opens(news("framed"), pk, query="?language=ar"),
            "a goal: change": self.opens("admin:pages_goal_change", Goal.objects.first().pk),
        }

    def _word(self) -> str:
        return self.item.title_ar.split()[1]
