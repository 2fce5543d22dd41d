"""The catalogues of this site: complete, and in the style of its other texts."""

import pytest
from babel.messages.catalog import Message

from conference_site.languages import messages
from tests.arabic_style import findings


def arabic() -> list[Message]:
    catalogues = [messages.read("ar", domain) for domain in messages.DOMAINS]
    return [message for catalogue in catalogues for message in catalogue if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return message.string if message.pluralizable else (message.string,)


def test_29_every_message_is_translated():
    assert list(messages.problems()) == []


def test_30_41_every_translation_is_in_the_style_of_the_site():
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
