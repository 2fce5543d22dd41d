"""The menus that editors arrange: what stands in them, in which language, at this moment; and the desk for them."""

import re
import shutil
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.navigation.models import Destination, MenuEntry
from conference_site.operations import content
from conference_site.publishing import working_copies
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Goal, Page
from tests.builders import make, make_user, stand
from tests.desk.forms import fields_of, send
from tests.test_templates import html_of

pytestmark = pytest.mark.django_db

LIST = "/en/admin/navigation/menuentry/"
SECTIONS = ["conference", "goals", "questions", "news", "partnerships", "learning-cities", "organisations"]


def links(client, path: str = "/en/goals/", place: str = "header") -> list[str]:
    """The addresses of a menu."""
    header, footer = html_of(client, path).split("<main")[0], html_of(client, path).split("</main>")[1]
    nav = re.search(r"<nav (class|aria-label=.(About|عن)).*?</nav>", header if place == "header" else footer, re.DOTALL)
    return re.findall(r'<a href="([^"]*)"', nav[0]) if nav else []


def link(client, address: str, path: str = "/en/goals/") -> str:
    """The item of the menu that leads there, as it is written."""
    found = re.search(rf'<li>(<a href="{re.escape(address)}".*?</a>)</li>', html_of(client, path), re.DOTALL)
    return found[1].replace("\n", "")


# What is shown


def test_without_any_rows_the_menu_is_that_of_the_code(client):
    assert links(client) == [f"/en/{name}/" for name in SECTIONS]
    assert links(client, place="footer") == []


def test_the_starting_content_arranges_what_was_there_before(client, tmp_path):
    for name in ("pages", "menus"):
        shutil.copy(content.FOLDER / f"{name}.toml", tmp_path)
    content.load(tmp_path)
    assert links(client, "/ar/") == [f"/ar/{name}/" for name in [*SECTIONS[:3], "rationale", *SECTIONS[3:]]]
    assert links(client, "/ar/", "footer") == ["/ar/accessibility/", "/ar/privacy/"]
    MenuEntry.objects.exclude(section="news").delete()
    assert content.load(tmp_path) == 0
    assert links(client) == ["/en/news/"]


def test_links_stand_in_their_place_and_order_and_are_called_as_editors_say(client):
    page = make(Page, slug="about", title_en="About", title_ar="عن")
    stand(page, "footer")
    stand(page, order=20, label_en="Us")
    MenuEntry.objects.create(section="news", order=10, label_ar="الجديد")
    MenuEntry.objects.create(address="https://example.org/a?b=c&d=e", order=30, label_ar="غيرنا")
    MenuEntry.objects.create(address="/ar/search/?q=unesco", order=40, label_en="Found")
    assert links(client) == ["/en/news/", "/en/about/", "https://example.org/a?b=c&amp;d=e", "/en/search/?q=unesco"]
    assert links(client, place="footer") == ["/en/about/"]
    assert link(client, "/en/news/").endswith(">News</a>")
    assert "الجديد</bdi>" not in link(client, "/ar/news/", "/ar/goals/")
    assert link(client, "/ar/news/", "/ar/goals/").endswith(">الجديد</a>")
    assert '<bdi lang="en" dir="ltr">Us</bdi>' in link(client, "/en/about/")
    assert '<bdi lang="ar" dir="rtl">عن</bdi>' in link(client, "/ar/about/", "/ar/goals/")


def test_6_a_link_says_where_its_page_or_its_words_are_of_another_language(client):
    stand(make(Page, ["ar"], slug="arabic", title_ar="عربية"), label_en="Ours")
    MenuEntry.objects.create(address="https://example.org/", label_ar="خارجي")
    assert link(client, "/en/arabic/") == (
        '<a href="/en/arabic/" hreflang="ar"><bdi lang="en" dir="ltr">Ours</bdi> <span class="tag">Arabic</span></a>'
    )
    assert link(client, "https://example.org/") == (
        '<a href="https://example.org/" hreflang="ar"><bdi lang="ar" dir="rtl">خارجي</bdi> <span class="tag">Arabic</span></a>'
    )
    assert link(client, "/ar/arabic/", "/ar/goals/") == '<a href="/ar/arabic/"><bdi lang="ar" dir="rtl">عربية</bdi></a>'


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({}, True),
        ({"expires_at_ar": timedelta(hours=-1)}, True),  # English is left
        ({"expires_at_ar": timedelta(hours=-1), "expires_at_en": timedelta(hours=-1)}, False),
        ({"publish_at_ar": None, "publish_at_en": timedelta(hours=1)}, False),
        ({"publish_at_ar": None, "publish_at_en": None}, False),
        ({"deleted_at": timedelta(0)}, False),
    ],
)
def test_what_is_public_at_this_moment_is_shown_and_nothing_else(client, fields, is_shown):
    now = timezone.now()
    item = make(Goal, slug="goal", **{name: when if when is None else now + when for name, when in fields.items()})
    stand(item)
    stand(make(Page, slug="other"))
    assert links(client) == [*(["/en/goals/goal/"] if is_shown else []), "/en/other/"]


def test_a_link_follows_its_item(client):
    item = make(NewsItem, slug="before")
    stand(item)
    copy = working_copies.working_copy(item)
    working_copies.record(item, "saved", data=copy | {"fields": copy["fields"] | {"slug": "after"}})
    working_copies.publish(item, ["en"])
    assert links(client) == ["/en/news/after/"]
    working_copies.delete(item)
    assert links(client) == []


@pytest.mark.parametrize(("path", "marked"), [("/en/", "/en/"), ("/en/news/", "/en/news/"), ("/en/goals/", None)])
def test_the_home_page_is_not_above_every_other(client, path, marked):
    for section in ("home", "news"):
        MenuEntry.objects.create(section=section)
    assert re.findall(r'<a href="([^"]*)" aria-current', html_of(client, path)) == ([marked] if marked else [])


def test_the_menu_costs_one_query_whatever_stands_in_it(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            html_of(client, "/en/questions/")
        return len(queries)

    without = cost()
    for model in (Page, Goal, NewsItem, Document):
        stand(make(model)), stand(make(model), "footer")
    assert (cost(), without) == (without, 4)


def test_an_error_has_the_menu_too(client):
    stand(make(Page, slug="about"))
    response = client.get("/en/nothing/")
    assert (response.status_code, "/en/about/" in response.content.decode()) == (404, True)


# What is refused


def entry(**fields) -> MenuEntry:
    made = MenuEntry(**fields)
    made.full_clean()
    made.save()
    return made


HOSTILE = [
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http://example.org/",
    "https://conference@evil.example/",
    "https://example.org/\r\nSet-Cookie: a=b",
    "/ar/\r\nSet-Cookie: a=b",
    "/ar//evil.example",
    "/ar/../../evil",
    "https:/evil.example",
    "https://",
    "/ar/%2f%2fevil.example",
    "/en/nothing/",
    "/en/goals/nothing/",
    "/static/css/site.css",
    "en/goals/",
    "ftp://example.org/",
]


def refusal(row: Destination) -> set[str]:
    """The fields of which a row is told that they are wrong."""
    try:
        row.full_clean()
    except ValidationError as refused:
        return set(refused.message_dict)
    return set()


def test_addresses_that_lead_nowhere_or_astray():
    found = {address: refusal(MenuEntry(address=address, label_en="Away")) for address in HOSTILE}
    assert found == {key: {"address"} for key in HOSTILE}


def test_an_address_of_the_site_is_kept_as_what_stands_there(client, settings):
    goal = make(Goal, slug="goal")
    goal.keep_former_slug("former")
    kept = [
        entry(address=address, place=place)
        for address, place in [
            ("/ar/goals/", "header"),
            ("/en/goals/goal/", "header"),
            (f"{settings.SITE_URL}/ar/goals/former/", "footer"),
        ]
    ]
    assert [(one.section, one.kind, one.object_id, one.address) for one in kept] == [
        ("goals", "", None, ""),
        ("", "goal", goal.pk, ""),
        ("", "goal", goal.pk, ""),
    ]


def test_only_one_destination_and_only_once_in_a_place():
    entry(section="news"), entry(section="news", place="footer")
    for fields in ({}, {"section": "goals", "address": "https://example.org/"}, {"section": "news"}, {"address": "/ar/news/"}):
        with pytest.raises(ValidationError):
            entry(**fields)
    with pytest.raises(ValidationError) as refused:
        entry(address="https://example.org/")
    assert refused.value.message_dict.keys() == {"label_ar", "label_en"}


def test_a_place_has_room_for_so_many():
    for number in range(8):
        entry(address=f"https://example.org/{number}", label_en=str(number))
    with pytest.raises(ValidationError) as refused:
        entry(section="news")
    assert refused.value.message_dict == {
        "place": ["There is room for 8 links here. Take one out first, or choose the other place."]
    }
    entry(section="news", place="footer")
    MenuEntry.objects.first().full_clean()  # those that are there may be changed


# The desk


@pytest.fixture
def organiser(db) -> Client:
    client = Client()
    client.force_login(make_user("organiser"))
    return client


def test_the_desk_names_what_no_menu_leads_to_and_what_is_not_shown(organiser):
    make(Goal), make(NewsItem), make(Document)
    make(Page, title_en="Forgotten"), make(Page, [], title_en="A draft")
    draft = make(Page, [], title_en="Hidden draft")
    working_copies.record(draft, "saved")
    stand(draft), stand(make(Page, ["ar"], slug="arabic"))
    MenuEntry.objects.create(section="goals")
    response = organiser.get(LIST)
    assert sorted(map(str, response.context["left_out"])) == ["Documents", "Forgotten", "News"]
    html = response.content.decode()
    assert '<bdi>Hidden draft</bdi> <span class="state state-expired">Not shown: it is not public</span>' in html
    assert "Only in: Arabic" in html


def test_a_page_is_chosen_by_words_of_its_title(organiser):
    goal = make(Goal, title_ar="الهدف", title_en="The aim")
    working_copies.record(goal, "saved")
    topic = Topic.objects.create(slug="topic", name_en="The aim")
    assert topic.pk
    answer = organiser.get("/ar/admin/items/", {"term": "aim"}).json()
    assert answer["results"] == [{"id": f"goal:{goal.pk}", "text": "The aim (هدف)"}]
    answer = organiser.get("/ar/admin/items/", {"term": "الهدف"}).json()
    assert answer["results"] == [{"id": f"goal:{goal.pk}", "text": "الهدف (هدف)"}]
    send(organiser, f"{LIST}add/", "_save", "menuentry_form", item=f"goal:{goal.pk}")
    assert list(MenuEntry.objects.values_list("kind", "object_id")) == [("goal", goal.pk)]
    for wrong in ("goal:0", "user:1", "goal", "goal:x", "goal:" + "9" * 30):
        response = send(organiser, f"{LIST}add/", "_save", "menuentry_form", item=wrong)
        assert response.context["adminform"].form.errors == {"item": ["Choose one of the items that are offered."]}


def test_the_order_is_live_at_once(organiser, client):
    first, second = entry(section="news", order=10), entry(section="goals", order=20)
    response = send(organiser, LIST, "_save", "changelist-form", **{"form-0-order": "20", "form-1-order": "10"})
    assert (response.status_code, links(client)) == (302, ["/en/goals/", "/en/news/"])
    assert {first.pk, second.pk} == set(MenuEntry.objects.values_list("pk", flat=True))


def preview(client: Client, of: str, data: dict) -> str:
    response = client.post(f"{LIST}preview/{of}/", data)
    assert (response.status_code, response.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
    return response.content.decode()


def test_menus_are_looked_at_in_every_language_before_they_are_saved(organiser):
    first = entry(section="news", order=10)
    entry(section="goals", order=20)
    order = fields_of(organiser.get(LIST), "changelist-form") | {"_save": ["1"], "form-0-order": ["20"], "form-1-order": ["10"]}
    added = {"_save": "1", "place": "footer", "section": "documents"}
    changed = {"_save": "1", "place": "header", "section": "news", "label_ar": "الجديد", "label_en": "The new"}
    shown = [preview(organiser, "list", order), preview(organiser, "add", added), preview(organiser, str(first.pk), changed)]
    assert re.findall(r'href="(/[a-z]+/[a-z]+/)"', shown[0]) == ["/ar/goals/", "/ar/news/", "/en/goals/", "/en/news/"]
    assert [path in shown[1] for path in ("/ar/documents/", "/en/documents/")] == [True, True]
    assert [words in shown[2] for words in ("الجديد", "The new")] == [True, True]
    refused = preview(organiser, "add", {"_save": "1", "place": "footer"})
    assert "Choose one of the three" in refused
    assert list(MenuEntry.objects.values_list("section", "place", "order", "label_en")) == [
        ("news", "header", 10, None),
        ("goals", "header", 20, None),
    ]
    assert LogEntry.objects.count() == 0
    assert "messagelist" not in organiser.get(LIST).content.decode()


def test_editors_see_the_menus_and_change_nothing(organiser):
    one = entry(section="news")
    editor = Client()
    editor.force_login(make_user("editor"))
    assert [
        editor.get(path).status_code for path in (LIST, f"{LIST}{one.pk}/change/", f"{LIST}preview/list/", f"{LIST}add/")
    ] == [
        200,
        200,
        200,
        403,
    ]
    data = {"_save": "1", "place": "footer", "section": "goals"}
    for path in (f"{LIST}add/", f"{LIST}{one.pk}/change/", f"{LIST}preview/add/", f"{LIST}preview/{one.pk}/"):
        assert editor.post(path, data).status_code == 403
    assert MenuEntry.objects.get().section == "news"
    stranger = Client()
    stranger.force_login(make_user())
    assert {stranger.get(path).status_code for path in (LIST, f"{LIST}preview/list/")} == {403}
    assert stranger.get("/en/admin/items/", {"term": ""}).json()["results"] == []
