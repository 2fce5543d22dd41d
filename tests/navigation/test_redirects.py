"""Addresses that were printed: how they are written, where they lead, and that they lead nowhere else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference_site.navigation.addresses import canonical
from conference_site.navigation.models import Redirect
from conference_site.publishing import working_copies
from conference_site.search import indexing
from pages.models import Goal, Page
from tests.builders import make, make_user
from tests.desk.forms import send
from tests.navigation.test_menus import HOSTILE, refusal

pytestmark = pytest.mark.django_db

LIST = "/en/admin/navigation/redirect/"


def printed(path: str, **fields) -> Redirect:
    made = Redirect(path=path, **fields)
    made.full_clean()
    made.save()
    return made


def leads(client, path: str, language: str = "en", **extra) -> tuple[int, str | None]:
    response = client.get(path, headers={"Accept-Language": language}, **extra)
    return response.status_code, response.headers.get("Location")


# How they are written


WRITTEN = [
    ("/jubail", "/jubail"),
    ("Jubail/", "/jubail"),
    ("  /JUBAIL//  ", "/jubail"),
    ("http://localhost:8000/jubail", "/jubail"),
    ("/%6Aubail", "/jubail"),
    ("/الجبيل", "/الجبيل"),
    ("/%D8%A7%D9%84%D8%AC%D8%A8%D9%8A%D9%84", "/الجبيل"),
    ("/\u200fالجبيل\u200f", "/الجبيل"),  # as WhatsApp passes it on
    ("/الا\u0653ن", "/الآن"),  # decomposed
    ("/ar/unesco٢٠٢٥", "/ar/unesco2025"),
    ("/\u202ejubail", "/jubail"),
    ("/a%2Fb", "/a/b"),
    ("/jub%00ail", "/jubail"),
]


def test_all_ways_to_write_an_address_are_one():
    assert [canonical(typed) for typed, _stored in WRITTEN] == [stored for _typed, stored in WRITTEN]
    assert [canonical(stored) for _typed, stored in WRITTEN] == [stored for _typed, stored in WRITTEN]
    assert printed("%D8%A7%D9%84%D8%AC%D8%A8%D9%8A%D9%84/", section="news").path == "/الجبيل"


NO_PATHS = [
    "",
    "/",
    "//evil.example",
    "/a//b",
    "\\\\evil.example",
    "/a\\b",
    "/..",
    "/a/../b",
    "/./a",
    "/a b",
    "/a?b",
    "/a%3Fb",
    "/a#b",
    "/a\r\nSet-Cookie: a=b",
    "/a%0d%0ab",
    "/%2561",
    "javascript:alert(1)",
    "https://evil.example/",
    "/<script>",
    "/" + "a" * 200,
]
NOT_FREE = [
    "/admin",
    "/admin/x",
    "/static/x",
    "/media/x",
    "/cards/x.png",
    "/healthz",
    "/readyz",
    "/metrics",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-goal-1.xml",
    "/favicon.ico",
    "/.well-known/security.txt",
    "/ar",
    "/AR/",
    "/en/news",
    "/en/news.atom",
    "/en/news/archive/2024",
    "/en/admin",
    "/en/admin/anything",
    "/en/search",
    "/en/preview/x",
    "/en/goals/taken",
    "/en/Goals/TAKEN/",
    "/ar/goals/once",
    "/ar/goals/taken/parallel",
    "/en/draft",
    "/en/deleted",
]


def test_what_is_no_address_to_be_printed():
    found = {path: refusal(Redirect(path=path, section="news")) for path in NO_PATHS}
    assert found == {key: {"path"} for key in NO_PATHS}


def test_what_the_site_answers_itself_or_an_item_has_is_refused():
    make(Goal, slug="taken").keep_former_slug("once")
    make(Page, [], slug="draft")
    working_copies.delete(make(Page, slug="deleted"))
    found = {path: refusal(Redirect(path=path, section="news")) for path in NOT_FREE}
    assert found == {key: {"path"} for key in NOT_FREE}


def test_where_none_may_lead():
    found = {address: refusal(Redirect(path="/jubail", address=address)) for address in HOSTILE}
    assert found == {key: {"address"} for key in HOSTILE}


def test_there_are_no_chains_and_no_loops():
    """For a printed address is where the site answers not, and a destination where it does."""
    printed("/en/first", section="news")
    for path, address in (("/en/second", "/en/first/"), ("/en/second", "/en/second"), ("/en/second", "/ar/first")):
        with pytest.raises(ValidationError):
            printed(path, address=address)
    with pytest.raises(ValidationError):
        printed("/EN/First/", section="goals")
    assert Redirect.objects.count() == 1


# Where they lead


def test_an_item_in_the_language_of_the_address_else_of_the_browser(client):
    item = make(Goal, slug="goal")
    indexing.refresh(item)
    printed("/jubail", kind="goal", object_id=item.pk), printed("/ar/unesco2025", kind="goal", object_id=item.pk)
    printed("/الجبيل", kind="goal", object_id=item.pk)
    assert leads(client, "/jubail", "en") == (302, "/en/goals/goal/")
    assert leads(client, "/Jubail/", "ar") == (302, "/ar/goals/goal/")
    assert leads(client, "/JUBAIL", "fr") == (302, "/ar/goals/goal/")
    assert leads(client, "/ar/UNESCO2025", "en") == (302, "/ar/goals/goal/")
    assert leads(client, "/ar/unesco٢٠٢٥/", "en") == (302, "/ar/goals/goal/")
    assert leads(client, "/en/unesco2025/")[0] == 404
    assert leads(client, "/%D8%A7%D9%84%D8%AC%D8%A8%D9%8A%D9%84") == (302, "/en/goals/goal/")


def test_a_browser_keeps_it_for_minutes_and_asks_again_in_another_language(client):
    printed("/jubail", section="news")
    response = client.get("/jubail")
    assert response.headers["Cache-Control"] == "private, max-age=300"
    assert response.headers["Vary"] == "Accept-Language"


def test_sections_addresses_and_what_is_passed_on(client):
    printed("/a", section="news"), printed("/b", address="https://example.org/x?y=1#z"), printed("/c", address="/en/search/?q=x")
    assert leads(client, "/a?utm=1&b=%2F") == (302, "/en/news/?utm=1&b=%2F")
    assert leads(client, "/b?u=2") == (302, "https://example.org/x?y=1&u=2#z")
    assert leads(client, "/c", "ar") == (302, "/ar/search/?q=x")
    assert leads(client, "/a?next=//evil.example&x=%0d%0aA:b") == (302, "/en/news/?next=//evil.example&x=%0d%0aA:b")
    assert leads(client, "/a?" + "x" * 3000) == (302, "/en/news/")


def test_what_is_not_public_or_was_never_printed_is_not_found(client):
    item = make(Page, [], slug="draft")
    indexing.refresh(item)
    printed("/draft", kind="page", object_id=item.pk)
    assert leads(client, "/", PATH_INFO="//evil.example")[0] == 404
    for path in ("/draft", "/evil.example/", "/%5C%5Cevil.example", "/jubail%2f..%2fx", "/" + "x" * 3000):
        assert leads(client, path)[0] == 404, path


def test_an_item_that_is_called_so_later_answers_first(client):
    printed("/en/jubail", section="news")
    make(Page, slug="jubail")
    assert leads(client, "/en/jubail/")[0] == 200


def test_only_what_nothing_else_answers_is_looked_up_and_by_one_query(client):
    printed("/jubail", section="news")
    with CaptureQueriesContext(connection) as queries:
        client.get("/jubail")
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/questions/")
    assert [query for query in queries if "navigation_redirect" in query["sql"]] == []
    assert client.post("/jubail").status_code == 405


# The desk


@pytest.fixture
def organiser(db) -> Client:
    client = Client()
    client.force_login(make_user("organiser"))
    return client


def test_the_desk_shows_the_address_in_both_forms_and_as_a_picture(organiser):
    send(organiser, f"{LIST}add/", "_save", "redirect_form", path="الجبيل", section="news", note="Poster")
    redirect = Redirect.objects.get()
    html = organiser.get(f"{LIST}{redirect.pk}/change/").content.decode()
    assert '<bdi dir="ltr">http://localhost:8000/الجبيل</bdi>' in html
    assert '<bdi dir="ltr">http://localhost:8000/%D8%A7%D9%84%D8%AC%D8%A8%D9%8A%D9%84</bdi>' in html
    picture = organiser.get(f"{LIST}{redirect.pk}/qr.svg")
    assert (picture.headers["Content-Type"], picture.content[:60].count(b"<svg")) == (
        "image/svg+xml",
        1,
    ) or b"<svg" in picture.content
    assert f'src="{LIST}{redirect.pk}/qr.svg"' in html
    found = organiser.get(LIST, {"q": "poster"}).context["cl"].result_list
    assert [one.pk for one in found] == [redirect.pk]


def test_a_wrong_address_is_said_once_and_what_was_typed_comes_back(organiser):
    typed = {"path": "/en/news", "section": "news"}
    response = organiser.post(f"{LIST}add/", {"path": "/jubail", "address": "javascript:x"})
    assert list(response.context["adminform"].form.errors) == ["address"]
    response = organiser.post(f"{LIST}add/", typed)
    assert response.context["adminform"].form.errors == {
        "path": ["A page of the site stands at this address, or once stood there."]
    }
    assert response.context["adminform"].form["path"].value() == "/en/news"


def test_lists_cost_the_same_for_one_row_and_for_many(organiser):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(LIST).status_code == 200
        return len(queries)

    printed("/one", section="news")
    few = cost()
    for number in range(30):
        item = make(Goal)
        indexing.refresh(item)
        printed(f"/many{number}", kind="goal", object_id=item.pk)
    assert (cost(), few) == (few, 7)


def test_editors_read_only(organiser):
    redirect = printed("/jubail", section="news")
    editor = Client()
    editor.force_login(make_user("editor"))
    pages = [LIST, f"{LIST}{redirect.pk}/change/", f"{LIST}{redirect.pk}/qr.svg", f"{LIST}add/"]
    assert [editor.get(path).status_code for path in pages] == [200, 200, 200, 403]
    assert editor.post(f"{LIST}{redirect.pk}/change/", {"path": "/x", "section": "goals"}).status_code == 403
    stranger = Client()
    stranger.force_login(make_user())
    assert {stranger.get(path).status_code for path in pages} == {403}
