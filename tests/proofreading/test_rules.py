"""Each rule: what must raise it and what must not, what its fix makes of a text, and what nobody should be able to do to it."""

import time

import pytest

from conference_site.proofreading.names import Names
from conference_site.proofreading.reading import Reading
from conference_site.proofreading.rules import check, with_certain_fixes
from conference_site.richtext.sanitiser import clean

NAMES = Names(
    [
        ("اليونسكو", ["اليونيسكو"]),
        ("منظمة الأمم المتحدة للتربية والعلم والثقافة", ["منظمة الأمم المتحدة للتربية والعلوم والثقافة"]),
        ("الألكسو", ["الأليكسو"]),
        ("رؤية السعودية 2030", ["رؤية المملكة 2030", "الرؤية"]),
        ("UNESCO", ["Unesco"]),
    ]
)


def read(text: str, language: str = "ar", **about) -> Reading:
    return Reading(text, language, is_rich=text.startswith("<"), **about)


def rules(text: str, language: str = "ar", **about) -> set[str]:
    return {finding.rule for finding in check(read(text, language, **about), NAMES)}


# Rule, text, and what its fix makes of it; None where somebody has to decide.
WRONG = [
    ("invisible", "التعليم\u200f في الوطن العربي", "التعليم في الوطن العربي"),
    ("invisible", "التعليم\u200c في الوطن العربي", "التعليم في الوطن العربي"),
    ("presentation_forms", "ﺍﻟﺘﻌﻠﻴﻢ ﻓﻲ الوطن العربي", "التعليم في الوطن العربي"),
    ("digits", "افتُتح عام ٢٠٢٤ بنسبة ٤٤٪", "افتُتح عام 2024 بنسبة 44%"),
    ("digits", "بلغ العدد ١٬٢٣٤٫٥ وفي عام 2024", "بلغ العدد 1,234.5 وفي عام 2024"),
    ("untranslated", "<p>نص عربي قصير.</p><p>The conference will open in September.</p>", None),
    (
        "foreign_passage",
        "<p>أصدر معهد GSE 2024 (Smart Learning) تقريرًا.</p>",
        '<p>أصدر معهد <span lang="en" dir="ltr">GSE 2024</span> (<span lang="en" dir="ltr">Smart Learning</span>) تقريرًا.</p>',
    ),
    ("foreign_passage", "<p>في مدينة Zürich السويسرية</p>", None),
    (
        "foreign_passage",
        "<p>قال <strong>Open <em>Day</em></strong> اليوم</p>",
        '<p>قال <strong><span lang="en" dir="ltr">Open </span><em><span lang="en" dir="ltr">Day</span></em></strong> اليوم</p>',
    ),
    ("heading_levels", "<h2>أول</h2><h4>ثالث</h4><h4>رابع</h4>", "<h2>أول</h2><h3>ثالث</h3><h3>رابع</h3>"),
    ("heading_levels", "<h3>أول</h3><p>نص</p>", "<h2>أول</h2><p>نص</p>"),
    ("heading_levels", "<h2>أول</h2><h4>ثالث</h4><h3>رابع</h3>", None),
    ("vague_links", '<p>للتسجيل <a href="/ar/news/">اضغط هنا</a></p>', None),
    ("tatweel", "التعلـــيم للجميع", "التعليم للجميع"),
    ("dots", "وهكذا...", "وهكذا…"),
    ("quotation_marks", 'قال: "نعم" ثم مضى', "قال: «نعم» ثم مضى"),
    ("quotation_marks", 'قال: «هذا "نص" آخر»', "قال: «هذا “نص” آخر»"),
    ("quotation_marks", "قال: “نعم” ثم مضى", "قال: «نعم» ثم مضى"),
    ("latin_punctuation", "التعليم, والابتكار", "التعليم، والابتكار"),
    ("months", "في 18\u00a0تشرين الأول 2024", "في 18\u00a0أكتوبر 2024"),
    ("months", "وصلت 3 نيسان جديدة", None),
    ("tanwin", "مؤقتاً", "مؤقتًا"),
    ("tashkeel", "هذه التَّعَلُّمِيَّة جديدة", None),
    ("taallum", "فرص للتعلم مدى الحياة", "فرص للتعلّم مدى الحياة"),
    ("space_before_mark", "التعليم ، والابتكار", "التعليم، والابتكار"),
    ("space_after_mark", "التعليم،والابتكار", "التعليم، والابتكار"),
    ("space_after_stop", "انتهى الأمر.وبدأ غيره", "انتهى الأمر. وبدأ غيره"),
    ("doubled_marks", "مبروك!!", "مبروك!"),
    ("space_in_brackets", "المؤتمر ( بكين )", "المؤتمر (بكين)"),
    ("two_spaces", "التعليم  والابتكار", "التعليم والابتكار"),
    ("small_numbers", "للمؤتمر 4 أهداف", None),
    ("small_numbers", "شاركت 7 مؤسسات في الجلسة", None),
    ("grouped_year", "في عام 2,024", "في عام 2024"),
    ("space_before_percent", "بنسبة 44 %", "بنسبة 44%"),
    ("glued_prefix", "خطة ل2030", None),
    ("leading_zero", "يوم 08\u00a0أغسطس 2024", "يوم 8\u00a0أغسطس 2024"),
    ("day_and_month", "يوم 18 أغسطس 2024", "يوم 18\u00a0أغسطس 2024"),
    ("number_and_unit", "ملف حجمه 12 ميغابايت", "ملف حجمه 12\u00a0ميغابايت"),
    ("doctor", "د. محمد الجمني", "د.\u00a0محمد الجمني"),
    ("doctor", "د.محمد الجمني", "د.\u00a0محمد الجمني"),
    ("era_signs", "في عام 2024م", "في عام 2024"),
    ("letters_of_neighbours", "کتاب جدید", "كتاب جديد"),
    ("letters_of_neighbours", "بناء علی ذلك", None),
    ("hamza", "وبالإستخدام الأمثل", "وبالاستخدام الأمثل"),
    ("hamza", "من التعليم الى الابتكار", "من التعليم إلى الابتكار"),
    ("hamza", "شارك ايضاً في المؤتمر", "شارك أيضًا في المؤتمر"),
    ("hamza", "علي مستوى الوطن العربي", "على مستوى الوطن العربي"),
    ("hamza", "نعلم ان التعليم مهم", None),
    ("hamza", "نظام الي حديث", None),
    ("honorifics", "حضر معالي الوزير", None),
    ("turns_of_phrase", "وتم افتتاح المؤتمر", None),
    ("passive_agent", "نُظّم المؤتمر من قبل الوزارة", None),
    ("one_word", "في العالم العربي", None),
    ("one_word", "استخدام التقنيات الحديثة", None),
    ("names", "أعلنت اليونيسكو ذلك", "أعلنت اليونسكو ذلك"),
    ("names", "خطة لليونيسكو وللأليكسو", "خطة لليونسكو وللألكسو"),
    ("names", "ومنظمة الأمم المتحدة للتربية والعلوم والثقافة", "ومنظمة الأمم المتحدة للتربية والعلم والثقافة"),
    ("names", "<p>أعلنت <strong>اليونيس</strong>كو ذلك</p>", "<p>أعلنت <strong>اليونسكو</strong> ذلك</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "fixed"), WRONG)
def test_what_a_rule_finds_and_how_it_is_fixed(rule, text, fixed):
    reading = read(text)
    findings = [finding for finding in check(reading, NAMES) if finding.rule == rule]
    assert findings
    certain = [finding for finding in findings if finding.edits]
    assert (with_certain_fixes(reading, certain) if certain else None) == fixed
    if fixed:
        assert rule not in rules(fixed)
        assert (clean(fixed, "ar") if fixed.startswith("<") else fixed) == fixed


def test_where_no_fix_is_certain_the_advice_names_the_right_forms():
    [finding] = [finding for finding in check(read("نعلم ان التعليم مهم"), NAMES) if finding.rule == "hamza"]
    assert str(finding.advice).endswith("أن / إن.")


RIGHT = [
    "افتُتح المؤتمر يوم 18\u00a0أغسطس 2024، بحضور أكثر من ثلاثة آلاف مشارك.",
    "17\u00a0سبتمبر 2026م (6\u00a0ربيع الآخر 1448هـ)",
    "تحويل التعليم في الوطن العربي\nمن التعليم إلى التعلم لغرض الابتكار",
    "قال: «هذا “نص” آخر». فهل كان ذلك؟!",
    "الهدف 4 من أهداف التنمية المستدامة، والمادة 3 منه، والمرحلة 2.",
    "أدخل المعهد تعديلات على البرنامج، واختر الفريق عنوانًا له.",
    "جامعة الملك عبدالله للعلوم والتقنية، ومعهد العالم العربي في باريس",
    "قام الوفد بدوره كاملًا، وقام بين الدول تعاون.",
    "التقى علي إسماعيل وفان دايك، ثم علي العلي، في مصنع الإسمنت.",
    "سعادة الإنسان غاية التعليم، وإيضاح ذلك يسير.",
    "أ.د.\u00a0محمد الجمني (مدير الإدارة) انتهت المباراة 3 : 2 :)",
    "حجم الملف 12.5\u00a0ميغابايت؛ البريد info@example.org والموقع https://example.org/a,b?c=1",
    "ﷺ",
    "کوفيد".replace("ک", "ك") + "-19 ومجموعة العشرين",
    '<p>أصدرت (<span lang="en" dir="ltr">ALECSO</span>) كتابًا في <a href="https://example.org" dir="ltr">example.org</a>.</p>',
    '<blockquote lang="en" dir="ltr"><p>Education is the most powerful weapon of all.</p></blockquote>',
    '<h2>أول</h2><h3>ثانٍ</h3><h2>ثالث</h2><p><a href="/ar/news/">أخبار المؤتمر</a></p>',
    "<p>رؤية السعودية 2030 واليونسكو والألكسو</p>",
    "",
    "<hr>",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_raises_nothing(text):
    assert rules(text) == set()


ENGLISH = [
    ("The conference\u200f opens.", {"invisible"}),
    ("In the year ٢٠٢٤ it opened.", {"digits"}),
    ("<p>The paper calls it مدينة التعلّم in Arabic.</p>", {"foreign_passage"}),
    ("<p>ينعقد المؤتمر في شهر سبتمبر المقبل.</p>", {"untranslated"}),
    ("<h2>One</h2><h4>Two</h4>", {"heading_levels"}),
    ('<p>To register, <a href="/en/">Click here</a>.</p>', {"vague_links"}),
    ("Unesco said so", {"names"}),
    ('<p>UNESCO calls it <span lang="ar" dir="rtl">مدينة التعلّم</span>; "so", it says... 4 goals.</p>', set()),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_texts_have_the_rules_of_every_language(text, expected):
    assert rules(text, "en") == expected


def test_an_arabic_passage_is_marked_in_an_english_text():
    reading = read("<p>It is called مدينة التعلّم there.</p>", "en")
    fixed = '<p>It is called <span lang="ar" dir="rtl">مدينة التعلّم</span> there.</p>'
    assert with_certain_fixes(reading, check(reading)) == fixed


def test_a_headline_is_short_and_without_a_full_stop():
    assert rules("ع" * 71, is_headline=True) == {"too_long"}
    assert rules("مؤتمر تحويل التعليم.", is_headline=True) == {"full_stop"}
    assert rules("مؤتمر تحويل التعليم", is_headline=True) == set()
    reading = read("مؤتمر تحويل التعليم.", is_headline=True)
    assert with_certain_fixes(reading, check(reading)) == "مؤتمر تحويل التعليم"


def test_a_summary_fits_on_a_card():
    assert rules("نص " * 101, is_card=True) == {"too_long"}
    assert rules(("نص " * 99).strip(), is_card=True) == set()


def test_a_heading_may_be_the_second_under_one_that_the_page_puts_there():
    assert rules("<h3>أول</h3>", first_level=3) == set()
    assert rules("<h4>أول</h4>", first_level=3) == {"heading_levels"}


def test_the_excerpt_says_the_words_and_what_stands_beside_them():
    (finding,) = check(read("<p>من التعليم <strong>الى</strong> الابتكار</p>"))
    assert finding.excerpt == ("من التعليم ", "الى", " الابتكار")


def test_words_are_shown_whole_with_what_would_stand_there():
    (finding,) = check(read("ثم مؤقتاً كان"))
    assert (finding.excerpt, finding.better) == (("ثم ", "مؤقتاً", " كان"), "مؤقتًا")
    (finding,) = check(read("<p>في معهد GSE اليوم</p>"))
    assert (finding.excerpt[1], finding.better) == ("GSE", "")


HOSTILE = [
    "ا" * 50_000,
    "«" * 50_000,
    '"' * 50_000,
    "َ" * 50_000,
    " " * 50_000,
    "." * 50_000,
    "a." * 25_000,
    "ک" * 50_000,
    "جامعة " * 8_000 + "التقنية",
    "التقنية " * 6_000,
    "منظمة الأمم المتحدة للتربية والعلوم " * 1_350,
    "<p>" + "<strong>ا</strong>a" * 2_000 + "</p>",
    "<h4>ا</h4><h2>ب</h2>" * 1_000,
    "<p>" + '<a href="/">هنا</a> ' * 1_500 + "</p>",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_long_and_odd_texts_take_a_moment_only(text):
    start = time.process_time()
    reading = read(text)
    with_certain_fixes(reading, check(reading, NAMES))
    assert time.process_time() - start < 1
