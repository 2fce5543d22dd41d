"""Where addresses of this site lead, by its own patterns and rows."""

from datetime import timedelta

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference_site.links import reading
from conference_site.links.internal import is_internal, outcomes
from conference_site.links.models import Address
from conference_site.media.models import Image
from conference_site.navigation.models import Redirect
from conference_site.publishing import working_copies
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Goal, Page
from tests.builders import make
from tests.publishing.test_working_copies import edit

pytestmark = pytest.mark.django_db


def found(*urls: str) -> dict[str, tuple[str, str, str]]:
    return {url: (str(each.state), str(each.reason), each.detail) for url, each in outcomes(urls).items()}


WORKS = ("works", "", "")


def test_what_an_item_is_says_where_its_address_leads(client):
    make(Goal, slug="both")
    make(Goal, slug="arabic", public=["ar"])
    make(Goal, slug="draft", public=[])
    later, earlier = timezone.now() + timedelta(days=1), timezone.now() - timedelta(hours=1)
    make(Goal, slug="planned", public=[], publish_at_en=later)
    make(Goal, slug="over", public=["en"], expires_at_en=earlier)
    working_copies.delete(make(Goal, slug="gone"))
    moved = make(Goal, slug="old")
    working_copies.record(moved, "saved")
    edit(moved, slug="new")
    working_copies.publish(moved, ["ar", "en"])
    assert found(
        "/en/goals/both/",
        "http://localhost:8000/en/goals/both/",
        "/en/goals/arabic/",
        "/ar/goals/arabic/",
        "/en/goals/draft/",
        "/en/goals/planned/",
        "/en/goals/over/",
        "/en/goals/gone/",
        "/en/goals/old/",
        "/en/goals/never/",
        "/en/goals/both",
        "/en/goals/draft",
        "/en/goals/both/parallel/",
        "/en/goals/arabic/parallel/",
        "/en/goals/old/parallel/",
    ) == {
        "/en/goals/both/": WORKS,
        "http://localhost:8000/en/goals/both/": WORKS,
        "/en/goals/arabic/": ("remark", "other language", ""),
        "/ar/goals/arabic/": WORKS,
        "/en/goals/draft/": ("broken", "draft", ""),
        "/en/goals/planned/": ("broken", "scheduled", ""),
        "/en/goals/over/": ("broken", "expired", ""),
        "/en/goals/gone/": ("broken", "deleted", ""),
        "/en/goals/old/": ("remark", "redirect", "/en/goals/new/"),
        "/en/goals/never/": ("broken", "no page", ""),
        "/en/goals/both": ("remark", "redirect", "/en/goals/both/"),
        "/en/goals/draft": ("broken", "draft", ""),
        "/en/goals/both/parallel/": WORKS,
        "/en/goals/arabic/parallel/": ("broken", "no page", ""),
        "/en/goals/old/parallel/": ("remark", "redirect", "/en/goals/new/parallel/"),
    }
    assert client.get("/en/goals/arabic/parallel/").status_code == 404


def test_other_addresses_of_the_site():
    Image.objects.create(file="images/shown.webp", alternative_text_ar="صورة")
    Image.objects.create(file="images/withdrawn.webp", alternative_text_ar="صورة", withdrawn_at=timezone.now())
    make(Document, slug="paper", file_en="documents/paper.pdf", public=["en"])
    topic = make(Topic, slug="used", name_ar="موضوع")
    make(NewsItem).topics.add(topic)
    make(Topic, slug="unused", name_ar="موضوع")
    make(Page, slug="why")
    addresses = {
        "/": WORKS,
        "/en/": WORKS,
        "/ar/news/?page=2": WORKS,
        "/en/why/": WORKS,
        "/why/": ("broken", "no page", ""),
        "/en/no/such/page/": ("broken", "no page", ""),
        "/en/%77hy/": WORKS,
        "/en/news/topics/used/": WORKS,
        "/en/news/topics/unused/": ("broken", "no page", ""),
        "/en/admin/pages/goal/": ("broken", "desk", ""),
        "/en/preview/abc/": ("broken", "preview", ""),
        "/media/images/shown.webp": WORKS,
        "/media/images/withdrawn.webp": ("broken", "no file", ""),
        "/media/withdrawn/images/withdrawn.webp": ("broken", "no file", ""),
        "/media/../settings.py": ("broken", "no file", ""),
        staticfiles_storage.url("css/site.css"): WORKS,
        "/static/none.css": ("broken", "no file", ""),
        "/en/documents/paper/file/": WORKS,
        "/ar/documents/paper/file/": ("broken", "no page", ""),
    }
    assert found(*addresses) == addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/en/goals/", True),
        ("http://localhost:8000/en/", True),
        ("http://LOCALHOST:8000/en/", True),
        ("http://localhost:8001/en/", False),
        ("http://localhost/en/", False),
        ("https://example.org/en/", False),
        ("http://user@localhost:8000/", False),
        ("http://[::1/", False),
    ],
)
def test_whose_address_it_is(url, expected):
    assert is_internal(url) is expected


def test_many_cost_as_many_queries_as_few():
    def count(number: int) -> int:
        goals = [make(Goal) for _number in range(number)]
        urls = [f"/en/goals/{goal.slug}/" for goal in goals] + [f"/ar/goals/none-{place}/" for place in range(number)]
        with CaptureQueriesContext(connection) as queries:
            outcomes(urls)
        return len(queries)

    assert count(2) == count(9) == 3


def test_a_printed_address_leads_on_and_is_no_link_itself():
    printed = Redirect.objects.create(path="/jubail", section="news")
    reading.refresh()
    assert Address.objects.count() == 0
    assert found("/Jubail/", "/yanbu") == {"/Jubail/": ("works", "", ""), "/yanbu": ("broken", "no page", "")}
    printed.delete()


def test_rows_that_have_not_changed_cost_the_same_however_many():
    counted = []
    for _ in range(2):
        for number in range(10):
            Redirect.objects.create(path=f"/p{Redirect.objects.count()}", address=f"https://example.org/{number}")
        reading.refresh()
        with CaptureQueriesContext(connection) as queries:
            reading.refresh()
        counted.append(len(queries))
    assert counted[0] == counted[1]
