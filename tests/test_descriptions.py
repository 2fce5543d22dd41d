"""What pages say of themselves in ``<meta name="description">``: of every kind of page, in its language, in whole words."""

import re
from html import unescape

import pytest
from django.utils import translation

from conference_site.languages.text import shortened
from conference_site.publishing.descriptions import MOST, description
from conference_site.richtext.fields import RichTextField
from news.models import NewsItem
from pages.documents import Document
from pages.models import Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests.builders import make
from tests.crowd import PAGES, make_crowd


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("", 9, ""),
        ("One two", 7, "One two"),
        ("One two", 6, "One…"),
        ("One two three", 8, "One two…"),
        ("One two three", 7, "One…"),  # the sign that more follows has its place among the seven
        ("One,\n\ttwo  – three", 10, "One, two…"),
        ("Incomprehensibilities", 5, "Incomprehensibilities"),
        ("Incomprehensibilities all", 5, "Incomprehensibilities…"),
        ("On 18\u00a0August it rains", 10, "On…"),
        ("التعليم، والابتكار", 12, "التعليم…"),
    ],
)
def test_a_text_is_shortened_by_whole_words(text, most, expected):
    assert shortened(text, most) == expected


LONG = {"ar": "كلمة طويلة في جملة لا تنتهي " * 8, "en": "long words in an endless sentence " * 8}
TEXTS = {
    Conference: ("purpose", "introduction"),
    Goal: ("summary", "body"),
    ResearchQuestion: ("question", "body"),
    Page: ("introduction", "body"),
    NewsItem: ("summary", "body"),
    Organisation: ("role", "description"),
    Partnership: ("summary", "agreed", "results"),
    LearningCity: ("summary", "body"),
    Document: ("description",),
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", TEXTS)
def test_an_item_is_described_by_the_first_of_its_texts_in_the_readers_language(model):
    item = make(model, **{f"{model.headline}_en": "The\nheadline"})
    with translation.override("en"):
        assert description(item).plain == "The headline"
        for field in reversed(TEXTS[model]):
            setattr(item, f"{field}_en", f"<p>{field} &amp;\nmore</p>" if is_rich(model, field) else f"{field} &\nmore")
            assert description(item).plain == f"{field} & more"
        first, last = TEXTS[model][0], TEXTS[model][-1]
        setattr(item, f"{first}_ar", LONG["ar"])
        for field in TEXTS[model][:-1]:
            setattr(item, f"{field}_en", "")
        assert description(item).plain == f"{last} & more"


def is_rich(model, field: str) -> bool:
    return isinstance(model._meta.get_field(field), RichTextField)


@pytest.mark.django_db
def test_5_a_description_in_another_language_is_a_whole_isolate():
    item = make(Goal, ["en"], summary_en=LONG["en"])
    with translation.override("ar"):
        found = description(item).plain
    assert (found[0], found[-2:]) == ("\u2066", "…\u2069")
    assert MOST - 20 < len(found) <= MOST + 2


def described(html: str) -> list[str]:
    return [unescape(words) for words in re.findall(r'<meta name="description" content="(.*?)">', html)]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_kind_of_page_describes_itself_once_and_in_short(client, language):
    assert len(described(client.get(f"/{language}/").content.decode())) == 1
    make_crowd(3)
    for model, (first, *_rest) in TEXTS.items():
        model.objects.update(**{f"{first}_{language}": LONG[language]})
    found = {name: described(client.get(path.format(language)).content.decode()) for name, path in PAGES.items()}
    assert {name: len(descriptions) for name, descriptions in found.items()} == dict.fromkeys(PAGES, 1)
    lengths = {name: len(words) for name, (words,) in found.items()}
    assert {name: length for name, length in lengths.items() if not 20 < length <= MOST} == {}
    last_words = {words.removesuffix("…").split()[-1] for (words,) in found.values() if words.endswith("…")}
    assert last_words <= set(LONG[language].split())
