"""A rich text's words without its structure, and back."""

import random

import pytest

from conference_site.richtext.sanitiser import clean
from conference_site.richtext.slots import Pair, Slots, TagsError, aligned, paired

WHOLE = (
    "<h2>عنوان {1} {{</h2>"
    '<p>نص <a href="/ar/goals/x/">رابط <strong>غليظ</strong></a> و<br>سطر <span lang="en" dir="ltr">GSE</span></p>'
    "<ul><li>بند<ul><li>داخل</li></ul></li></ul><blockquote><p>قول</p></blockquote>"
    '<figure><img src="/media/a.png" alt="صورة"><figcaption>شرح</figcaption></figure><hr>'
    "<table><tbody><tr><th>رأس</th><td>2024</td></tr></tbody></table>"
)


def texts(html: str, language: str = "fr") -> list[str]:
    return [Pair(slot, None, language).source_text for slot in Slots(html).all]


def put_back(html: str, language: str, change=str) -> str:
    slots = Slots(html)
    pairs = {place: Pair(slots[place], None, language) for place in slots.to_translate}
    return slots.filled({place: pair.read(change(pair.source_text)) for place, pair in pairs.items()})


def test_words_stand_in_rows_and_what_is_marked_in_them_has_a_number():
    assert texts(clean(WHOLE)) == [
        "عنوان {{1}} {{{{",
        "نص {1}رابط {2}غليظ{/2}{/1} و\nسطر {3}GSE{/3}",
        "بند",
        "داخل",
        "قول",
        "صورة",
        "شرح",
        "رأس",
        "2024",
    ]


def test_put_back_unchanged_they_make_the_same_text():
    html = clean(WHOLE)
    assert put_back(html, "ar") == html


def test_links_of_the_site_lead_to_the_pages_of_the_translation_and_its_own_passages_are_not_marked():
    html = clean(
        '<p><a href="/ar/goals/x/">رابط</a> <a href="https://example.org/ar/">خارج</a> <span lang="en" dir="ltr">GSE</span></p>'
    )
    assert texts(html, "en") == ["{1}رابط{/1} {2}خارج{/2} GSE"]
    assert put_back(html, "en") == '<p><a href="/en/goals/x/">رابط</a> <a href="https://example.org/ar/">خارج</a> GSE</p>'


def test_what_has_no_letters_is_not_handed_out_unless_there_is_nothing_else():
    assert (Slots("<p>2024</p><p>نص</p>").to_translate, Slots("<p>2024</p>").to_translate) == ([1], [0])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("link", "Numbered tags are missing: {1}. They stand for a link, bold or a picture."),
        ("{1}link", "A numbered tag is not closed: {1}."),
        ("{1}link{/1} {1}again{/1}", "A numbered tag stands there twice: {1}."),
        ("{1}link{/1} {7}x{/7}", "The source has no such numbered tag: {7}."),
        ("{1}li{2}nk{/1}{/2}", "A numbered tag is closed that is not open there: {/1}."),
        ("link{/1}", "A numbered tag is closed that is not open there: {/1}."),
        ("{1} {/1}", "Nothing stands between a numbered tag and its end: {/1}."),
    ],
)
def test_tags_that_are_not_those_of_the_source_are_refused(text, reason):
    pair = Pair(Slots('<p><a href="/ar/">رابط</a> <em>مائل</em></p>')[0], None, "en")
    with pytest.raises(TagsError) as refusal:
        pair.read(text)
    assert str(refusal.value) == reason


def test_emphasis_may_go_and_digits_of_every_script_number_a_tag():
    slots = Slots('<p><a href="/ar/">رابط</a> <em>مائل</em></p>')
    assert slots.filled({0: Pair(slots[0], None, "en").read("{١}link{/١} \u202binvisible\u202c")}) == (
        '<p><a href="/en/">link</a> invisible</p>'
    )


def test_marks_of_the_translation_stay_its_own():
    source, translation = (
        Slots('<p><a href="/ar/x/">ا</a> <strong>ب</strong></p>'),
        Slots('<p><a href="/en/other/">a</a> <strong>b</strong> <em>c</em></p>'),
    )
    pair = Pair(source[0], translation[0], "en")
    assert pair.text == "{1}a{/1} {2}b{/2} {3}c{/3}"
    assert source.filled({0: pair.read("{1}A{/1} {3}C{/3} {2}B{/2}")}) == (
        '<p><a href="/en/other/">A</a> <em>C</em> <strong>B</strong></p>'
    )


def test_a_paragraph_keeps_its_translation_where_its_source_is_known():
    was = Slots("<p>واحد</p><p>اثنان</p><p>ثلاثة</p>")
    now = Slots("<p>جديد</p><p>واحد</p><p>ثلاثة</p>")
    translation = Slots("<p>one</p><p>two</p><p>three</p>")
    assert paired(now, translation, was) == [None, 0, 2]
    assert paired(now, translation, None) == [0, 1, 2]
    assert paired(now, Slots("<h2>Title</h2><p>one</p>"), None) == [1, None, None]


def test_too_many_to_be_compared_are_paired_in_their_order():
    assert aligned(["a"] * 2_000, ["b"] * 1_000) == list(range(1_000))


def test_any_text_comes_back_as_it_was():
    chance = random.Random(5)
    for _number in range(300):
        pieces = ["{", "}", "{1}", "{{", "{/1}", "كلمة", " ", "x", "<strong>", "</strong>", "<em>", "</em>", "<br>", "&lt;1/&gt;"]
        html = clean(f"<p>{''.join(chance.choices(pieces, k=12))}</p><p>y</p>")
        assert clean(put_back(html, "fr")) == html
