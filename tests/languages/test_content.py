"""A text in a page: its isolate, its language and direction, what it falls back to."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override

from conference_site.languages.content import Text, text_of

SAMPLES = [
    ("A. (X) 5", "en", "ltr"),
    ("مؤتمر GSE 2024 (بكين)", "ar", "rtl"),
    ("UNESCO تعلن مدينتين", "ar", "rtl"),
]
ISOLATE = {"ltr": "\u2066", "rtl": "\u2067"}


@pytest.mark.parametrize(("text", "language", "direction"), SAMPLES)
@pytest.mark.parametrize("page", ["ar", "en"])
def test_3_an_isolate_has_the_language_and_direction_of_its_text_never_auto(text, language, direction, page):
    with override(page):
        assert Text(text, language).isolated == f'<bdi lang="{language}" dir="{direction}">{text}</bdi>'


@pytest.mark.parametrize(("text", "language", "direction"), SAMPLES)
@pytest.mark.parametrize("page", ["ar", "en"])
def test_5_where_no_element_can_stand_only_a_foreign_text_is_between_isolate_characters(text, language, direction, page):
    with override(page):
        expected = text if page == language else f"{ISOLATE[direction]}{text}\u2069"
        assert Text(text, language).plain == expected


@pytest.mark.parametrize(("text", "language", "direction"), SAMPLES)
@pytest.mark.parametrize("page", ["ar", "en"])
def test_2_6_a_block_carries_language_and_direction_only_where_the_page_has_others(text, language, direction, page):
    with override(page):
        expected = "" if page == language else f' lang="{language}" dir="{direction}"'
        assert Text(text, language).attributes == expected


def test_3_markup_in_a_text_is_escaped():
    text = Text('<script>"', "en")
    assert text.isolated == '<bdi lang="en" dir="ltr">&lt;script&gt;&quot;</bdi>'
    assert Template("{{ text }}").render(Context({"text": text})) == "&lt;script&gt;&quot;"


def test_3_no_text_leaves_nothing():
    with override("ar"):
        empty = Text("", "en")
        assert (empty.isolated, empty.plain, empty.attributes, bool(empty)) == ("", "", "", False)


def test_4_a_code_is_isolated_from_left_to_right():
    def render(value: str) -> str:
        return Template("{{ value|code }}").render(Context({"value": value}))

    assert render("+966 13 341 2345") == '<bdi dir="ltr">+966 13 341 2345</bdi>'
    assert render("<a>") == '<bdi dir="ltr">&lt;a&gt;</bdi>'
    assert render("") == ""


def test_3_a_text_of_unknown_language_finds_its_own_direction():
    assert Template("{{ value|unknown }}").render(Context({"value": "<أ>"})) == "<bdi>&lt;أ&gt;</bdi>"


def item(public: set[str], **texts: str | None) -> SimpleNamespace:
    return SimpleNamespace(is_public=public.__contains__, **texts)


def test_6_a_text_falls_back_only_to_a_language_that_is_public():
    texts = {"title_ar": "عنوان", "title_en": "Title"}
    assert text_of(item({"ar", "en"}, **texts), "title", "en") == Text("Title", "en")
    assert text_of(item({"ar"}, **texts), "title", "en") == Text("عنوان", "ar")
    assert text_of(item({"en"}, **texts), "title", "ar") == Text("Title", "en")
    assert text_of(item(set(), **texts), "title", "en") == Text("", "en")


def test_6_each_field_falls_back_by_itself():
    half = item({"ar", "en"}, title_ar="عنوان", title_en="Title", summary_ar="ملخص", summary_en="")
    with override("en"):
        assert [text_of(half, "title"), text_of(half, "summary")] == [Text("Title", "en"), Text("ملخص", "ar")]


def test_6_what_knows_nothing_of_publishing_lends_whatever_it_has():
    assert text_of(SimpleNamespace(name_ar="", name_en="UNESCO"), "name", "ar") == Text("UNESCO", "en")
    assert text_of(SimpleNamespace(name_ar=None, name_en=None), "name", "ar") == Text("", "ar")


def test_2_filters_print_a_field_of_an_item():
    lines = item({"ar"}, title_ar="أول\n\n ثان ", title_en="Draft")
    source = '<h1{{ item|attributes:"title" }}>{% for line in item|lines:"title" %}{{ line }}/{% endfor %}</h1>'
    with override("en"):
        assert Template(source).render(Context({"item": lines})) == '<h1 lang="ar" dir="rtl">أول/ثان/</h1>'
        assert Template('{{ item|plain:"title" }}').render(Context({"item": lines})) == "\u2067أول ثان\u2069"
    with override("ar"):
        assert Template(source).render(Context({"item": lines})) == "<h1>أول/ثان/</h1>"
