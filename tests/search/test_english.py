import pytest

from conference_site.search.english import exact, is_stop_word, lexemes


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("teacher", "teachers"), ("teacher", "teacher's"),
        ("children", "child"), ("organisation", "organizations"), ("programme", "programs"),
        ("centres", "center"), ("behaviour", "behavioral"),
        ("taught", "teaching"), ("sana'a", "sanaa"), ("analyses", "analysis"),
        ("digitisation", "digitize"), ("curricula", "curriculum"),
    ],
)  # fmt: skip
def test_are_one(word, other):
    assert not lexemes(word).isdisjoint(lexemes(other))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("university", "universe"),
        ("organ", "organization"),
        ("import", "important"),
        ("new", "news"),
        ("police", "policy"),
        ("ai", "said"),
        ("international", "intern"),
        ("promise", "promize"),
    ],
)
def test_stay_apart(word, other):
    assert lexemes(word).isdisjoint(lexemes(other))


def test_exact_form_has_no_possessive():
    assert [exact(word) for word in ["unesco's", "sana'a", "programmes"]] == ["unesco", "sanaa", "programmes"]


def test_stop_words():
    assert [word for word in ["the", "ai", "it", "don't", "un"] if is_stop_word(word)] == ["the", "it", "don't"]
