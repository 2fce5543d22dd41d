"""A text of an item in a language: which column holds it, what it falls back to, and how it stands in a page.

This is the only way from an item's translated field to something a reader sees. The numbers are those of the promises in
docs/arabic.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from babel.lists import format_list
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext_lazy, to_locale
from modeltranslation.utils import build_localized_fieldname

FIRST_STRONG_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
POP_ISOLATE = "\u2069"


def codes() -> list[str]:
    """The site's languages, its own first."""
    return [code for code, _name in settings.LANGUAGES]


def current() -> str:
    """The language that the reader chose by the address."""
    return get_language() or codes()[0]


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, the value of a ``dir`` attribute."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def language_name(language: str) -> str:
    """A language's name in the language of the page: «الإنجليزية» on an Arabic one. Lazy."""
    return gettext_lazy(get_language_info(language)["name"])


def own_name(language: str) -> str:
    """A language's name in itself: «العربية» on every page."""
    return dict(settings.LANGUAGES)[language]


def names_in_words(languages: Iterable[str]) -> str:
    """Their names as a list in the language of the page: «العربية والإنجليزية», “English and Arabic”."""
    return format_list([str(language_name(language)) for language in languages], locale=to_locale(current()))


def localized(field: str, language: str) -> str:
    """The column that holds ``field`` in ``language``: “title” → its column."""
    return build_localized_fieldname(field, language)


def all_localized(*fields: str) -> list[str]:
    """The columns of these fields in every language, field by field."""
    return [localized(field, language) for field in fields for language in codes()]


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language in which it really is."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def is_foreign(self) -> bool:
        """Whether it stands in another language than the page around it."""
        return bool(self.text) and self.language != current()

    @property
    def attributes(self) -> SafeString:
        """`` lang="…" dir="…"`` for a block element, and nothing where the page's own hold (2, 6)."""
        return self.own_attributes if self.is_foreign else SafeString("")

    @property
    def own_attributes(self) -> SafeString:
        """The same, always: where texts of several languages stand side by side, none of them is the page's."""
        return format_html(' lang="{}" dir="{}"', self.language, direction(self.language))

    @property
    def isolated(self) -> SafeString:
        """The text inside another one: ``<bdi>`` with its language and direction, never ``auto`` (3)."""
        if not self.text:
            return SafeString("")
        return format_html('<bdi lang="{}" dir="{}">{}</bdi>', self.language, direction(self.language), self.text)

    @property
    def plain(self) -> str:
        """The text where no element can stand, in ``<title>`` or an attribute: in one line, between isolate characters (5)."""
        text = " ".join(self.lines)
        return f"{FIRST_STRONG_ISOLATES[direction(self.language)]}{text}{POP_ISOLATE}" if self.is_foreign else text

    @property
    def lines(self) -> list[str]:
        """The lines into which its author broke it by sense."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def html(self) -> SafeString:
        """Rich text, which was sanitised when it was stored (`richtext.sanitiser`)."""
        return mark_safe(self.text)  # noqa: S308 - by nh3, on every way in


def text_of(item: object, field: str, language: str | None = None) -> Text:
    """The text of ``field`` in ``language`` (the reader's, unless given), else in the next language that is public now.

    An item that knows about publishing (``is_public``) lends only texts of language versions that are public; any other
    has whatever stands in its columns. The empty text means that there is none in any language.
    """
    language = language or current()
    for candidate in _by_preference(language):
        text = getattr(item, localized(field, candidate))
        if text and _is_public(item, candidate):
            return Text(text, candidate)
    return Text("", language)


def own_text(item: object, field: str, language: str | None = None) -> Text:
    """The text of ``field`` in ``language`` (the reader's, unless given) and in no other; empty while it is not public."""
    text = text_of(item, field, language)
    return text if text.language == (language or current()) else Text("", language or current())


def is_page_in(item: object, language: str) -> bool:
    """Whether the item's page is one of ``language``: public in it, and its main text, if it has one, no fallback (6).

    A model names its main text in ``main_text``; unless it does, that is ``body``, where it has such a field.
    """
    if not item.is_public(language):
        return False
    field = getattr(item, "main_text", "body")
    main = text_of(item, field, language) if hasattr(item, localized(field, language)) else None
    return not main or main.language == language


def page_languages(item: object) -> list[str]:
    """The languages in which the item's page is really there, the reader's first."""
    return [language for language in _by_preference(current()) if is_page_in(item, language)]


def _by_preference(language: str) -> Iterator[str]:
    yield language
    yield from (code for code in codes() if code != language)


def _is_public(item: object, language: str) -> bool:
    is_public = getattr(item, "is_public", None)
    return is_public is None or is_public(language)
