"""What Django's log says of a change, in the language of the page."""

from django.contrib.admin.models import LogEntry
from django.utils import translation


def said(message: str, language: str) -> str:
    with translation.override(language):
        return LogEntry(change_message=message).get_change_message()


def test_fields_are_called_as_the_form_calls_them():
    message = '[{"changed": {"fields": ["Title (Arabic)", "First name"]}}]'
    assert said(message, "ar") == "تعديل العنوان (العربية) والاسم الأول."
    assert said(message, "en") == "Changed Title (Arabic) and First name."


def test_a_sentence_stays_as_it_is():
    assert said("Something was done.", "ar") == "Something was done."
