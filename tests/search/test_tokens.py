import pytest

from conference_site.search.tokens import tokens


def words(text):
    return [(token.word, token.script) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("لـUNESCO", [("ل", "arabic"), ("unesco", "latin")]),
        ("2030م", [("2030", "number"), ("م", "arabic")]),
        ("SDG4", [("sdg", "latin"), ("4", "number")]),
        ("التربية،التعليم", [("التربية", "arabic"), ("التعليم", "arabic")]),
        ("info@alecso.org", [("info", "latin"), ("alecso", "latin"), ("org", "latin")]),
        ("UNESCO’s Sana'a 'quoted'", [("unesco's", "latin"), ("sana'a", "latin"), ("quoted", "latin")]),
        ("e-learning", [("e", "latin"), ("learning", "latin")]),
        ("Éducation Straße", [("education", "latin"), ("strasse", "latin")]),
        ("हिन्दी", [("हिन्दी", "other")]),
        ("Образование", [("образование", "other")]),
        ("ﷺ", [("صلى", "arabic"), ("الله", "arabic"), ("عليه", "arabic"), ("وسلم", "arabic")]),
        ("①", [("1", "number")]),
        ("1,500 و ١٬٥٠٠", [("1500", "number"), ("و", "arabic"), ("1500", "number")]),
        ("", []),
        ("&|!:*<->'\"()\\ \x00 \ud800 \u202e", []),
    ],
)
def test_splits_where_scripts_meet(text, expected):
    assert words(text) == expected


def test_offsets_are_those_of_the_original():
    text = "\ufeffقال: «التَّعَلُّمُ» مـــؤتـــمـــر ﻣﺪﺭﺳﺔ \u200fالألكسو\u200f، لـUNESCO 2030م."
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "قال", "التَّعَلُّمُ", "مـــؤتـــمـــر", "ﻣﺪﺭﺳﺔ", "الألكسو", "لـ", "UNESCO", "2030", "م",
    ]  # fmt: skip


def test_a_run_of_letters_without_end_is_cut():
    assert words("ا" * 10_000) == [("ا" * 64, "arabic")]
    assert words("a" * 10_000) == [("a" * 64, "latin")]
