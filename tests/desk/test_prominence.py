"""What is pinned stands above the list of news, what is featured comes first on the home page; live at once, until its end."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from news import views
from news.models import NewsItem
from tests.builders import make, make_user, reread
from tests.desk.forms import send
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db

PAST, FUTURE = (timezone.now() + timedelta(days=days) for days in (-1, 1))


def make_news(number: int) -> list[NewsItem]:
    """The newest first."""
    return [make(NewsItem, published_on=f"2024-05-{28 - index}") for index in range(number)]


def listed(client, query: str = "") -> list[NewsItem]:
    page = client.get(f"/en/news/{query}").context["page"]
    return [*page.on_top, *page.items]


def stand(item: NewsItem, name: str, at=PAST, until=None) -> None:
    NewsItem.objects.filter(pk=item.pk).update(**{f"{name}_at": at, f"{name}_until": until})


def test_what_is_pinned_stands_above_the_first_page_and_takes_nothing_from_the_others(client, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 3)
    a, b, c, d, e = make_news(5)
    stand(e, "pinned")
    stand(b, "pinned", PAST + timedelta(hours=1))
    assert listed(client) == [b, e, a, c]
    page = client.get("/en/news/").context["page"]
    assert (listed(client, page.older), listed(client, "?after=2024-05-25." + str(d.pk))) == ([d, e], [a, b, c])
    assert client.get("/en/news/archive/2024/").context["page"].items == [a, b, c]
    html = client.get("/en/news/").content.decode()
    assert (html.count("<span>Pinned</span>"), client.get("/en/news.atom").content.decode().count("<entry>")) == (2, 5)


def test_at_most_three_are_pinned_and_the_last_ones_are(client):
    items = make_news(5)
    for index, item in enumerate(items[1:]):
        stand(item, "pinned", PAST + timedelta(hours=index))
    assert listed(client) == [items[4], items[3], items[2], items[0], items[1]]


@pytest.mark.parametrize(
    ("at", "until", "is_there"), [(PAST, None, True), (PAST, FUTURE, True), (PAST, PAST, False), (FUTURE, None, False)]
)
def test_it_ends_by_itself(client, at, until, is_there):
    _new, old = make_news(2)
    for name in ("pinned", "featured"):
        stand(old, name, at, until)
    assert (listed(client)[0] == old, client.get("/en/").context["news"][0] == old) == (is_there, is_there)


def test_a_draft_stands_nowhere(client):
    shown, hidden = make(NewsItem), make(NewsItem, [])
    for name in ("pinned", "featured"):
        stand(hidden, name)
    assert (listed(client), client.get("/en/").context["news"]) == ([shown], [shown])


def test_what_is_featured_comes_first_on_the_home_page_which_has_room_for_something_new(client):
    a, b, c, _d, e, f = make_news(6)
    assert client.get("/en/").context["news"] == [a, b, c]
    for item in (a, e, f):
        stand(item, "featured", PAST + timedelta(hours=item.pk - a.pk))
    assert client.get("/en/").context["news"] == [f, e, a]
    stand(f, "featured", None)
    assert client.get("/en/").context["news"] == [e, a, b]


def test_it_is_kept_at_once_and_touches_nothing_else(desk, client):
    item = make(NewsItem)
    before = reread(item)
    answer = send(
        desk, address(item, "prominence"), None, "prominence", pinned="on", pinned_until_0="2199-01-01", pinned_until_1="8:00"
    )
    after = reread(item)
    assert (answer["Location"], after.pinned_at is None, after.featured_at) == (address(item), False, None)
    assert (str(after.pinned_until), after.modified_at) == ("2199-01-01 05:00:00+00:00", before.modified_at)
    send(desk, address(item, "prominence"), None, "prominence", featured="on")
    again = reread(item)
    assert (again.pinned_at, again.featured_at is None) == (after.pinned_at, False)
    send(desk, address(item, "prominence"), None, "prominence", pinned=None, featured=None)
    assert (reread(item).pinned_at, reread(item).pinned_until, reread(item).featured_at) == (None, None, None)


def test_an_end_that_is_past_is_refused(desk):
    item = make(NewsItem)
    answer = send(
        desk, address(item, "prominence"), None, "prominence", pinned="on", pinned_until_0="2020-01-01", pinned_until_1="8:00"
    )
    assert (answer.status_code, b"This moment is already past." in answer.content, reread(item).pinned_at) == (200, True, None)


def test_it_takes_the_right_to_publish(client):
    item, user = make(NewsItem), make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_newsitem", "change_newsitem"]))
    client.force_login(user)
    assert [
        client.get(address(item, "prominence")).status_code,
        client.post(address(item, "prominence"), {"pinned": "on"}).status_code,
    ] == [403] * 2
    assert (reread(item).pinned_at, b"prominence" in client.get(address(item)).content) == (None, False)


def test_the_list_of_the_desk_shows_what_is_pinned(desk):
    item, _other = make_news(2)
    stand(item, "pinned")
    for query, found in (("pinned", [item]), ("featured", []), ("nonsense", [item, _other])):
        assert list(desk.get(f"/en/admin/news/newsitem/?prominent={query}").context["cl"].result_list) == found, query
