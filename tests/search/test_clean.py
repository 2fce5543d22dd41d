import pytest

from conference_site.search.clean import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تعلیم", "تعليم"),  # Persian yeh
        ("کتاب", "كتاب"),  # Persian kaf
        ("۲۰۳۰ ٢٠٣٠ ２０３０", "2030 2030 2030"),
        ("١٬٥٠٠ و 1,500 و 1,500,000", "1500 و 1500 و 1500000"),
        ("1,50 و 2024,500 و 1,5000", "1,50 و 2024,500 و 1,5000"),  # no grouping
        ("التَّعَلُّمُ", "التعلم"),
        ("لِلّٰهِ", "لله"),
        ("مـــؤتـــمـــر", "مؤتمر"),
        ("عبد ﷲ", "عبد الله"),
        ("ﻣﺪﺭﺳﺔ", "مدرسة"),
        ("ﻻ", "لا"),
        ("\u200fالألكسو\u200f \ufeffمد\u200cرسة", "الألكسو مدرسة"),
        ("ا\u0654خر", "أخر"),  # a combining hamza is a letter's
        ("ا\u064e\u0654", "أ"),
        ("ﹰا", "ا"),  # the form of a lone mark brings no space
        ("z\u0653\u0301", "ź"),
        ("café", "café"),
    ],
)
def test_spells_each_character_in_one_way(text, expected):
    assert clean(text) == expected
    assert clean(expected) == expected
