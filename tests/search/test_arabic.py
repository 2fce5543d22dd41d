import pytest

from conference_site.search.arabic import is_stop_word, layers, lexemes
from conference_site.search.plurals import singulars
from conference_site.search.spelling import fold, spellings


def found(query, document):
    """Whether a query of one word finds a document of one."""
    return not lexemes(query, asked=True).isdisjoint(lexemes(document))


@pytest.mark.parametrize(
    ("word", "expected"),
    [("مؤتمر", ["موتمر", "مءتمر"]), ("أهداف", ["اهداف"]), ("مدرسة", ["مدرسه"]), ("شئون", ["شيون", "شءون"]), ("مستوى", ["مستوي"])],
)
def test_spellings(word, expected):
    assert spellings(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("مدرستنا", ["مدرستنا", "مدرسه"]),
        ("تعليميات", ["تعليميات", "تعليمي", "تعليم"]),
        ("مكتبات", ["مكتبات", "مكتبه"]),
        ("لغات", ["لغات", "لغه"]),
        ("تربوي", ["تربوي", "تربو", "تربي"]),
        ("سنوي", ["سنوي", "سنو", "سنه"]),
        ("صناعي", ["صناعي", "صناعه"]),
        ("كتاب", ["كتاب"]),
        ("سنه", ["سنه"]),
        ("السودان", ["السودان"]),
        ("تمكين", ["تمكين"]),
        ("اعلان", ["اعلان"]),
        ("تفاهم", ["تفاهم"]),
        ("كتبهم", ["كتبهم", "كتب"]),
    ],
)
def test_layers(word, expected):
    assert layers(word) == expected


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("أهداف", ["هدف"]),
        ("أبواب", ["بوب", "باب"]),
        ("أسرار", ["سرر", "سر"]),
        ("دروس", ["درس"]),
        ("خبراء", ["خبير"]),
        ("أصدقاء", ["صديق"]),
        ("نواتج", ["ناتج", "ناتجه", "نوتج"]),
        ("مشاريع", ["مشروع"]),
        ("معايير", ["معيور", "معيار"]),
        ("جداول", ["جدول", "جدوله"]),
        ("أنظمة", ["نظام"]),
        ("قضايا", ["قضيه"]),
        ("مدن", ["مدينه"]),
        ("حضور", []),
        ("إعلام", []),
        ("مباشر", []),
        ("تعاون", []),
        ("شراكة", []),
        ("كتاب", []),
    ],
)
def test_singulars(plural, expected):
    assert singulars(fold(plural), plural) == expected


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("تعليم", "وبالتعليم"), ("لغة", "للغة"), ("لجنة", "للجنة"),
        ("الكسو", "الألكسو"), ("الالتحاق", "التحاق"), ("المانيا", "ألمانيا"),
        ("تدريب", "ولتدريب"), ("قمة", "بقمة"), ("أهداف", "بأهداف"),
        ("ابتكار", "وابتكار"), ("حسن", "وحسن"), ("وزارة", "ووزارة"),
        ("مدرسة", "مدرستهم"), ("لغة", "بلغتهم"), ("معلم", "معلمو"), ("شئون", "شؤون"), ("موتمر", "مؤتمر"), ("الله", "لله"),
        ("كاليدونيا", "الكاليدونيا"), ("أخبار", "خبر"), ("مدرسة", "مدارس"), ("وتدريب", "تدريب"),
    ],
)  # fmt: skip
def test_finds(query, document):
    assert found(query, document) is True


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("كرة", "فكرة"), ("يان", "بيان"), ("زار", "وزارة"),
        ("حث", "بحث"), ("طن", "الوطن"), ("عالي", "فعاليات"), ("احث", "باحث"),
        ("سن", "سنة"), ("كل", "كلية"), ("علم", "معلم"), ("معلم", "معلومات"), ("مدرس", "مدارس"), ("مكتب", "المكتبة"),
        ("المكتبة", "المكتب"), ("سود", "السودان"), ("جودة", "وجود"), ("علم", "إعلام"), ("صول", "وصول"), ("شركة", "شراكة"),
    ],
)  # fmt: skip
def test_does_not_find(query, document):
    assert found(query, document) is False


def test_a_word_finds_itself():
    for word in ["وزير", "بالتعليم", "والدين", "لله", "الكسو", "شيء", "جزء", "ماء", "لل", "والي", "كتب", "ء", "اا"]:
        assert found(word, word) is True, word


def test_stop_words():
    assert [word for word in ["على", "علي", "في", "فى", "م", "عام"] if is_stop_word(word)] == ["على", "في", "فى", "م"]
