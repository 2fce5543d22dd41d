"""Cards: what is shown with a link to a page elsewhere, in every language, with a picture of its title: joined, and in order."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw, features

from conference_site.cards import card as cards
from conference_site.cards.card import MOST, Card
from conference_site.cards.drawing import HEIGHT, MEASURE, TITLE, TITLE_HEIGHT, WIDTH, draw
from conference_site.cards.typesetting import BOLD, Face, drawable, set_text
from conference_site.languages.content import Text
from news.models import NewsItem, Topic
from pages.models import Conference, Goal
from tests.builders import make
from tests.crowd import PAGES, make_crowd

MOST_BYTES = 150_000
WITHOUT = ("search", "parallel")
"""Pages that are `noindex` in any language."""
LONG = {
    "ar": "مؤتمر التعليم الذكي (ALECSO) يجمع أكثر من ثلاثة آلاف مشارك في بكين " * 4,
    "en": "The Global Smart Education Conference (GSE) brings people together in Beijing " * 4,
}


def told(html: str) -> dict[str, list[str]]:
    """What a page says by Open Graph, each property with all its values."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<meta (?:property|name)="((?:og|article|twitter):.*?)" content="(.*?)">', html):
        found.setdefault(name, []).append(unescape(value))
    return found


def told_at(client, path: str) -> dict[str, list[str]]:
    return told(client.get(path).content.decode())


def path_of(card: Card) -> str:
    return card.url.removeprefix(settings.SITE_URL)


def card_of(said: dict[str, list[str]]) -> Card:
    (address,) = said["og:image"]
    return Card.read(address.removeprefix(f"{settings.SITE_URL}/cards/").removesuffix(".png"))


def make_card(title: str, language: str = "ar", name: str = "الموقع") -> Card:
    return Card(Text("الأخبار", language), Text(title, language), Text(name, "ar"))


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "locale", "other"), [("ar", "ar_EG", "en_US"), ("en", "en_US", "ar_EG")])
def test_every_kind_of_page_has_its_card(client, django_assert_num_queries, language, locale, other):
    make_crowd(1)
    Conference.objects.update(**{f"short_title_{language}": "The site"})
    Topic.objects.update(name_en="A topic")
    said = {name: told_at(client, path.format(language)) for name, path in PAGES.items()}
    assert {name for name, values in said.items() if not values} == set(WITHOUT)
    for name in set(PAGES) - set(WITHOUT):
        values = said[name]
        assert values["og:url"] == [f"{settings.SITE_URL}{PAGES[name].format(language)}"]
        assert (values["og:locale"], values["og:locale:alternate"]) == ([locale], [other])
        assert values["og:site_name"] == ["The site"]
        assert values["og:image:alt"] == [f"{values['og:title'][0]} · The site"]
        card = card_of(values)
        assert (card.title.text, card.title.language, card.name.text) == (*values["og:title"], language, "The site")
        with django_assert_num_queries(0):
            response = client.get(path_of(card))
        assert response.headers["Content-Type"] == "image/png"
        assert len(response.content) <= MOST_BYTES
        assert Image.open(BytesIO(response.content)).size == (WIDTH, HEIGHT) == (1200, 630)
    assert {name: values["og:type"] for name, values in said.items() if "article" in values.get("og:type", [])} == {
        "news item": ["article"]
    }


@pytest.mark.django_db
def test_what_a_page_says(client):
    make(Conference, short_title_en="The site")
    make(Goal, slug="one", title_en="A & “B”", summary_en="Why\nand how")
    said = told_at(client, "/en/goals/one/")
    assert card_of(said) == Card(Text("Goals", "en"), Text("A & “B”", "en"), Text("The site", "en"))
    assert {name: values for name, values in said.items() if name != "og:image"} == {
        "og:type": ["website"],
        "og:title": ["A & “B”"],
        "og:description": ["Why and how"],
        "og:url": ["http://localhost:8000/en/goals/one/"],
        "og:site_name": ["The site"],
        "og:locale": ["en_US"],
        "og:locale:alternate": ["ar_EG"],
        "og:image:type": ["image/png"],
        "og:image:width": ["1200"],
        "og:image:height": ["630"],
        "og:image:alt": ["A & “B” · The site"],
        "twitter:card": ["summary_large_image"],
    }


@pytest.mark.django_db
def test_news_say_when_they_appeared(client):
    item = make(NewsItem, slug="one", published_on="2024-08-20")
    make(NewsItem, slug="other", published_on=None, publish_at_en="2024-03-01T10:00+00:00")
    said, other = told_at(client, "/en/news/one/"), told_at(client, "/en/news/other/")
    assert said["article:published_time"] == ["2024-08-20"]
    assert said["article:modified_time"] == [item.modified_at.isoformat()]
    assert other["article:published_time"] == ["2024-03-01T10:00:00+00:00"]


@pytest.mark.django_db
def test_6_a_page_in_another_language_has_a_card_in_that_language(client):
    make(Conference, short_title_ar="الموقع", short_title_en="The site")
    make(Goal, ["en"], slug="one", title_en="A title")
    said = told_at(client, "/ar/goals/one/")
    assert card_of(said) == Card(Text("Goals", "en"), Text("A title", "en"), Text("The site", "en"))
    assert said["og:title"] == ["\u2066A title\u2069"]
    assert said["og:locale"] == ["en_US"]
    assert "og:locale:alternate" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/nothing/", "/en/news/?before=x", "/en/search/"])
def test_errors_and_searches_have_none(client, path):
    assert told_at(client, path) == {}


def test_an_address_stays_until_what_it_says_changes(monkeypatch):
    first, other = make_card("عنوان").url, make_card("عنوان آخر").url
    assert make_card("عنوان").url == first != other
    monkeypatch.setattr(cards, "VERSION", 0)
    earlier = make_card("عنوان")
    assert earlier.url != first
    monkeypatch.undo()
    assert Card.read(earlier.signed) == earlier


def test_no_address_is_too_long():
    text = "".join(chr(0x627 + number * 7 % 34) for number in range(MOST))
    card = Card(Text(text, "ar"), Text(text[::-1] + text, "ar"), Text(text[::2] * 2, "ar"))
    assert len(card.url) < 1_500
    assert len(Card.read(card.signed).title.text) <= MOST


@pytest.mark.django_db
def test_only_the_site_itself_can_have_a_card_drawn(client, monkeypatch):
    monkeypatch.setattr(cards, "draw", None)
    signed = make_card("عنوان").signed
    forged = [signed[:-1] + ("a" if signed[-1] != "a" else "b"), f"x{signed}", signed.partition(".")[0], "é", "a.b"]
    assert [client.get(reverse("card", args=[each])).status_code for each in forged] == [404] * len(forged)


@pytest.mark.django_db
def test_a_card_is_drawn_once_and_kept_by_whoever_has_it(client, monkeypatch):
    path = path_of(make_card("مرة واحدة"))
    drawn = client.get(path)
    monkeypatch.setattr(cards, "draw", None)
    kept = client.get(path, headers={"Cookie": "session=x"})
    assert kept.content == drawn.content
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (kept.cookies, kept.headers.get("Vary")) == ({}, None)
    assert client.head(path).headers["ETag"] == kept.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    assert client.post(path).status_code == 405


def test_a_card_that_cannot_be_kept_is_shown(client, monkeypatch, caplog):
    def full(name, content):
        raise OSError("No space left on device")

    monkeypatch.setattr(cards.storage, "put", full)
    card = make_card("لا مكان")
    assert client.get(path_of(card)).content[1:4] == b"PNG"
    assert not default_storage.exists(cards.file_name(card.signed))
    assert [record.message for record in caplog.records] == ["A card could not be kept."]


def test_a_damaged_file_is_replaced(client):
    card = make_card("ملف تالف")
    cards.storage.put(cards.file_name(card.signed), BytesIO(b""))
    assert client.get(path_of(card)).content[1:4] == b"PNG"
    assert default_storage.size(cards.file_name(card.signed)) > 10_000


def ink(line: str, language: str = "ar") -> list[int]:
    """The widths of what was drawn, from left to right: of letters, or of letters that join."""
    picture = Image.new("L", (900, 200))
    Face(language, BOLD, 80).write(ImageDraw.Draw(picture), 850 if language == "ar" else 50, 100, line, "white")
    columns = "".join("#" if any(picture.crop((x, 0, x + 1, 200)).get_flattened_data()) else " " for x in range(900))
    return [len(run) for run in columns.split()]


def test_11_letters_join():
    """Apart from each other the five letters are five pieces of ink; in a word only those that don't join on are."""
    assert [len(ink(word)) for word in ("س ل ا م", "سلام", "سل\u200cا", "لا")] == [4, 2, 2, 1]
    face = Face("ar", BOLD, 80)
    assert face.width("لا") < face.width("ل") + face.width("ا")


@pytest.mark.parametrize(
    ("line", "language", "pieces"),
    [
        ("ب WI", "ar", "WIب"),
        ("WI ب", "ar", "بWI"),
        ("ب WI", "en", "بWI"),
        ("ب W I", "ar", "WIب"),
        ("ب 14 س", "ar", "س14ب"),
        ("\u2067ب\u2069 \u2066WI\u2069", "ar", "WIب"),  # isolates are no boxes
    ],
)
def test_11_both_scripts_stand_in_their_order(line, language, pieces):
    expected = [width for piece in pieces for width in ink(piece, language)]
    found = ink(line, language)
    assert len(found) == len(expected)
    assert [width for width, other in zip(found, expected, strict=True) if abs(width - other) > 1] == []


def faces(language: str) -> list[Face]:
    return [Face(language, BOLD, size) for size in TITLE]


def test_digits_at_the_beginning_of_a_line_follow_the_letters_before_it():
    lines, _face = set_text("العامان الدراسيان 2024-2025", [Face("ar", BOLD, 60)], 560, 500, 3)
    assert lines == ["العامان الدراسيان", "\u061c2024-2025"]
    assert ink("\u061c8-1") == ink("1-8") != ink("8-1")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_long_title_is_smaller_then_cut_at_a_word(language):
    words = LONG[language].split()
    for count in range(1, len(words), 6):
        lines, face = set_text(" ".join(words[:count]), faces(language), MEASURE, TITLE_HEIGHT, 4)
        assert len(lines) * face.leading <= TITLE_HEIGHT
        assert [line for line in lines if face.width(line) > MEASURE] == []
        shown = re.sub("[\u200e\u200f\u061c]", "", " ".join(lines))
        whole = shown.removesuffix("…").split()
        assert whole[:-1] == words[: len(whole) - 1]
        assert shown.endswith("…") or whole == words[:count]
    assert shown.endswith("…")
    assert face.size == TITLE[-1]


def test_one_word_is_large_and_an_endless_one_is_cut():
    assert set_text("الأهداف", faces("ar"), MEASURE, TITLE_HEIGHT, 4)[1].size == TITLE[0]
    (line,), face = set_text("ابتكار" * 40, faces("ar"), MEASURE, TITLE_HEIGHT, 4)
    assert line.endswith("…")
    assert MEASURE * 0.9 < face.width(line) <= MEASURE


def test_lines_are_about_as_long():
    lines, _face = set_text("One two three four five six seven", [Face("en", BOLD, 80)], MEASURE, 500, 4)
    assert lines == ["One two three\u200e", "\u200efour five six seven"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("التعلُّم 100% – «مناطق» (UNESCO) café Ğ؟", "التعلُّم 100% – «مناطق» (UNESCO) café Ğ؟"),
        ("تعليم 😀 ذكي", "تعليم ذكي"),
        ("👨‍👩‍👧 漢字", ""),
        ("o\ufb03ce ①", "office 1"),
        ("سل\u200cام", "سل\u200cام"),
        ("\u2067تعليم\u2069\0\ud800\u2029", "تعليم"),
        ("a\tb\u00a0c\u2003d\n", "a b\u00a0c d"),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_left_out(text, expected):
    assert drawable(text) == expected


@pytest.mark.parametrize("title", ["😀", "", "\n", "ابتكار" * 60, "ا\n" * 9])
def test_every_title_can_be_drawn(title):
    assert len(draw(Text("", "ar"), Text(title, "ar"), Text("", "ar"))) < MOST_BYTES


def test_the_name_is_said_once():
    card = make_card("الموقع\nمن التعليم", name="الموقع")
    named, unnamed = (draw(card.kicker, card.title, Text(name, "ar")) for name in ("الموقع", ""))
    other = draw(card.kicker, card.title, Text("The site", "en"))
    assert named == unnamed != other
    assert draw(card.kicker, Text("😀", "en"), card.name) == draw(card.kicker, card.name, card.name)


def test_the_font_has_the_letters_of_every_language():
    assert {code: drawable(name) for code, name in settings.LANGUAGES} == dict(settings.LANGUAGES)


def test_a_pillow_that_cannot_join_letters_is_refused(monkeypatch):
    assert [found.id for found in run_checks()] == []
    monkeypatch.setattr(features, "check", lambda feature: False)
    assert [found.id for found in run_checks()] == ["cards.E001"]
