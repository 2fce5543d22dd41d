"""The search page and its suggestions, as a visitor meets them."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from conference_site.publishing import working_copies
from conference_site.search import finding, indexing
from conference_site.search.models import NameGroup
from conference_site.search.page import PAGE_SIZE
from news.models import NewsItem, Topic
from pages.models import Announcement, Goal
from partners.models import LearningCity, Organisation
from tests.builders import make

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def indexed(model, public=None, **fields):
    item = make(model, public, **fields)
    indexing.refresh(item)
    return item


def ask(client, words: str, language: str = "en", **parameters) -> str:
    answer = client.get(f"/{language}/search/", {"q": words} | parameters)
    assert answer.status_code == 200
    return answer.content.decode()


def results(html: str) -> list[str]:
    """The addresses of the results, in order."""
    return re.findall(r'<h2><a href="([^"]+)"', html)


def suggestions(client, words: str, language: str = "en") -> list[tuple[str, str]]:
    found = client.get(f"/{language}/search/suggestions/", {"q": words}).json()["suggestions"]
    return [(one["title"], one["url"]) for one in found]


def kinds(html: str) -> dict[str, str]:
    """The number that stands beside each kind."""
    shown = re.findall(
        r'<li><a href="[^"]*"(?: aria-current="true")?>([^<]+)</a> <span class="count">(.*?)</span>', html, re.DOTALL
    )
    return {name: " ".join(number.split()) for name, number in shown}


def test_both_languages_are_found_the_reader_s_own_first(client):
    indexed(Goal, slug="both", title_ar="مكتبات ALECSO", title_en="Libraries of ALECSO")
    indexed(Goal, ["en"], slug="english", title_en="ALECSO alone")
    html = ask(client, "ALECSO", "ar")
    assert results(html) == ["/ar/goals/both/", "/en/goals/english/"]
    assert '<a href="/en/goals/english/" hreflang="en" lang="en" dir="ltr">' in html
    assert '<span class="tag">الإنجليزية</span>' in html
    assert '<a href="/ar/goals/both/">' in html


def test_what_is_only_in_another_language_is_said_to_be(client):
    indexed(Goal, ["ar"], title_ar="مكتبات", title_en="")
    assert "Nothing was found in this language; these results are in another one." in ask(client, "مكتبة")
    assert "لا نتائج بهذه اللغة" not in ask(client, "مكتبة", "ar")


def test_25_the_words_that_matched_are_marked(client):
    indexed(Goal, title_ar="عنوان", summary_ar="تبادل الخبرات بين المدارس")
    assert "تبادل الخبرات بين <mark>المدارس</mark>" in ask(client, "مدرسة", "ar")


def test_kinds_are_counted_and_chosen(client):
    for year in (2023, 2024, 2024):
        indexed(NewsItem, title_en="A school", published_on=date(year, 5, 1))
    indexed(Goal, slug="goal", title_en="Schools for all")
    html = ask(client, "school")
    assert kinds(html) == {"All": "4", "Goals": "1", "News": "3"}
    assert "Results for “<bdi>school</bdi>”:" in html
    assert results(ask(client, "school", kind="goal")) == ["/en/goals/goal/"]
    assert kinds(ask(client, "school", kind="goal")) == {"All": "4", "Goals": "1", "News": "3"}
    assert kinds(ask(client, "school", year="2024")) == {"All": "2", "News": "2"}
    assert "selected>2024" in ask(client, "nothing", year="2024")
    assert kinds(ask(client, "school", year="2024", kind="goal")) == {"All": "2", "Goals": "0", "News": "2"}


def test_counts_end_with_more_than(client, monkeypatch):
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)
    for day in range(1, 9):
        indexed(NewsItem, ["en"], title_en="A school", published_on=date(2024, 5, day))
    indexed(NewsItem, title_en="A hall in a school", title_ar="school")
    indexed(Goal, title_en="Schools for all")
    assert kinds(ask(client, "school")) == {"All": "more than 3", "Goals": "1", "News": "more than 3"}


def test_a_year_without_news_stays_chosen(client):
    assert '<option value="1999" selected>1999</option>' in ask(client, "school", year="1999")


def test_only_of_one_topic(client):
    topic = Topic.objects.create(slug="libraries", name_en="Libraries")
    item = indexed(NewsItem, slug="filed", title_en="A school")
    item.topics.add(topic)
    indexing.refresh(item)
    indexed(NewsItem, title_en="Another school")
    html = ask(client, "school", topic="libraries")
    assert results(html) == ["/en/news/filed/"]
    assert '<option value="libraries" selected>' in html


def test_pages_follow_one_another(client):
    for _number in range(2 * PAGE_SIZE + 1):
        indexed(NewsItem, ["en"], title_en="A school")
    found, html = [], ask(client, "school")
    while more := re.search(r'rel="next" href="\?([^"]+)"', html):
        found += results(html)
        html = client.get(f"/en/search/?{unescape(more[1])}").content.decode()
    found += results(html)
    assert len(found) == len(set(found)) == 2 * PAGE_SIZE + 1
    assert 'rel="prev" href="?q=school">First results</a>' in html


def test_where_nothing_is_found_the_page_helps(client):
    indexed(Goal, title_en="A pink house")
    html = ask(client, "pink giraffe", kind="goal", junk="x")
    assert "Nothing was found for “<bdi>pink giraffe</bdi>” in this selection." in html
    assert re.findall(r'<a href="(\?q=[^"]*)"><bdi>', html) == ["?q=pink"]
    assert 'href="?q=pink+giraffe"' in html
    assert "junk" not in html.partition("<main")[2]
    assert "Nothing was found for “<bdi>giraffe</bdi>”." in ask(client, "giraffe")
    assert 'href="/en/organisations/"' in html


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "Search the news, goals"), ('"&|!:*<->', "There is no word here"), ("the of", "Nothing was found for")],
)
def test_what_asks_for_nothing_is_answered_in_words(client, words, sentence):
    assert sentence in ask(client, words)


HOSTILE = [
    "a" * 10_000,
    "كلمة " * 2_000,
    '"' * 5_000,
    "school & library | !goal:* <-> ()",
    "'; DROP TABLE search_searchentry; --",
    "\\'\\",
    "'school':*A & !!",
    "\u202eschool\u202c \u2066x",
    "\ud800 school",
    "\ufffe\uffff",
    "%",
    "من في على",
    "school" + "\u0301" * 500,
    "😀" * 300,
    "٢٠٢٤",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_any_words_are_answered_with_200(client, words):
    indexed(Goal, title_en="Schools and libraries")
    words = words.encode("utf-8", "surrogatepass")
    assert client.get("/ar/search/", {"q": words}).status_code == 200
    assert client.get("/ar/search/suggestions/", {"q": words}).status_code == 200


def test_a_long_question_is_answered_by_its_beginning(client):
    indexed(Goal, slug="found", title_en="Schools")
    html = ask(client, "school " * 2_000)
    assert results(html) == ["/en/goals/found/"]
    assert "only its beginning was searched for" in html
    assert "only its beginning was searched for" in ask(client, "alpha " * 32 + "zebra")
    assert "only its beginning was searched for" not in ask(client, "alpha " * 31 + "zebra")


def test_25_what_was_typed_is_text_and_nothing_else(client):
    html = ask(client, "<script>alert(1)</script>")
    assert "<script>alert" not in html
    assert '<meta name="robots" content="noindex">' in html


def test_suggestions_are_titles_and_names(client):
    indexed(Organisation, slug="alecso", name_ar="المنظمة العربية", name_en="Arab League Organization", acronym_en="ALECSO")
    indexed(LearningCity, ["ar"], slug="jubail", name_ar="مدينة الجبيل الصناعية")
    indexed(Goal, title_en="A goal", summary_en="alecso")
    assert suggestions(client, "alec", "ar") == [("المنظمة العربية", "/ar/organisations/alecso/")]
    assert suggestions(client, "arab org") == [("Arab League Organization", "/en/organisations/alecso/")]
    assert (
        suggestions(client, "الجبي", "ar")
        == suggestions(client, "جبي", "ar")
        == [("مدينة الجبيل الصناعية", "/ar/learning-cities/jubail/")]
    )
    assert suggestions(client, "") == suggestions(client, "?!") == suggestions(client, "a") == []


STATES = {
    "draft": {"publish_at": None},
    "scheduled": {"publish_at": HOUR},
    "expired": {"publish_at": -2 * HOUR, "expires_at": -HOUR},
    "deleted": {"publish_at": -HOUR, "deleted_at": -HOUR},
}


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_public_is_neither_found_nor_counted_nor_suggested_nor_leads_anywhere(client, state):
    now = timezone.now()
    dates = {name: value and now + value for name, value in STATES[state].items()}
    columns = {name if name == "deleted_at" else f"{name}_en": value for name, value in dates.items()}
    indexed(Organisation, [], name_en="Institute of Secrets", acronym_en="IOS", **columns)
    indexed(Goal, slug="public", title_en="An institute of secrets, they say")
    assert results(ask(client, "institute of secrets")) == ["/en/goals/public/"]
    assert kinds(ask(client, "institute of secrets")) == {"All": "1", "Goals": "1"}
    assert suggestions(client, "institute") == [("An institute of secrets, they say", "/en/goals/public/")]
    assert results(ask(client, "IOS")) == []


def test_what_a_section_is_called_finds_what_is_in_it(client):
    for slug in ("one", "two"):
        indexed(Goal, slug=slug, title_ar=f"عنوان {slug}")
    indexed(NewsItem, slug="news", title_ar="بيان الأهداف الكبرى")
    assert set(results(ask(client, "الأهداف", "ar"))[:2]) == {"/ar/goals/one/", "/ar/goals/two/"}
    assert results(ask(client, "news")) == ["/en/news/news/"]


def test_names_of_what_is_public_count_as_one(client):
    indexed(Organisation, slug="ios", name_en="Institute of Schools", acronym_en="IOS", name_ar="معهد المدارس")
    indexed(Goal, slug="goal", title_en="With the Institute of Schools")
    assert set(results(ask(client, "IOS"))) == {"/en/organisations/ios/", "/en/goals/goal/"}
    assert set(results(ask(client, "معهد المدارس"))) == {"/en/organisations/ios/", "/en/goals/goal/"}


def test_an_announcement_has_no_page_and_is_not_found(client):
    indexed(Announcement, message_en="The school is closed")
    assert results(ask(client, "school")) == []


def test_a_scheduled_text_is_found_from_its_moment_on(client):
    """Asked again and again around the moment: found never before it, and always after it, by the database's clock."""
    item = make(Goal, [], slug="soon", title_en="Libraries", title_ar="مكتبات")
    moment = timezone.now() + timedelta(seconds=0.6)
    indexing.refresh(item)
    Goal.objects.filter(pk=item.pk).update(publish_at_en=moment)
    indexing.refresh(Goal.objects.get())
    seen = []
    while not seen or seen[-1][1] < moment:  # the last one is asked after it, however long an answer takes
        before, found, after = _clock(), bool(results(ask(client, "library"))), _clock()
        assert not found or after >= moment
        assert found or before < moment
        seen.append((found, before))
    assert {found for found, _before in seen} == {False, True}


def _clock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_every_page_has_the_box_and_it_is_a_form(client):
    html = client.get("/ar/goals/").content.decode()
    form = re.search(r'<form action="/ar/search/">(.*?)</form>', html, re.DOTALL)[1]
    assert "البحث في الموقع" in strip_tags(form)
    assert 'type="text" name="q"' in form


def test_an_editor_s_names_work_at_once(client):
    indexed(Goal, slug="goal", title_en="Report of the SLI")
    assert results(ask(client, "معهد التعلم الذكي")) == []
    group = NameGroup.objects.create(forms=["SLI", "معهد التعلّم الذكي"])
    assert results(ask(client, "معهد التعلم الذكي")) == ["/en/goals/goal/"]
    group.delete()
    assert results(ask(client, "معهد التعلم الذكي")) == []


def test_a_withdrawn_text_is_gone_at_once(client):
    item = make(Goal, title_en="Libraries")
    indexing.refresh(item)
    assert len(results(ask(client, "library"))) == 1
    working_copies.withdraw(item, ["en"])
    assert results(ask(client, "library")) == []
