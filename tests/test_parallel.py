"""An item side by side in its languages: where it stands, when it is there, and what stands beside what."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conference_site.publishing.models import FormerSlug, Publishable
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Milestone, Organisation, Partnership
from tests.builders import make

pytestmark = pytest.mark.django_db

KINDS = [
    (Goal, "goals/one/"),
    (ResearchQuestion, "questions/one/"),
    (Page, "one/"),
    (NewsItem, "news/one/"),
    (Organisation, "organisations/one/"),
    (Partnership, "partnerships/one/"),
    (LearningCity, "learning-cities/one/"),
    (Conference, "conference/"),
    (Document, "documents/one/"),
]
LANGUAGES = ("ar", "en")
LINK = '<a class="more" href="/{}/{}parallel/">'


def make_one(model, *args, **fields):
    return make(model, *args, **({} if model is Conference else {"slug": "one"}) | fields)


def statuses(client, path: str) -> list[int]:
    return [client.get(f"/{language}/{path}parallel/").status_code for language in LANGUAGES]


def is_linked(client, path: str) -> list[bool]:
    return [LINK.format(language, path) in client.get(f"/{language}/{path}").content.decode() for language in LANGUAGES]


def cells(html: str) -> list[list[tuple[str, str, str]]]:
    """``(language, direction, words)`` of each cell, row by row; an empty one is ``()``."""
    rows = re.split(r'<div class="parallel-row parallel-\w+">', html.partition("</article>")[0])[1:]
    return [[_cell(cell) for cell in row.split('<div class="parallel-cell">')[1:]] for row in rows]


def _cell(html: str) -> tuple[str, ...]:
    found = re.match(r'<div lang="(\w+)" dir="(\w+)">\s*<p class="parallel-language">\S+</p>(.*)', html, re.DOTALL)
    if not found:
        return ()
    language, direction, inner = found.groups()
    return language, direction, " ".join(unescape(re.sub(r"<[^>]+>", " ", inner.partition("</div>")[0])).split())


@pytest.mark.parametrize(("model", "path"), KINDS)
def test_every_kind_of_item_is_there_at_an_address_of_its_own(client, model, path):
    make_one(model)
    assert (statuses(client, path), is_linked(client, path)) == ([200, 200], [True, True])
    assert client.post(f"/ar/{path}parallel/").status_code == 405


def test_every_model_with_a_page_is_among_them():
    from django.apps import apps

    models = {model for model in apps.get_models() if issubclass(model, Publishable) and hasattr(model, "get_absolute_url")}
    assert models == {model for model, _path in KINDS}
    assert [model.__name__ for model in models if not model.reading_order] == []


@pytest.mark.parametrize(("model", "path"), KINDS)
def test_it_is_not_there_while_one_language_is_a_draft(client, model, path):
    make_one(model, ["ar"])
    assert (statuses(client, path), is_linked(client, path)) == ([404, 404], [False, False])


@pytest.mark.parametrize(("field", "hours"), [("publish_at_en", 1), ("expires_at_en", -1)])
def test_nor_before_or_after_its_time(client, field, hours):
    make_one(Goal, **{field: timezone.now() + timedelta(hours=hours)})
    assert (statuses(client, "goals/one/"), is_linked(client, "goals/one/")) == ([404, 404], [False, False])


def test_nor_where_the_main_text_is_in_one_language_only(client):
    make_one(Goal, body_ar="<p>نص</p>")
    assert (statuses(client, "goals/one/"), is_linked(client, "goals/one/")) == ([404, 404], [False, False])


def test_nor_of_an_item_that_was_deleted_or_never_was(client):
    make_one(Goal, deleted_at=timezone.now())
    assert statuses(client, "goals/one/") == statuses(client, "goals/none/") == statuses(client, "conference/") == [404, 404]


def test_a_former_slug_leads_to_it(client):
    item = make_one(NewsItem)
    item.keep_former_slug("once")
    response = client.get("/en/news/once/parallel/")
    assert (response.status_code, response["Location"]) == (301, "/en/news/one/parallel/")
    assert FormerSlug.objects.count() == 1


def test_an_item_may_be_called_as_its_neighbours_are(client):
    make(NewsItem, slug="topics")
    make(Goal, slug="parallel")
    assert statuses(client, "news/topics/") == [200, 200]
    assert client.get("/en/goals/parallel/").context["item"] == Goal.objects.get()
    with pytest.raises(ValidationError) as refusal:
        Topic(slug="parallel", name_ar="موضوع").full_clean(exclude=["name"])
    assert list(refusal.value.message_dict) == ["slug"]


def test_search_engines_are_led_elsewhere(client):
    make_one(Goal)
    head = client.get("/ar/goals/one/parallel/").content.decode().partition("</head>")[0]
    assert re.findall(r'<meta name="robots".*?>', head) == ['<meta name="robots" content="noindex">']
    assert re.findall(r"hreflang|canonical|ld\+json", head) == []
    assert "parallel" not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_27_the_switcher_leads_to_the_same_page_in_the_other_language(client, language, other):
    make_one(Goal)
    html = client.get(f"/{language}/goals/one/parallel/").content.decode()
    assert f'<a href="/{other}/goals/one/parallel/" lang="{other}" hreflang="{other}">' in html
    assert f'<p class="kicker"><a href="/{language}/goals/one/">' in html
    assert "parallel-link" not in html


def test_the_reader_s_language_comes_first_and_every_cell_says_its_own(client):
    make_one(
        Goal,
        title_ar="هدف",
        title_en="A goal & more",
        summary_ar="ملخص",
        body_ar="<p>أولًا</p><h2>عنوان</h2><p>ثانيًا</p>",
        body_en="<p>First</p><p>More</p><h2>Heading</h2><p>Second</p>",
    )
    english = [
        [("en", "ltr", "A goal & more"), ("ar", "rtl", "هدف")],
        [(), ("ar", "rtl", "ملخص")],
        [("en", "ltr", "First"), ("ar", "rtl", "أولًا")],
        [("en", "ltr", "More"), ()],
        [("en", "ltr", "Heading"), ("ar", "rtl", "عنوان")],
        [("en", "ltr", "Second"), ("ar", "rtl", "ثانيًا")],
    ]
    assert cells(client.get("/en/goals/one/parallel/").content.decode()) == english
    assert cells(client.get("/ar/goals/one/parallel/").content.decode()) == [row[::-1] for row in english]


def test_what_a_page_puts_a_heading_above_has_it_in_each_language(client):
    texts = {f"{field}_{code}": f"<p>{field} {code}</p>" for field in ("agreed", "results") for code in LANGUAGES}
    partnership = make_one(Partnership, title_ar="شراكة", title_en="Partnership", **texts)
    Milestone.objects.create(partnership=partnership, text_ar="محطة", text_en="A milestone")
    rows = cells(client.get("/en/partnerships/one/parallel/").content.decode())
    assert [[words for _language, _direction, words in row] for row in rows] == [
        ["Partnership", "شراكة"],
        ["What was agreed", "ما اتُّفق عليه"],
        ["agreed en", "agreed ar"],
        ["Milestones", "المحطات"],
        ["A milestone", "محطة"],
        ["Results", "النتائج"],
        ["results en", "results ar"],
    ]


def test_the_address_is_there_for_paper(client):
    make_one(Goal)
    html = client.get("/ar/goals/one/parallel/").content.decode()
    address = '<bdi dir="ltr">http://localhost:8000/ar/goals/one/parallel/</bdi>'
    assert re.findall(r'<p class="parallel-address">(.*?)</p>', html) == [address]


def test_the_link_names_the_languages(client):
    make_one(Goal)
    html = client.get("/en/goals/one/").content.decode()
    assert f"{LINK.format('en', 'goals/one/')}Read in English and Arabic side by side</a>" in html
