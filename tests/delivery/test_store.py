"""The page store, ahead of Django as the application server sees it, with a version that the test sets or the database's own."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from gzip import decompress
from io import BytesIO
from threading import Event
from types import SimpleNamespace
from urllib.parse import unquote
from uuid import uuid4

import brotli
import pytest
from django.core.files.base import ContentFile
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections, connection
from django.templatetags.static import static
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.delivery import store as stores
from conference_site.delivery import version as versions
from conference_site.delivery import warming
from conference_site.delivery.metrics import FOLDER, PLACE
from conference_site.delivery.pages import OVERHEAD, Pages, StoredPage
from conference_site.delivery.store import PageStore
from conference_site.delivery.version import Version
from conference_site.publishing import working_copies
from conference_site.visits import counting
from news.models import NewsItem
from pages.documents import Document
from pages.models import Conference, Goal
from tests.builders import make, make_user

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.django_db
in_threads = pytest.mark.django_db(transaction=True)
"""Where other threads, or the reader of the version, must see what was written."""


class Answer:
    def __init__(self, application, path: str, method: str = "GET", **headers: str) -> None:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        chunks = application(environ, self._begin)
        self.body = b"".join(chunks)
        if close := getattr(chunks, "close", None):
            close()

    def _begin(self, status: str, headers: list, exc_info: object = None) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)
        self.until = self.headers.pop("X-Accel-Expires", "")  # which is another in each second

    @property
    def how(self) -> str:
        return self.headers.get("Cache-Status", "").removeprefix("page-store; ")


class SetReader:
    """A version that the test sets."""

    def __init__(self) -> None:
        self.now: Version | None = None
        self.change()

    def version(self) -> Version | None:
        return self.now

    def is_there(self) -> bool:
        return self.now is not None

    def change(self) -> None:
        self.now = Version(str(uuid4()), "", (1, 1))

    def start(self) -> None:
        pass

    stop = start


@pytest.fixture
def reader():
    return SetReader()


def started(reader) -> PageStore:
    made = PageStore(get_wsgi_application())
    made.start(reader)
    return made


@pytest.fixture
def within_the_test(request):
    """A request neither begins nor ends with the connection, and so not with the transaction of the test either."""
    signals = (
        () if request.node.get_closest_marker("django_db").kwargs.get("transaction") else (request_started, request_finished)
    )
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def store(settings, tmp_path, reader, within_the_test):
    settings.PAGE_STORE_DIR = tmp_path / "pages"
    made = started(reader)
    yield made
    made.stop()
    made.disk.join(timeout=5)


@pytest.fixture
def live_store(store):
    """With the version as it is read from the database."""
    store.stop()
    made = started(None)
    yield made
    made.stop()


def written(store: PageStore, number: int = 1) -> None:
    """Wait until so many pages stand on the disk."""
    for _each in range(100):
        if sum(path.stat().st_size > 0 for path in store.disk.folder.glob("*/*.page")) == number:
            return
        time.sleep(0.02)
    raise AssertionError(list(store.disk.folder.glob("*/*")))


# What is kept


def test_a_page_is_rendered_once_for_each_version(store, reader):
    make(Goal, title_en="A goal")
    hows = []
    for _each in range(2):
        hows += [Answer(store, "/en/goals/").how, Answer(store, "/en/goals/").how]
        reader.change()
    assert hows == ["fwd=miss; stored", "hit"] * 2


@in_threads
def test_an_old_rendering_never_counts_as_new(store, reader, monkeypatch):
    """Its version is that under which it began, though the content changed while it was rendered."""
    begun, changed = Event(), Event()
    django = store._application

    def slowly(environ, start_response):
        chunks = list(django(environ, start_response))
        begun.set()
        changed.wait(5)
        return chunks

    goal = make(Goal, title_en="Old words")
    store._application = slowly
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(Answer, store, "/en/goals/")
        begun.wait(5)
        Goal.objects.filter(pk=goal.pk).update(title_en="New words")
        reader.change()
        changed.set()
        assert b"Old words" in answer.result().body
    store._application = django
    second = Answer(store, "/en/goals/")
    assert (second.how, b"New words" in second.body) == ("fwd=miss; stored", True)


@in_threads
def test_of_those_who_ask_at_once_one_renders(store):
    django, rendered = store._application, []

    def counted(environ, start_response):
        rendered.append(environ["PATH_INFO"])
        time.sleep(0.1)
        return django(environ, start_response)

    store._application = counted
    with ThreadPoolExecutor(5) as pool:
        bodies = {answer.body for answer in pool.map(lambda _each: Answer(store, "/en/news/"), range(5))}
    assert (rendered, len(bodies)) == (["/en/news/"], 1)


def test_unknown_parameters_make_no_page_and_are_not_seen(store):
    make(NewsItem, title_en="News")
    first = Answer(store, "/en/news/?utm_source=a&x=%00")
    assert b"utm_source" not in first.body
    for query in ("", "?utm_source=b", "?q=1&q=2"):
        assert Answer(store, f"/en/news/{query}").how == "hit", query
    assert len(store.pages) == 1
    item = NewsItem.objects.get()
    cursor = f"before={timezone.localdate() + timedelta(days=1)}.{item.pk}"
    assert [Answer(store, f"/en/news/?{cursor}").how for _each in range(2)] == ["fwd=miss; stored", "hit"]
    assert [Answer(store, f"/en/news/?{more}&{cursor}").how for more in ("before=1", "x=1&before=2")] == ["hit", "hit"]


def test_a_page_that_knows_nothing_of_queries_is_kept_once(store):
    """“before” and “after” are for lists of news alone."""
    asked = [
        Answer(store, path).how
        for path in ("/en/?before=1", "/en/?after=2", "/en/", "/en/news/", "/en/news/?before=2020-01-01.1")
    ]
    assert asked[:3] == ["fwd=miss; stored", "hit", "hit"]
    assert store.pages.newest(9) == ["/en/news/", "/en/"]


@pytest.mark.parametrize(
    "path",
    [
        "/en/search/?q=goal",
        "/en/search/suggestions/?q=goal",
        "/en/admin/login/",
        "/en/nothing/",
        "/healthz",
        "/",
        "/en/news/?before=x",
    ],
)
def test_what_is_somebodys_own_or_has_no_end_is_not_kept(store, path):
    answers = [Answer(store, path) for _each in range(2)]
    assert [answer.how for answer in answers] == ["", ""]
    assert len(store.pages) == 0


def test_a_document_is_sent_in_parts_and_not_again(store, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = make(Document, file_en=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"))
    path = f"/en/documents/{document.slug}/file/"
    whole, part = Answer(store, path), Answer(store, path, range="bytes=0-3")
    again = Answer(store, path, if_none_match=whole.headers["ETag"])
    assert [(answer.status, answer.body, answer.how) for answer in (whole, part, again)] == [
        (200, b"%PDF-1.4 %%EOF", ""),
        (206, b"%PDF", ""),
        (304, b"", ""),
    ]
    assert Answer(store, f"/en/documents/{document.slug}/").how == "fwd=miss; stored"


@pytest.mark.parametrize("query", ["before=MARK", "after=MARK&before=MARK", "%62efore=MARK"])
def test_what_was_asked_beside_an_address_stands_in_no_page_that_is_kept(store, query):
    """Not even where the page says only where it is in the other language."""
    first = Answer(store, f"/en/goals/?{query}")
    assert (first.status, b"MARK" in first.body, first.how) == (200, False, "fwd=miss; stored")
    assert (Answer(store, "/en/goals/").body, store.pages.newest(9)) == (first.body, ["/en/goals/"])


def test_an_address_with_a_question_mark_of_its_own_is_another(store):
    assert Answer(store, "/en/goals/").status == 200
    assert [Answer(store, path).status for path in ("/en/goals/%3F", "/en/goals/%3Fbefore=1")] == [404, 404]
    assert Answer(store, "/en/goals/").how == "hit"


@pytest.mark.parametrize("path", ["/en/search/?q=a", "/robots.txt", "/media/none", "/en/admin/login/"])
def test_a_head_has_no_body(store, path):
    assert Answer(store, path, method="HEAD").body == b""


@pytest.mark.parametrize(("accepted", "coding"), [("br;q=0, gzip", "gzip"), ("br;q=0", None), ("x-gzip", None), ("br", "br")])
def test_no_file_comes_in_a_coding_that_was_refused(store, accepted, coding):
    assert Answer(store, static("css/site.css"), accept_encoding=accepted).headers.get("Content-Encoding") == coding


def test_nothing_of_one_reader_reaches_another(store, client):
    """What a browser sends beside the address is not seen by the page, be it signed in, from elsewhere, or hostile."""
    user = make_user("administrator")
    client.force_login(user)
    hostile = {
        "cookie": f"session={client.cookies['session'].value}",
        "authorization": "Basic YTph",
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "x_original_url": "/en/admin/",
        "accept_language": "fr",
        "user_agent": "<script>",
        "referer": "https://evil.example/",
        "range": "bytes=0-10",
        "if_modified_since": "Sat, 28 Nov 2099 00:00:00 GMT",
    }
    first = Answer(store, "/en/", **hostile)
    plain = Answer(get_and_forget(store), "/en/")
    assert (first.status, first.body) == (200, plain.body)
    assert "Set-Cookie" not in first.headers


def test_a_rendering_is_told_nothing_but_the_address(store):
    """A header that no view reads today may be read by one tomorrow."""
    told, django = {}, store._application

    def noted(environ, start_response):
        told.update({name: value for name, value in environ.items() if name.startswith(("HTTP_", "QUERY"))})
        return django(environ, start_response)

    store._application = noted
    Answer(store, "/en/news/?x=1", host="localhost:9", cookie="a=b", x_forwarded_host="evil.example", user_agent=BROWSER)
    assert told == {"HTTP_HOST": "localhost:8000", "QUERY_STRING": ""}


def get_and_forget(store: PageStore) -> PageStore:
    store.pages.drop("/en/")
    return store


def test_a_host_that_is_not_ours_gets_no_page(store):
    assert Answer(store, "/en/").status == 200
    assert [Answer(store, "/en/", host=host).status for host in ("evil.example", "localhost.evil.example", "")] == [400] * 3


def test_where_https_is_asked_for_plain_http_gets_no_page(store, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert Answer(store, "/en/", x_forwarded_proto="https").status == 200
    assert Answer(store, "/en/", x_forwarded_proto="https").how == "hit"
    assert [Answer(store, "/en/", **headers).how for headers in ({}, {"x_forwarded_proto": "http"})] == ["", ""]


def test_only_ways_of_reading_are_answered(store):
    assert Answer(store, "/en/").status == 200
    assert [Answer(store, "/en/", method).status for method in ("POST", "DELETE", "TRACE")] == [405] * 3


def test_the_frame_is_read_once_for_all_pages_of_a_version(store, reader):
    make(Conference, title_en="Old name")
    make(Goal)
    counted = []
    for path in ("/en/goals/", "/en/news/", "/ar/goals/"):
        with CaptureQueriesContext(connection) as queries:
            Answer(store, path)
        counted.append(sum("pages_conference" in query["sql"] for query in queries))
    assert counted == [1, 0, 1]
    Conference.objects.update(title_en="New name")
    reader.change()
    assert b"New name" in Answer(store, "/en/news/").body


# How it is sent


def test_it_is_compressed_as_the_reader_accepts_it(store):
    plain = Answer(store, "/en/")
    assert ("Content-Encoding" in plain.headers, plain.headers["Vary"]) == (False, "Accept-Encoding")
    read = {"br": brotli.decompress, "gzip": decompress}
    for accepted, coding in {
        "gzip, deflate, br, zstd": "br",
        "gzip": "gzip",
        "GZIP;q=0.5": "gzip",
        "br;q=0, gzip;q=0.1": "gzip",
    }.items():
        answer = Answer(store, "/en/", accept_encoding=accepted)
        assert (answer.how, answer.headers["Content-Encoding"]) == ("hit", coding), accepted
        assert read[coding](answer.body) == plain.body
    for accepted in ("identity", "br;q=0", "*", "zstd", "br;q=x"):
        assert Answer(store, "/en/", accept_encoding=accepted).body == plain.body, accepted


def test_each_coding_has_its_entity_tag_and_whoever_has_it_is_told_so(store, reader):
    tags = set()
    for accepted in ("", "br", "gzip"):
        full = Answer(store, "/en/", accept_encoding=accepted)
        tags.add(tag := full.headers["ETag"])
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = Answer(store, "/en/", accept_encoding=accepted, if_none_match=known)
            assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag), known
            assert set(again.headers) == {"ETag", "Vary", "Cache-Control", "Cache-Status"}
        assert Answer(store, "/en/", accept_encoding=accepted, if_none_match='"other"').status == 200
    assert len(tags) == 3
    # Where something else has changed, what this page says has not.
    reader.change()
    assert Answer(store, "/en/", accept_encoding="br", if_none_match=", ".join(tags)).status == 304


def test_head_says_what_get_does(store):
    first, second = Answer(store, "/en/", "HEAD"), Answer(store, "/en/")
    assert (first.body, second.how) == (b"", "hit")
    again = Answer(store, "/en/", "HEAD")
    assert (again.body, again.headers) == (b"", second.headers)
    assert again.headers["Content-Length"] == str(len(second.body))
    nothing = Answer(store, "/en/nothing/", "HEAD")
    assert (nothing.status, nothing.body) == (404, b"")


def test_caches_ask_again_and_the_headers_are_those_of_django(store, client):
    kept, django = Answer(store, "/en/"), client.get("/en/", headers={"host": "localhost"})
    assert kept.headers["Cache-Control"] == "max-age=0, s-maxage=1, stale-if-error=86400"
    own = {"ETag", "Content-Length", "Cache-Status"}
    assert {name: value for name, value in kept.headers.items() if name not in own} == {
        name: value for name, value in django.headers.items() if name not in own
    }


def test_nginx_keeps_it_for_the_second_in_which_it_began(store, monkeypatch):
    """However long it took. It counts from when an answer comes, and in whole seconds, unless it is told a moment."""
    django, clock = store._application, SimpleNamespace(now=100.9)
    monkeypatch.setattr(stores, "time", SimpleNamespace(time=lambda: clock.now))

    def slow(environ, start_response):
        clock.now += 3
        return django(environ, start_response)

    store._application = slow
    first, second = Answer(store, "/en/"), Answer(store, "/en/", if_none_match="*")
    assert [(answer.how, answer.until) for answer in (first, second)] == [("fwd=miss; stored", "@100"), ("hit", "@103")]
    assert Answer(store, "/en/nothing/").until == ""


def test_visits_are_counted_once_however_it_was_answered(store, monkeypatch):
    counted = []
    monkeypatch.setattr(counting, "count", counted.append)
    for method, agent in (("GET", BROWSER), ("GET", BROWSER), ("HEAD", BROWSER), ("GET", "Googlebot/2.1"), ("GET", "")):
        Answer(store, "/en/", method, user_agent=agent)
    assert counted == [counting.Page("home", 0, "en")] * 2


# When the database is away


def test_what_is_held_is_served_and_marked_and_the_rest_says_so(store, reader, django_assert_num_queries):
    make(Goal)
    kept = Answer(store, "/ar/goals/")
    reader.now = None
    with django_assert_num_queries(0):
        answer = Answer(store, "/ar/goals/")
        assert (answer.status, answer.body, answer.how) == (200, kept.body, "hit; detail=outage")
        for path, method in (
            ("/ar/news/", "GET"),
            ("/ar/search/?q=x", "GET"),
            ("/ar/admin/", "GET"),
            ("/ar/admin/login/", "POST"),
        ):
            missing = Answer(store, path, method)
            assert (missing.status, missing.headers["Retry-After"]) == (503, "30"), path
            assert "هذه الصفحة غير متاحة الآن" in missing.body.decode()
            assert (missing.headers["Cache-Control"], missing.headers["Content-Language"]) == ("no-store", "ar")
        assert [Answer(store, path).status for path in ("/healthz", "/", "/robots.txt")] == [200, 302, 503]


def test_caches_are_not_told_that_an_answer_in_an_outage_is_unchanged(store, reader):
    """Or else they would go on sending what they have without the mark, and with it when all is well."""
    tag, version = Answer(store, "/en/").headers["ETag"], reader.now
    reader.now = None
    marked = Answer(store, "/en/", if_none_match=tag)
    assert (marked.status, marked.how, marked.headers["ETag"]) == (200, "hit; detail=outage", f'{tag[:-1]}-outage"')
    again = Answer(store, "/en/", if_none_match=marked.headers["ETag"])
    assert (again.status, again.how, again.headers["ETag"]) == (304, "hit; detail=outage", marked.headers["ETag"])
    reader.now = version
    assert (Answer(store, "/en/", if_none_match=marked.headers["ETag"]).status, Answer(store, "/en/").how) == (200, "hit")


def test_what_was_written_through_outlives_the_process(store, reader):
    make(Goal)
    kept = Answer(store, "/ar/goals/")
    written(store)
    again = started(reader)
    assert Answer(again, "/ar/goals/").how == "fwd=miss; stored"  # what stands on the disk is never taken for new
    again = started(SetReader())
    again._reader.now = None
    answers = [Answer(again, "/ar/goals/") for _each in range(2)]
    assert [(answer.status, answer.body, answer.how) for answer in answers] == [(200, kept.body, "hit; detail=outage")] * 2
    again._reader.change()
    assert Answer(again, "/ar/goals/").how == "fwd=miss; stored"


def test_a_process_renders_first_what_others_were_asked_for(store, reader, monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    older = f"/en/news/?before={timezone.localdate() + timedelta(days=1)}.{make(NewsItem).pk}"
    for path in ("/ar/goals/", "/en/news/", older, "/en/", "/ar/goals/"):
        Answer(store, path)
    for place in ("0", "1"):
        monkeypatch.setenv(PLACE, place)
        warming.note(store.pages)
    (tmp_path / "read-2.json").write_text("damaged")
    assert warming.known() == ["/ar/goals/", "/en/", older, "/en/news/"]
    counted, again, late = [], started(reader), started(reader)
    monkeypatch.setattr(counting, "count", counted.append)
    warming.warm(again)
    warming.warm(late, seconds=-1)
    assert (again.pages.newest(9)[::-1], late.pages.newest(9), counted) == (warming.known(), [], [])
    assert Answer(again, older).how == "hit"


def test_what_is_gone_is_forgotten(store, reader):
    goal = make(Goal)
    path = f"/ar/goals/{goal.slug}/"
    assert Answer(store, path).status == 200
    written(store)
    goal.delete()
    reader.change()
    assert Answer(store, path).status == 404
    written(store, 0)
    reader.now = None
    assert Answer(store, path).status == 503


@pytest.mark.parametrize("path", ["/media/none.webp", "/static/none.css", "/cards/none.png"])
def test_a_file_that_is_missing_is_no_reason_to_wait_for_a_database_that_is_away(store, reader, path):
    assert Answer(store, path).status == 404
    reader.now = None
    with CaptureQueriesContext(connection) as context:
        answer = Answer(store, path)
    assert (answer.status, answer.headers["Retry-After"], len(context)) == (503, "30", 0)


def test_what_one_process_knows_to_be_gone_comes_back_in_none(store, reader, tmp_path):
    """Nor from a copy in front of the site, whose place the refusal takes; until it is public again."""
    goal = make(Goal)
    path, other = f"/ar/goals/{goal.slug}/", started(reader)
    assert [Answer(each, path).how for each in (store, other)] == ["fwd=miss; stored"] * 2
    written(store)
    Goal.objects.update(publish_at_ar=None, publish_at_en=None)
    reader.change()
    refused, unknown = Answer(store, path), Answer(store, "/ar/goals/none/")
    assert (refused.status, refused.until[:1], unknown.status, unknown.until) == (404, "@", 404, "")
    written(store, 0)
    assert Answer(store, path).until[:1] == "@"
    now, reader.now = reader.now, None
    assert [Answer(each, path).status for each in (store, other)] == [503, 503]
    reader.now = now
    Goal.objects.update(publish_at_ar=goal.publish_at_ar)
    assert Answer(other, path).status == 200
    written(store)
    reader.now = None
    assert Answer(store, path).how == "hit; detail=outage"
    other.stop()


def test_a_folder_that_takes_nothing_is_no_reason_to_fail(store, reader, caplog):
    store.disk.folder.parent.joinpath("pages").write_text("a file where the folder should be")
    assert [Answer(store, "/en/").how, Answer(store, "/en/").how] == ["fwd=miss; stored", "hit"]
    store.stop()
    store.disk.join(5)
    assert "can't be kept" in caplog.text


def test_a_page_that_was_damaged_on_the_disk_is_none(store, reader, caplog):
    Answer(store, "/en/")
    written(store)
    [path] = store.disk.folder.glob("*/*.page")
    path.write_bytes(path.read_bytes()[:-20])
    assert store.disk.read("/en/") is None
    assert "could not be read" in caplog.text


# When a rendering fails


@pytest.mark.parametrize("error", [OperationalError("gone"), ZeroDivisionError("a fault")])
def test_a_rendering_that_fails_leaves_the_last_good_page(store, reader, monkeypatch, caplog, error):
    kept = Answer(store, "/en/")
    reader.change()

    def fail(*args):
        raise error

    monkeypatch.setattr("conference_site.views.overview", fail)
    monkeypatch.setattr("django.core.handlers.exception.settings.DEBUG_PROPAGATE_EXCEPTIONS", False)
    answer = Answer(store, "/en/")
    assert (answer.status, answer.body, answer.how) == (200, kept.body, "hit; detail=failed")
    assert str(error) in caplog.text
    store.pages.drop("/en/")
    for path in store.disk.folder.glob("*/*"):
        path.unlink()
    assert Answer(store, "/en/").status == (503 if isinstance(error, OperationalError) else 500)


# With the database's own version


@in_threads
def test_a_change_is_seen_within_a_quarter_of_a_second_everywhere(live_store):
    goal = make(Goal, title_en="Old words")
    working_copies.record(goal, "saved")
    time.sleep(versions.FRESH)  # so that the reader knows of it
    paths = ["/en/goals/", f"/en/goals/{goal.slug}/", "/ar/goals/", "/sitemap-lists.xml", "/en/"]
    for path in paths:
        assert Answer(live_store, path).status == 200, path
        assert Answer(live_store, path).how == "hit", path
    data = working_copies.working_copy(goal)
    working_copies.save(goal, data | {"fields": data["fields"] | {"title_en": "New words"}})
    time.sleep(versions.FRESH)
    assert {Answer(live_store, path).how for path in paths} == {"hit"}  # a draft is nobody's business
    working_copies.publish(goal, ["en"])
    time.sleep(0.25)
    answers = {path: Answer(live_store, path) for path in paths}
    assert {answer.how for answer in answers.values()} == {"fwd=miss; stored"}
    assert [b"New words" in answers[path].body for path in paths[:2]] == [True, True]


@in_threads
def test_a_moment_is_kept_though_nobody_writes(live_store):
    make(Goal, title_en="To come", publish_at_en=timezone.now() + timedelta(seconds=1.5))
    assert b"To come" not in Answer(live_store, "/en/goals/").body
    time.sleep(1.8)
    assert b"To come" in Answer(live_store, "/en/goals/").body


@in_threads
def test_a_page_that_is_held_asks_the_database_nothing(live_store):
    Answer(live_store, "/en/")
    connection.close()
    assert (Answer(live_store, "/en/").how, connection.connection) == ("hit", None)


# The memory


def test_what_was_not_asked_for_longest_goes_first():
    pages = Pages(11 * (OVERHEAD + 100))
    for number in range(11):
        pages.put(str(number), StoredPage([], b"x" * 100, None))
    assert (len(pages), pages.get("0") is None) == (11, False)
    pages.put("new", StoredPage([], b"x" * 100, None))
    assert [key for key in [*map(str, range(11)), "new"] if pages.get(key) is None] == ["1"]
    pages.put("large", StoredPage([], b"x" * 10_000, None))
    assert (pages.get("large"), pages.size) == (None, 11 * (OVERHEAD + 100))
    pages.put("new", StoredPage([], b"x" * 300, None))
    assert (len(pages), pages.size <= pages.most) == (10, True)


def test_codings_count_too(store):
    Answer(store, "/en/")
    before = store.pages.size
    answer = Answer(store, "/en/", accept_encoding="gzip")
    assert store.pages.size == before + len(answer.body)


def test_ports_and_hosts_fill_nothing(store):
    for port in range(200):
        assert Answer(store, "/en/", host=f"localhost:{port + 1}").status == 200
    assert (len(store.pages), len(stores._hosts) <= 100) == (1, True)
