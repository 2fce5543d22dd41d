"""What HTML may be stored. Nothing here needs a database."""

import random
import re
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import is_normalized

import pytest
from django.core.exceptions import ValidationError

from conference_site.languages.text import normalise
from conference_site.richtext.sanitiser import clean, pictures_without_text, plain_text
from tests.richtext.hostile import HOSTILE

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if ".clean." not in path.name)

# What a reader of this file may rely on; written apart from the sanitiser's own list.
ELEMENTS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "figure", "figcaption", "hr", "table", "tbody", "tr", "th", "td",
    "a", "strong", "em", "span", "br", "img",
}  # fmt: skip
ATTRIBUTES = {"lang", "dir", "href", "src", "alt", "start", "colspan", "rowspan", "scope"}
ADDRESS = re.compile(r"(https?://[^/\\\s]|mailto:|tel:|/[^/\\\s]|/$)\S*")


class Inspector(HTMLParser):
    """Fails at whatever must not be there."""

    def handle_starttag(self, tag, attributes):
        assert tag in ELEMENTS
        for name, value in attributes:
            assert name in ATTRIBUTES
            assert name != "href" or ADDRESS.fullmatch(value)
            assert name != "src" or (value.startswith("/media/") and ".." not in value)
            assert name != "dir" or value in ("ltr", "rtl")

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(html):
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()


KEPT = [
    "<h2>عنوان</h2><h3>Two</h3><h4>Three</h4>",
    "<p>One <strong>strong</strong>, <em>emphasis</em>,<br>another line</p>",
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    '<ol start="3"><li>three</li></ol>',
    "<ul><li><p>one</p><p>two</p></li></ul>",
    "<blockquote><p>Words of another</p></blockquote>",
    "<p>Before</p><hr><p>After</p>",
    '<p><a href="https://example.org/a?b=1&amp;c=2#d">web</a> <a href="/ar/news/">page</a></p>',
    '<p><a href="mailto:info@example.org">mail</a> <a href="tel:+966133412345">telephone</a></p>',
    '<figure><img src="/media/pictures/a.jpg" alt="A building"><figcaption>By night</figcaption></figure>',
    '<figure><img src="/media/صورة.jpg" alt="مبنى"></figure>',
    '<table><tbody><tr><th scope="row">City</th><td>Jubail</td></tr><tr><th scope="row">State</th><td></td></tr></tbody></table>',
    '<table><tbody><tr><th scope="col">City</th><th scope="col">State</th></tr><tr><td>a</td><td>b</td></tr></tbody></table>',
    '<table><tbody><tr><td colspan="2" rowspan="3">x</td></tr></tbody></table>',
    '<p>وقّعت <span lang="en" dir="ltr">UNESCO (1)</span> مذكرة</p>',
    '<p lang="en" dir="ltr">Whole</p><h2 lang="zh-Hant" dir="ltr">x</h2>',
    '<blockquote lang="fr" dir="ltr"><p>Citation</p></blockquote>',
    '<ul><li lang="en" dir="ltr">x</li></ul><table><tbody><tr><td lang="ar" dir="rtl">y</td></tr></tbody></table>',
    "<p>17\u00a0سبتمبر, می\u200cخواهم, 👨\u200d👩\u200d👧 &lt;b&gt; &amp;amp;</p>",
]


@pytest.mark.parametrize("html", KEPT)
def test_what_an_editor_may_write_stays_as_it_is(html):
    assert clean(html) == html


CHANGED = [
    # Synonyms
    ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
    ("<p><b>a</b> <i>b</i> <bdi dir='ltr'>c</bdi></p>", '<p><strong>a</strong> <em>b</em> <span dir="ltr">c</span></p>'),
    # Attributes
    ('<p style="color:red" class="x" id="y" title="z" data-a="1" onclick="x()">a</p>', "<p>a</p>"),
    ('<p lang="&quot;x" dir="auto">a</p>', "<p>a</p>"),
    (
        '<p><a href="https://example.org" target="_blank" rel="opener" title="x">a</a></p>',
        '<p><a href="https://example.org">a</a></p>',
    ),
    ('<p><a href="www.example.org/a b">a</a></p>', '<p><a href="https://www.example.org/a%20b">a</a></p>'),
    ('<ol start="1" type="a"><li value="7">a</li></ol>', "<ol><li>a</li></ol>"),
    ('<table><tr><td colspan="0" rowspan="x" width="3">a</td></tr></table>', "<table><tbody><tr><td>a</td></tr></tbody></table>"),
    # Addresses
    ('<p><a href="javascript:x()">a</a> <a href="//evil.example">b</a> <a href="page.html">c</a> <a>d</a></p>', "<p>a b c d</p>"),
    ('<p><a href="#_Toc123">Word\'s bookmark</a></p>', "<p>Word's bookmark</p>"),
    ('<p><a href="#part">a place that no element can be</a></p>', "<p>a place that no element can be</p>"),
    # Addresses that show themselves are isolates (arabic.md 4)
    (
        '<p><a href="tel:+966133412345">+966 13 341 2345</a></p>',
        '<p><a href="tel:+966133412345" dir="ltr">+966 13 341 2345</a></p>',
    ),
    ('<p><a href="https://example.org/a" dir="rtl">الموقع</a></p>', '<p><a href="https://example.org/a">الموقع</a></p>'),
    # Pictures
    ('<p><img src="/media/a.jpg" alt="  A\nhouse "></p>', '<figure><img src="/media/a.jpg" alt="A house"></figure>'),
    ('<p>a <img src="https://example.org/a.jpg" alt="Logo"> b</p>', "<p>a b</p>"),
    ('<p>a <img src="data:image/gif;base64,xx" alt="🌹"></p>', "<p>a 🌹</p>"),
    (
        "<figure><table><tr><td>a</td></tr></table><figcaption>b</figcaption></figure>",
        "<table><tbody><tr><td>a</td></tr></tbody></table><p>b</p>",
    ),
    # Emptiness
    ("<p></p><p>&nbsp;</p><p><br></p><h2> </h2><p><span lang=en></span></p><p>a</p>", "<p>a</p>"),
    ("<p><strong> </strong>a<em></em></p>", "<p>a</p>"),
    ("<p><br>a<br></p>", "<p>a</p>"),
    ("<ul><li></li></ul><blockquote><p></p></blockquote>", ""),
    ("<!-- a --><p>b<!-- c --></p>", "<p>b</p>"),
    # Where elements may stand
    ("a <b>b</b><p>c</p>d", "<p>a <strong>b</strong></p><p>c</p><p>d</p>"),
    ("<div>a<div>b</div></div><section><p>c</p></section>", "<p>a</p><p>b</p><p>c</p>"),
    ("<b><p>a</p></b>", "<p>a</p>"),
    ("<ul><li><p>a</p></li><ul><li>b</li></ul>c</ul>", "<ul><li><p>a</p><ul><li>b</li></ul><p>c</p></li></ul>"),
    ("<li>a</li><li>b</li>", "<ul><li>a</li><li>b</li></ul>"),
    ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
    (
        "<table><caption>a</caption><thead><tr><th>b</th></tr></thead></table>",
        '<p>a</p><table><tbody><tr><th scope="col">b</th></tr></tbody></table>',
    ),
    ("<p><strong>a</strong><strong> b</strong></p>", "<p><strong>a b</strong></p>"),
    # Characters (arabic.md 24)
    ("<p>\u202babc\u202c \u200e\u200f\u2067x\u2069\ufeff\u200b&#8238;</p>", "<p>abc x</p>"),
    ("<p>e\u0301 \u0627\u0653</p>", "<p>é آ</p>"),
    ("<p>a\x00\ud800b</p>", "<p>ab</p>"),
    ("<p>a\r\n  b\tc</p>", "<p>a b c</p>"),
    # Plain text
    ("a\nb\n\nc & d < e", "<p>a</p><p>b</p><p>c &amp; d &lt; e</p>"),
    ("- a\n- b\n1) c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
    ("٣. ثالثًا\n٤. رابعًا", '<ol start="3"><li>ثالثًا</li><li>رابعًا</li></ol>'),
    ("*قوي* _مائل_ *_معًا_* 2*3*4 a_b_c", "<p><strong>قوي</strong> <em>مائل</em> <strong><em>معًا</em></strong> 2*3*4 a_b_c</p>"),
    ("(https://example.org/a).", '<p>(<a href="https://example.org/a" dir="ltr">https://example.org/a</a>).</p>'),
    ("", ""),
    (" \n ", ""),
]


@pytest.mark.parametrize(("html", "expected"), CHANGED)
def test_everything_else_becomes_what_may_be_written(html, expected):
    assert clean(html) == expected


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_what_comes_from_word_processors_and_messengers_comes_out_clean(sample):
    language = "en" if sample.stem == "word-lists" else "ar"
    assert clean(sample.read_text(), language) + "\n" == sample.with_suffix(".clean.html").read_text()


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_gets_through(html):
    cleaned = clean(html)
    inspect(cleaned)
    inspect(clean(f"<ul><li>{html}</li></ul><table><tr><td>{html}"))
    assert clean(cleaned) == cleaned


def test_2_what_repeats_the_language_of_the_text_is_left_out():
    arabic = '<p dir="rtl" lang="ar-SA">أ <span lang="ar" dir="rtl">ب</span></p>'
    foreign = '<p><span lang="en" dir="ltr">c <span lang="ar" dir="rtl">د</span></span></p>'
    assert clean(arabic + foreign, "ar") == "<p>أ ب</p>" + foreign
    assert clean(arabic, "en") == arabic


PIECES = [
    "p", "h1", "h3", "ul", "ol", "li", "blockquote", "div", "table", "tr", "td", "th", "figure", "figcaption", "img", "br", "hr",
    "a", "b", "i", "span", "bdi", "caption", "font", "svg", "template", "script",
    "<!--", "-->", "<![if !x]>", "<![endif]>", "&lt;", "&amp;lt;", "&nbsp;", "&#x202e;", "<", ">", '"', "'", "`",
    " ", "\n", "نص", "\u0301", "\u0338", "\u200e", "\u200c", "😀", "*b*", "_i_", "- x\n", "1. y\n", "http://a.b/c.",
]  # fmt: skip
DECORATIONS = [
    "", 'lang="en" dir="ltr"', "dir=rtl", "href=/x", "href=http://a.b", "src=/media/a", "src=/media/a alt=b",
    'src="data:x" alt="😀"', "colspan=2", "start=4", 'class="MsoNormal"', 'style="mso-list:l0 level1 lfo1"',
    'style="mso-list:l0 level2 lfo1"', 'style="mso-list:Ignore"', 'style="font-weight:bold"', "onclick=x",
]  # fmt: skip


def shuffled(chance):
    """Elements, ends of elements and text in no order at all."""
    for piece in chance.choices(PIECES, k=chance.randint(1, 20)):
        if re.fullmatch("[a-z0-9]+", piece):
            yield chance.choice([f"<{piece} {chance.choice(DECORATIONS)}>", f"</{piece}>", "x"])
        else:
            yield piece


def test_what_was_cleaned_is_clean_whatever_it_was():
    chance = random.Random(20260917)
    for _ in range(3000):
        html = "".join(shuffled(chance))
        cleaned = clean(html)
        inspect(cleaned)
        assert clean(cleaned) == cleaned, html
        assert is_normalized("NFC", cleaned), html
        assert normalise(cleaned) == cleaned, html


@pytest.mark.parametrize("html", ["<ul>" * 90_000, "<div>" * 300 + "x", "x" * 300_000, "<p>x</p>" * 15_000, "- x\n" * 30_000])
def test_more_than_a_page_holds_is_refused_in_words(html):
    with pytest.raises(ValidationError, match="more deeply nested"):
        clean(html)


def test_plain_text_has_the_words_and_a_line_for_each_block():
    html = clean(
        "<h2>Title</h2><p>a <strong>b</strong>c<br>d &amp; e</p><ul><li>f<ul><li>g</li></ul></li></ul>"
        "<table><tr><th>h</th><td>i</td></tr></table>"
        '<figure><img src="/media/a.jpg" alt="not these words"><figcaption>j > k</figcaption></figure>'
    )
    assert plain_text(html) == "Title\na bc\nd & e\nf\ng\nh\ni\nj > k"
    assert plain_text("") == ""


def test_pictures_without_alternative_text_are_named():
    html = clean('<img src="/media/a.jpg"><img src="/media/b.jpg" alt=" "><img src="/media/c.jpg" alt="A bridge">')
    assert pictures_without_text(html) == ["/media/a.jpg", "/media/b.jpg"]
