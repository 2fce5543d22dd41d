import re

import pytest

from conference_site.operations.content import starting_names
from conference_site.search.names import Names
from conference_site.search.queries import parse

NAMES = Names(
    [
        ["ALECSO", "الألكسو"],
        ["Jubail", "Jubail Industrial City", "الجبيل"],
        ["distance learning", "التعليم عن بعد"],
        ["e-learning"],
    ]
)
LITERAL = re.compile(r"(?:'[\w=]+'|[()&|]|<->|\s)*")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("schools", "((('school' | 'schools')))"),
        ("the schools", "((('school' | 'schools')))"),
        ("schools 2030", "((('school' | 'schools'))) & ((('2030')))"),
        ("SDG4", "((('sdg') <-> ('4')))"),
        ('"green schools"', "((('green') <-> ('school' | 'schools')))"),
        ("ALECSO", "((('alecso')) | (('الالكسو' | 'الكسو')))"),
        ("the", "((('=the')))"),
        ("من إلى", "((('=من'))) & ((('=الى')))"),
        ("schools schools", "((('school' | 'schools')))"),
        ("U.N.", "((('un')) | (('u') & ('n')))"),
        ("co-operation", "((('cooper' | 'cooperation')) | (('co') & ('oper' | 'operation')))"),
    ],
)
def test_match(text, expected):
    assert parse(text, NAMES).match == expected


def test_exact_forms_are_asked_for_besides():
    query = parse("schools")
    assert (query.match, query.exact) == ("((('school' | 'schools')))", "((('=schools')))")


def test_the_longest_name_counts():
    assert parse("Jubail Industrial City", NAMES).clauses == parse("jubail industrial city", NAMES).clauses
    assert len(parse("Jubail Industrial City", NAMES).clauses) == 1
    assert len(parse("Jubail city", NAMES).clauses) == 2


def test_a_name_with_stop_words_is_no_single_word():
    assert parse("التعليم عن بعد", NAMES).match == (
        "((('distanc' | 'distance') <-> ('learn' | 'learning')) | (('التعليم' | 'تعليم') <-> ('=عن') <-> ('=بعد')))"
    )


def test_all_forms_of_a_name_ask_the_same():
    forms = ["ALECSO", "alecso", "الألكسو", "الالكسو", "ألكسو"]
    assert {tuple(clause.phrases) for form in forms for clause in parse(form, NAMES).clauses} == {
        parse("ALECSO", NAMES).clauses[0].phrases
    }


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "&|!:*<->'\"()\\", "\x00", "\ud800\udfff", "\u202e\u2067", "«»", "…،؛؟", "ـ", "و"]
)
def test_nothing_searchable(text):
    assert parse(text, NAMES) is None


@pytest.mark.parametrize(
    "text",
    [
        "a'b & !c", "cat:* | dog", "x') | ('y", "a\\'b", "'; DROP TABLE x; --",
        "<-> <2> foo:ABCD", "ʼn ŉ 'n'", "=word", "a\x00b", "\ud800a",
        "((((( a", "كتاب'):*", "١'٢", "a_b", "%s %(x)s", "ﷺ'", "½①²",
    ],
)  # fmt: skip
def test_no_input_reaches_the_query_language(text):
    query = parse(text, NAMES)
    assert LITERAL.fullmatch(query.match)
    assert LITERAL.fullmatch(query.exact)


@pytest.mark.parametrize(
    "unit", ["ا", "كتاب ", '"', "«", "a-", "a'", "1,", "1,000", "\u064b", "ا\u064b", "ا\u200f", "ﷺ", "& | ! ", "المنظمة العربية "]
)
def test_ten_thousand_characters_cost_no_more_than_a_line(unit):
    names = Names(starting_names())
    query = parse(unit * (10_000 // len(unit)), names)
    assert query is None or len(query.match) < 20_000
