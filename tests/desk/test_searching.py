"""The search boxes of the desk find as the site does, drafts included; and editors keep the names."""

import re
from html import unescape

import pytest

from conference_site.media.admin import preview_url
from conference_site.media.models import Image
from conference_site.publishing import aggregate, working_copies
from conference_site.search import indexing
from conference_site.search.models import NameGroup, SearchEntry
from news.models import NewsItem, Topic
from pages.models import Announcement
from partners.models import Organisation
from tests.builders import make, make_user, unsaved

pytestmark = pytest.mark.django_db

NAMES = "/en/admin/search/namegroup/"


def listed(client, path: str, words: str) -> int:
    """How many rows the list shows for these words."""
    answer = client.get(f"/en/admin/{path}/", {"q": words})
    assert answer.status_code == 200
    return answer.context["cl"].result_count


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_superuser=True))
    return client


def test_a_draft_is_found_in_any_of_its_languages_and_by_its_beginning(editor):
    item = unsaved(NewsItem, [], slug="draft", title_ar="زيارة المكتبات الجامعية", title_en="")
    item.save()
    working_copies.add(item, aggregate.snapshot(item))
    for words in ("مكتبة", "المكتب", "مكتبات جامع", "draft", "زياره"):
        assert listed(editor, "news/newsitem", words) == 1, words
    assert listed(editor, "news/newsitem", "جامعة مدرسة") == 0
    assert listed(editor, "news/newsitem", "?!") == 0


def test_autocompletion_finds_the_same_way(editor):
    organisation = make(Organisation, [], name_ar="الألكسو", name_en="ALECSO")
    indexing.refresh(organisation)
    asked = {"app_label": "news", "model_name": "newsitem", "field_name": "organisations"}
    for words in ("الكس", "alec"):
        answer = editor.get("/en/admin/autocomplete/", asked | {"term": words})
        assert [row["id"] for row in answer.json()["results"]] == [str(organisation.pk)], words


def test_autocompletion_shows_the_pictures_that_it_offers(editor):
    shown, withdrawn = (
        Image.objects.create(file=f"images/{name}.webp", width=3, height=2, alternative_text_ar="قاعة") for name in "xy"
    )
    withdrawn.withdraw()
    asked = {"app_label": "news", "model_name": "newsitem", "field_name": "image", "term": ""}
    rows = editor.get("/en/admin/autocomplete/", asked).json()["results"]
    assert {row["id"]: row["preview"] for row in rows} == {str(shown.pk): preview_url(shown), str(withdrawn.pk): ""}


def test_topics_pictures_and_announcements_too(administrator):
    Topic.objects.create(slug="x", name_ar="التعليم الذكي")
    picture = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_ar="قاعة المدرسة")
    item = make(NewsItem, [], image=picture)
    announcement = make(Announcement, [], message_ar="أُغلقت المدارس")
    for one in (item, announcement):
        indexing.refresh(one)
    assert listed(administrator, "news/topic", "تعليم") == 1
    assert listed(administrator, "media/image", "مدارس") == 1
    assert listed(administrator, "pages/announcement", "مدرسة") == 1
    assert listed(administrator, "news/newsitem", "قاعة") == 1


def test_other_words_of_a_picture_find_its_news_at_once(administrator):
    picture = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_en="A hall")
    indexing.refresh(make(NewsItem, image=picture))
    assert listed(administrator, "news/newsitem", "hall") == 1
    picture.alternative_text_en = "A museum"
    picture.save()
    assert (listed(administrator, "news/newsitem", "hall"), listed(administrator, "news/newsitem", "museum")) == (0, 1)
    picture.delete()  # which the desk refuses while it is in use
    assert listed(administrator, "news/newsitem", "museum") == 0
    assert not SearchEntry.objects.filter(kind="image").exists()
    assert list(indexing.stale()) == []


def test_a_topic_that_is_deleted_leaves_no_mark(administrator):
    topic = Topic.objects.create(slug="x", name_ar="موضوع")
    item = make(NewsItem)
    item.topics.add(topic)
    indexing.refresh(item)
    administrator.post("/en/admin/news/topic/", {"action": "delete_selected", "_selected_action": topic.pk, "post": "yes"})
    assert not Topic.objects.exists()
    assert list(indexing.stale()) == []


def test_an_editor_keeps_names_a_line_each(editor):
    editor.post(f"{NAMES}add/", {"forms": " SLI \r\n\r\nمعهد التعلّم الذكي\r\nSLI\r\n"})
    assert NameGroup.objects.get().forms == ["SLI", "معهد التعلّم الذكي"]
    for words in ("المعهد الذكي", "معه", "sl"):
        assert listed(editor, "search/namegroup", words) == 1, words
    assert listed(editor, "search/namegroup", "جامعة") == 0
    assert listed(editor, "search/namegroup", "") == 1


@pytest.mark.parametrize(
    ("language", "forms", "sentence"),
    [
        ("en", "SLI", "A group needs two forms at least"),
        ("ar", "إبتكارات\nالابتكارات", "تحتاج المجموعة إلى صيغتين على الأقل لا يعدّهما البحث صيغة واحدة"),
        ("en", "SLI\n?!", "Nothing can be found by “?!”."),
        ("ar", "SLI\nمن", "لا يمكن العثور على شيء بالصيغة «من»."),
        ("en", "\n".join(f"x{n}" for n in range(31)), "A group can have 30 forms at most."),
        ("en", "ALECSO\nالألكسو", "All of these stand in another group already: "),
        ("en", f"SLI\n{'a' * 201}", "Line 2:"),
        ("ar", "", "هذا الحقل مطلوب"),
    ],
)
def test_bad_names_are_refused_in_words_and_nothing_is_lost(editor, language, forms, sentence):
    NameGroup.objects.create(forms=["ALECSO", "الألكسو", "Arab League Organization"])
    answer = editor.post(NAMES.replace("en", language, 1) + "add/", {"forms": forms})
    html = answer.content.decode()
    assert sentence in html
    assert unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1]).strip() == forms
    assert html.count('class="errorlist"') == 1
    assert NameGroup.objects.count() == 1
