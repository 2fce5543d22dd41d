"""The editors' guide: it can't name what isn't there, and the desk shows it in the reader's language."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from PIL import Image

from conference_site.desk import guide
from conference_site.languages import messages
from tests import arabic_style

LANGUAGES = ["ar", "en"]
TEXTS = guide.written()
NAMED = re.compile(r"!\[[^\]]+\]\(screenshots/desk/([^)]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
MOST_BYTES, MOST_BYTES_OF_ALL = 60_000, 1_500_000


def pictures(language: str) -> list[str]:
    return NAMED.findall(TEXTS[language])


def test_every_picture_is_named_and_every_named_picture_is_there():
    named = [file for language in LANGUAGES for file in pictures(language)]
    assert sorted(named) == sorted(path.name for path in guide.PICTURES.iterdir())
    assert pictures("en") == [file.replace("-ar.webp", "-en.webp") for file in pictures("ar")]


def test_pictures_are_light():
    sizes = {path.name: path.stat().st_size for path in guide.PICTURES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) <= MOST_BYTES_OF_ALL
    assert {Image.open(path).format for path in guide.PICTURES.iterdir()} == {"WEBP"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_interface_is_one(language):
    """What is bold in the guide stands on a screen: who renames a button is told to rename it here too."""
    known = interface(language)
    assert [words for words in BOLD.findall(TEXTS[language]) if words.casefold() not in known] == []


def test_both_languages_have_the_same_parts():
    shapes = [re.findall(r"^(#+|!|-|\|) ?", TEXTS[language], re.MULTILINE) for language in LANGUAGES]
    assert shapes[0] == shapes[1]


def test_the_arabic_is_in_the_sites_style():
    cells = re.sub(r"^\|[-|]+$| ?\| ?", "\n", TEXTS["ar"], flags=re.MULTILINE)
    words = re.sub(r"^(#+|-) |!?\[|\]\([^)]*\)|\*\*", "", cells, flags=re.MULTILINE)
    assert arabic_style.findings(words) == []


def interface(language: str) -> set[str]:
    """All that the catalogues have in this language, in small letters, as names of models are."""
    found = [message for domain in messages.DOMAINS for message in messages.read("ar", domain) if message.id]
    texts = [message.id if language == settings.LANGUAGE_CODE else message.string for message in found]
    return {text.casefold() for text in texts if isinstance(text, str)}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_shows_it_in_the_readers_language(desk, language):
    with translation.override(language):
        address = reverse("admin:help")
    page = desk.get(address).content.decode()
    other = next(code for code in LANGUAGES if code != language)
    headings = re.findall(r"^## (.*)$", TEXTS[language], re.MULTILINE)
    assert [heading for heading in headings if f">{heading}</h2>" not in page] == []
    assert re.findall(r"^## (.*)$", TEXTS[other], re.MULTILINE)[1] not in page
    assert [key for key in re.findall(r'href="#(part-\d+)"', page) if f'id="{key}"' not in page] == []
    assert len(re.findall(r'<img src="/static/guide/', page)) == len(pictures(language))
    assert "**" not in page
