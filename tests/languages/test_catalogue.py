"""The catalogues of this site: complete, and in the style of its other texts."""

import json
from pathlib import Path

import allauth
import django
import django_prose_editor
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.test import RequestFactory
from django.utils.translation import override
from django.views.i18n import JSONCatalog

from conference_site.languages import messages
from tests.arabic_style import findings


def arabic() -> list[Message]:
    catalogues = [messages.read("ar", domain) for domain in messages.DOMAINS]
    return [message for catalogue in catalogues for message in catalogue if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return message.string if message.pluralizable else (message.string,)


def test_29_every_message_is_translated():
    assert list(messages.problems()) == []


def test_15_30_41_every_translation_is_in_the_style_of_the_site():
    wrong = {form: found for message in arabic() for form in forms(message) if (found := findings(form))}
    assert wrong == {}


# arabic-style.md: the words of the interface, where the templates and models hold such a message.
WORDS = {
    "Home": "الرئيسية",
    "Goals": "الأهداف",
    "Research questions": "أسئلة البحث",
    "News": "الأخبار",
    "Conference partners": "شركاء المؤتمر",
    "Organisations": "الجهات",
    "Partnerships": "الشراكات",
    "Learning cities": "مدن التعلّم",
    "Skip to content": "الانتقال إلى المحتوى",
    "Language": "اللغة",
    "To be announced": "يُعلَن لاحقًا",
    "Draft": "مسودة",
    "Scheduled": "مجدول للنشر",
    "Expired": "انتهت مدة نشره",
    "Working copy": "نسخة العمل",
    "Related to this goal": "ما يتصل بهذا الهدف",
    "Related": "موضوعات ذات صلة",
    "Newer": "الأحدث",
    "Older": "الأقدم",
    "Archive": "الأرشيف",
    "Page not found": "الصفحة غير موجودة",
    "Access to this page is not allowed": "الوصول إلى هذه الصفحة غير مسموح",
    "Reading this site uses no cookies": "تصفّح هذا الموقع لا يستخدم ملفات تعريف الارتباط",
}


@pytest.mark.parametrize(("english", "translation"), WORDS.items())
def test_41_the_words_of_the_interface_are_those_agreed(english, translation):
    assert {message.id: message.string for message in arabic()}.get(english) == translation


# What the desk shows of Django, as domain and folder.
DJANGO = [
    ("django", "conf"),
    ("django", "contrib/admin"),
    ("django", "contrib/auth"),
    ("django", "contrib/contenttypes"),
    ("djangojs", "contrib/admin"),
]
# What Django's Arabic lacks, and no page of this site shows.
NOT_SHOWN = {
    "Haitian Creole",
    "“%(value)s” is not a valid binary value.",
    "No %s matches the given query.",
    "Ready",
    "Running",
    "Failed",
    "Successful",
    "You have unsaved changes on individual editable fields. If you run an action, your unsaved changes will be lost.",
}


def of_django(folder: str, language: str, domain: str) -> Catalog:
    path = Path(django.__file__).parent / folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file)


def singular(message: Message) -> str:
    return message.id[0] if message.pluralizable else message.id


@pytest.mark.parametrize(("domain", "folder"), DJANGO)
def test_29_what_the_arabic_of_django_lacks_is_in_this_catalogue(domain, folder):
    theirs, ours = of_django(folder, "ar", domain), messages.read("ar", domain)

    def is_translated(message: Message) -> bool:
        known = theirs.get(singular(message), message.context)
        return bool((known and not known.fuzzy and any(forms(known))) or ours.get(singular(message), message.context))

    untranslated = {singular(message) for message in of_django(folder, "en", domain) if not is_translated(message)}
    assert untranslated - {""} <= NOT_SHOWN


def test_29_what_is_listed_for_libraries_is_still_in_them():
    known = {
        (message.context, singular(message))
        for domain, folder in [*DJANGO, ("django", Path(allauth.__file__).parent)]
        for message in of_django(folder, "en", domain)
        if message.id
    }
    editor = Path(django_prose_editor.__file__).parent / "static/django_prose_editor/editor.js"
    script = editor.read_text(encoding="utf-8")
    listed = {
        message[:2]
        for found in messages.sources().values()
        for message, files in found.items()
        if any("library_messages" in file for file in files)
    }
    assert {message for message in listed - known if f'"{message[1]}"' not in script} == set()


def test_21_29_scripts_of_the_desk_speak_arabic():
    view = JSONCatalog.as_view(packages=["django.contrib.admin"])  # as AdminSite.i18n_javascript does
    with override("ar"):
        answer = json.loads(view(RequestFactory().get("/")).content)
    assert answer["catalog"]["Choose a time"] == "اختيار الوقت"
    assert answer["catalog"]["%s selected option not visible"][:2] == ["لا خيارات محددة خفية", "خيار واحد محدد غير ظاهر"]
    assert answer["catalog"]["April"] == "أبريل"
    assert answer["plural"].startswith("n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : ")
    assert answer["formats"]["FIRST_DAY_OF_WEEK"] == 0
