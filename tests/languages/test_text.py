"""Text as it is stored, and digits as they are typed."""

from datetime import date

import pytest
from django import forms
from django.db import models
from django.utils.translation import override

from conference_site.languages.fields import PartialDateField
from conference_site.languages.inputs import EVERY_DIGIT
from conference_site.languages.text import normalise, normalise_fields, to_european_digits

MESSY = [
    ("أب", "أب"),  # alef and a combining hamza become one letter
    ("cafe\u0301", "café"),
    ("a\u200eb\u200fc\u061cd\u202ae\u202cf\u2067g\u2069h", "abcdefgh"),
    ("\ufeffa\u200bb\u00adc", "abc"),
    ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
    ("a\r\nb\rc\nd\u2028e\u2029f\vg\fh\x85i", "a\nb\nc\nd\ne\nf\ng\nh\ni"),
    ("a\r\x00\nb", "a\nb"),
    ("a\ud800b\udfffc", "abc"),
    ("ا\u200b\u0654", "أ"),  # what stood between a letter and its hamza is gone, so they become one
    ("د.\u00a0محمد\tولد\nأعمر", "د.\u00a0محمد\tولد\nأعمر"),
    ("می\u200cخواهم \u200d", "می\u200cخواهم \u200d"),
    ("لُجَّةٌ ﷺ", "لُجَّةٌ ﷺ"),  # no compatibility forms: NFKC is for the search index only
]


@pytest.mark.parametrize(("typed", "stored"), MESSY)
def test_24_text_is_normalised(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize("typed", [typed for typed, _stored in MESSY] + ["".join(map(chr, range(0x3000)))])
def test_24_normalising_twice_changes_nothing_more(typed):
    assert normalise(normalise(typed)) == normalise(typed)


class Note(models.Model):
    title = models.CharField(max_length=20)
    body = models.TextField(null=True)
    number = models.IntegerField(default=0)
    file = models.FileField()

    class Meta:
        app_label = "tests"
        managed = False

    def __str__(self) -> str:
        return self.title


def test_24_every_text_of_an_item_is_normalised_and_nothing_else_is_touched():
    note = Note(title="أ\u200f", body="a\r\nb", number=7, file="cafe\u0301.png")
    normalise_fields(note)
    assert (note.title, note.body, note.number, note.file.name) == ("أ", "a\nb", 7, "cafe\u0301.png")
    note.body = None
    normalise_fields(note)
    assert note.body is None


def test_24_what_was_not_read_is_left_alone():
    note = Note.from_db(None, ["id", "title"], [1, "a\u200fb"])
    normalise_fields(note)
    assert (note.title, note.get_deferred_fields()) == ("ab", {"body", "number", "file"})


def test_17_digits_of_every_script_become_european_ones():
    assert to_european_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ०१२ 012 ½ أ") == "0123456789 0123456789 012 012 ½ أ"


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (models.DateField(), "١٧/٠٩/٢٠٢٦", date(2026, 9, 17)),
        (models.DateField(), "۲۰۲۶-۰۹-۱۷", date(2026, 9, 17)),
        (models.IntegerField(), "١٢٣", 123),
        (models.SlugField(), "news-٢٠٢٦", "news-2026"),
        (PartialDateField(), "٢٠٢٤-٠٨", "2024-08"),
    ],
)
def test_17_forms_of_the_desk_read_digits_of_every_script(field, typed, value):
    class Form(forms.Form):
        answer = field.formfield(**EVERY_DIGIT[type(field)])

    with override("ar"):
        form = Form({"answer": typed})
        assert (form.errors, form.cleaned_data) == ({}, {"answer": value})


def test_17_a_moment_in_two_inputs_is_read_in_digits_of_every_script():
    class Form(forms.Form):
        moment = models.DateTimeField().formfield(form_class=forms.SplitDateTimeField, **EVERY_DIGIT[models.DateTimeField])

    with override("ar"):
        form = Form({"moment_0": "١٧/٩/٢٠٢٦", "moment_1": "١٤:٣٠"})
        assert form.errors == {}
        assert f"{form.cleaned_data['moment']:%Y-%m-%d %H:%M}" == "2026-09-17 14:30"


def test_17_a_form_with_an_error_shows_what_was_typed():
    class Form(forms.Form):
        day = models.DateField().formfield(**EVERY_DIGIT[models.DateField])

    form = Form({"day": "٣١/٠٢/٢٠٢٦"})
    assert (form.is_valid(), 'value="31/02/2026"' in str(form["day"])) == (False, True)
