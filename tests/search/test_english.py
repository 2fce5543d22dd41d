import sys
from concurrent.futures import ThreadPoolExecutor

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


def test_threads_do_not_mix_their_words():
    """Snowball's stemmer keeps the word that it works on, and four threads of a process ask at the same time."""
    words = [
        f"{stem}{ending}"
        for stem in ("conference", "organiz", "teach", "hop", "electr")
        for ending in ("ational", "iveness", "s")
    ]
    alone = {word: lexemes.__wrapped__(word) for word in words}
    interval, wrong = sys.getswitchinterval(), []

    def ask(start: int) -> None:
        for each in range(1_500):
            word = words[(start + each) % len(words)]
            if lexemes.__wrapped__(word) != alone[word]:
                wrong.append(word)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            for done in [threads.submit(ask, start) for start in range(4)]:
                done.result()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []
