import pytest

from conference_site.search.highlight import passage
from conference_site.search.names import Names
from conference_site.search.queries import parse

NAMES = Names([["ALECSO", "الألكسو", "المنظمة العربية للتربية والثقافة والعلوم"], ["SDG 4", "SDG4"]])


def marked(text, query, language="ar"):
    return [piece.text for piece in passage(text, parse(query, NAMES), language) if piece.is_match]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("قال إن التَّعَلُّمُ مدى الحياة", "تعلم", ["التَّعَلُّمُ"]),
        ("مـــؤتـــمـــر ﻣﺪﺭﺳﺔ", "مدرسه مؤتمر", ["مـــؤتـــمـــر", "ﻣﺪﺭﺳﺔ"]),
        ("عبد ﷲ بن محمد", "الله", ["ﷲ"]),
        ("منظمة \u200fالألكسو\u200f العربية", "ALECSO", ["الألكسو"]),
        ("أعلنت المنظَّمة العربية للتربية و الثقافة والعلوم", "ALECSO", ["المنظَّمة العربية للتربية و الثقافة والعلوم"]),
        ("المنظمة العربية للطيران", "ALECSO", []),
        ("لـUNESCO و UNESCO's", "unesco", ["UNESCO", "UNESCO's"]),
        ("E-learning and eLearning", "elearning", ["E-learning", "eLearning"]),
        ("SDG4 has 4 parts", "SDG 4", ["SDG4"]),
        ("the schools", "school", ["schools"]),
    ],
)
def test_marks_what_matched(text, query, expected):
    assert marked(text, query) == expected


def test_pieces_are_the_text():
    text = "\u200fالتَّعَلُّمُ، «مدن» التعلّم: ﷲ."
    assert "".join(piece.text for piece in passage(text, parse("تعلم"))) == text


def test_the_passage_has_most_of_the_words_and_whole_ones():
    text = "كلام " * 100 + "مدينة " + "كلام " * 100 + "مدينة فيها تعلم " + "كلام " * 100
    pieces = passage(text, parse("مدينة تعلم"))
    assert [piece.text for piece in pieces if piece.is_match] == ["مدينة", "تعلم"]
    assert (pieces[0].text, pieces[-1].text) == ("…", "…")
    inner = "".join(piece.text for piece in pieces[1:-1])
    assert set(inner.split()) == {"كلام", "مدينة", "فيها", "تعلم"}
    assert 200 <= len(inner) <= 240


def test_without_a_match_the_beginning():
    text = "كلام " * 100
    pieces = passage(text, parse("مدينة"))
    assert [piece.is_match for piece in pieces] == [False, False]
    assert text.startswith(pieces[0].text)
    assert passage("قصير", parse("مدينة")) == [("قصير", False)]
