"""The site's rules of Arabic style that a machine can judge, as data.

The numbers are those of docs/arabic.md (13–24, typography and numbers) and of the style guide (30–41, spelling and wording). The
lists are made to be extended. `rules` says what editors are told of them, and how it is fixed.
"""

import re
from typing import NamedTuple

NBSP = "\u00a0"
MARK = "[\u064b-\u0652\u0670]"
LETTER = "[\u0621-\u063a\u0641-\u064a\u064b-\u0652\u0670\u0671]"  # without the tatweel
START, END = f"(?<!{LETTER})", f"(?!{LETTER})"
ARTICLE = "(?:[وف]?(?:[بك]?ال|لل|[بكل])?)"  # what may stand before a noun without a space
CONJUNCTION = "[وف]?"

# Names in which a word stands as it was registered, against the rules of running text.
REGISTERED = (
    r"تحويل التعليم في الوطن العربي\s+من التعليم إلى التعلم لغرض الابتكار",
    r"معهد التعلم الذكي(?: بجامعة بكين للمعلمين)?",
)
# Names with «تقنية», which running text avoids.
NAMES_WITH_TAQNIYA: tuple[str, ...] = ()

# 30. A stem as it is mistyped, and as it is written. Prefixes and endings are allowed for.
HAMZA_STEMS = {
    "إبتكار": "ابتكار", "إجتماع": "اجتماع", "إحتياج": "احتياج", "إختبار": "اختبار", "إختيار": "اختيار", "إرتباط": "ارتباط",
    "إرتقاء": "ارتقاء", "إستثمار": "استثمار", "إستخدام": "استخدام", "إستراتيجي": "استراتيجي", "إستفاد": "استفاد",
    "إستقبال": "استقبال", "إستمرار": "استمرار", "إشتراك": "اشتراك", "إصطناعي": "اصطناعي", "إعتماد": "اعتماد",
    "إفتتاح": "افتتاح", "إقتصاد": "اقتصاد", "إكتساب": "اكتساب", "إلتزام": "التزام", "إنتقال": "انتقال", "إنضمام": "انضمام",
    "إنطلاق": "انطلاق", "إهتمام": "اهتمام", "إتفاق": "اتفاق", "إتجاه": "اتجاه", "إتصال": "اتصال", "إسم(?!اعيل|نت)": "اسم",
    "ابداع": "إبداع", "اتاحة": "إتاحة", "احدث": "أحدث", "اخبار": "أخبار", "ادارة": "إدارة", "اساس": "أساس", "اسئلة": "أسئلة",
    "اصلاح": "إصلاح", "اطار": "إطار", "اطلاق": "إطلاق", "اعضاء": "أعضاء", "اعلان": "إعلان", "افراد": "أفراد",
    "اكثر": "أكثر", "امكان": "إمكان", "انتاج": "إنتاج", "انجاز": "إنجاز", "انشاء": "إنشاء", "انشطة": "أنشطة",
    "اهداف": "أهداف", "اهمية": "أهمية", "ايضا(?!ح)": "أيضًا", "الالكسو": "الألكسو", "الامم": "الأمم",
}  # fmt: skip
# Whole words: a conjunction may stand before them, nothing after.
HAMZA_WORDS = {
    "الى": "إلى", "الي": "إلى", "اليه": "إليه", "اليها": "إليها", "او": "أو", "اي": "أي", "ان": "أن / إن", "اذا": "إذا",
    "انه": "أنه / إنه", "انها": "أنها / إنها",
}  # fmt: skip

# 38. Translated or empty turns of phrase.
FILLERS = {
    rf"{CONJUNCTION}(?:لم |لن )?س?[يت]?تم(?:ت)?": "الفعل نفسه، مبنيًا للمجهول أو مع فاعله",
    rf"{CONJUNCTION}س?[يتن]?ق(?:ا|و)م(?:ت|وا|ون|ان)? ب(?!ين{END}|عد{END}){LETTER}+": "الفعل نفسه",
    rf"{CONJUNCTION}حيث أن": "إذ، لأن",
    rf"{ARTICLE}نفس السياق": "نفسه بعد الاسم، أو حذفها",
    rf"{ARTICLE}(?:نظام|أنظمة|نظم) (?:ال)?بيئي(?:ة|ا)?": "منظومة",
    rf"{ARTICLE}ردود (?:ال)?(?:فعل|أفعال)": "تغذية راجعة، أصداء",
    rf"{ARTICLE}مدن (?:ال)?تعليمية": "مدن التعلّم",
}
# 39. Commands to the reader.
COMMANDS = r"اضغط|انقر|أدخل|ادخل|اختر|قم ب" + f"{LETTER}+"
# 37. Honorifics, which only one site-wide setting may show.
HONORIFICS = (
    r"معالي(?:ه|ها)?|سعادة (?:السفير|الوزير|الدكتور|الأستاذ|المهندس|الشيخ|المدير|الأمين|المستشار|د\.)ة?"
    r"|فضيلة (?:ال\S+|د\.)|(?:صاحب|صاحبة) السمو|سمو (?:ال\S+)"
)
# 41. One word for one idea.
VARIANTS = {
    rf"{ARTICLE}تقني(?:ة|ات|تها|اتها|اته)?": "تكنولوجيا",
    rf"{ARTICLE}عالم العربي": "الوطن العربي",
    rf"{ARTICLE}منطقة العربية": "الوطن العربي",
    rf"{ARTICLE}مواضيع": "موضوعات",
    rf"{ARTICLE}مدن (?:المتعلمة|التعليم)": "مدن التعلّم",
    rf"{ARTICLE}(?:مخرجات|نتائج) التعلم": "نواتج التعلّم",
    rf"{ARTICLE}(?:نواتج|نتائج) التعليم": "مخرجات التعليم",
    rf"{ARTICLE}(?:صانعي|صانعو|متخذي|متخذو) القرار": "صنّاع القرار",
    rf"{ARTICLE}(?:صانعي|صانعو|واضعي|واضعو) السياسات": "صنّاع السياسات",
    rf"{ARTICLE}تنمية المهنية": "التطوير المهني",
    rf"{ARTICLE}(?:تعليم مدى|تعلم طوال) الحياة": "التعلّم مدى الحياة",
    rf"{ARTICLE}عاطل(?:ين|ون) عن العمل": "الباحثون عن عمل",
    rf"{ARTICLE}(?:أيدي|يد) العاملة": "القوى العاملة",
    rf"{ARTICLE}تغذية (?:ال)?(?:رجعية|مرتدة)": "تغذية راجعة",
}
# 41. Official names in a form that is not the glossary's.
WRONG_NAMES = {
    r"الأمم المتحدة للتربية (?!والعلم والثقافة)\S+": "منظمة الأمم المتحدة للتربية والعلم والثقافة",
    r"المنظمة العربية للتربية (?!والثقافة والعلوم)\S+": "المنظمة العربية للتربية والثقافة والعلوم",
    rf"{ARTICLE}(?:يونيسكو|أليكسو|أليسكو|السكو)": "اليونسكو، الألكسو",
    r"وزارة التربية(?: والتعليم)?": "وزارة التعليم",
    r"لتقنيات المعلومات|لتقنية المعلومات": "لتكنولوجيا المعلومات",
    r"رؤية (?:المملكة )?2030|رؤية المملكة": "رؤية السعودية 2030",
    r"قمة التعليم التحويلي|قمة تحول التعليم": "قمة تحويل التعليم",
    r"(?:قمة|مؤتمر) التعلم الذكي": "المؤتمر العالمي للتعليم الذكي",
    r"الجبيل (?!الصناعية)الصناعي|ينبع الصناعي(?!ة)": "مدينة الجبيل الصناعية، مدينة ينبع الصناعية",
}

MONTHS = "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
HIJRI_MONTHS = "محرم|صفر|ربيع|جمادى|رجب|شعبان|رمضان|شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة"
SAME_MONTH = {
    "كانون الثاني": "يناير", "شباط": "فبراير", "آذار": "مارس", "نيسان": "أبريل", "أيار": "مايو", "حزيران": "يونيو",
    "تموز": "يوليو", "أيلول": "سبتمبر", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر",
    "جانفي": "يناير", "فيفري": "فبراير", "أفريل": "أبريل", "جوان": "يونيو", "جويلية": "يوليو",
}  # fmt: skip
OTHER_MONTHS = "|".join(SAME_MONTH)
UNITS = "ميغابايت|كيلوبايت|غيغابايت|بكسل|كم|سم|متر|ساعة|ساعات|دقيقة|دقائق|ثانية|ثوانٍ"


class Pattern(NamedTuple):
    """What is wrong wherever ``pattern`` is found in a text as it is written; ``number`` is that of the rule."""

    name: str
    number: int
    pattern: re.Pattern
    wrong: str


CHARACTERS: list[Pattern] = [
    Pattern(name, number, re.compile(pattern), wrong)
    for name, number, pattern, wrong in (
        ("tatweel", 13, r"(?<!ه)ـ+", "tatweel"),
        ("dots", 15, r"\.{3,}", "three dots instead of …"),
        ("quotation_marks", 15, r'"', "straight quotation marks instead of « »"),
        ("latin_punctuation", 15, rf"{LETTER}\s?[,;?]", "Latin punctuation after an Arabic word"),
        ("digits", 17, "[٠-٩۰-۹٪٫٬]+", "digits or signs other than the European ones"),
        ("months", 19, rf"\d\s(?:{OTHER_MONTHS}){END}", "a month's name of another set"),
        ("invisible", 24, "[\u200e\u200f\u202a-\u202e\ufeff]", "a stray bidi control"),
        ("tanwin", 31, "اً", "tanwin after the alef"),
        ("tashkeel", 32, rf"(?:[\u0621-\u064a]{{0,12}}{MARK}){{3}}[\u0621-\u064a]*", "more than two marks in a word"),
        ("taallum", 32, rf"{START}{ARTICLE}تعلم(?:ه|ها|هم)?{END}", "«التعلّم» without its shadda"),
        ("space_before_mark", 33, f"[ {NBSP}][،؛:.؟!]", "a space before a mark"),
        ("space_after_mark", 33, r"[،؛؟!](?![\s»”)\]\u2069]|$)", "no space after a mark"),
        ("space_after_stop", 33, rf"(?<={LETTER}{LETTER})[.:](?={LETTER})", "no space after a mark"),
        ("doubled_marks", 33, r"[،؛:.؟!]{2,}", "doubled marks"),
        ("space_in_brackets", 33, r"[«(\[]\s|\s[»)\]]", "a space inside brackets or quotation marks"),
        ("nested_quotation", 33, r"«[^»]*«", "« » inside « »"),
        ("two_spaces", 33, r" {2,}", "two spaces"),
        (
            "small_number",
            34,
            rf"(?<![\w.,:/¤-])(?:[1-9]|10)(?![\w:/%¤-]|[.,]\d)(?!\s(?:{MONTHS}|{HIJRI_MONTHS}))",
            "a small number in digits",
        ),
        ("round_figure", 34, r"(?<![\d.,])[1-9]\d{0,2}(?:,000)+(?!\d)", "a round figure in digits"),
        (
            "round_figure",
            34,
            rf"(?<!عام )(?<!سنة )(?<!رؤية )(?<![\d.,])[1-9]0{{2,}}(?![\d%]|[.,]\d|{NBSP})",
            "a round figure in digits",
        ),
        ("grouped_year", 34, rf"(?:عام|سنة|{MONTHS})\s[12],\d{{3}}", "a grouped year"),
        ("space_before_percent", 34, r"\d\s%", "a space before %"),
        ("glued_prefix", 34, rf"{LETTER}\d", "a prefix glued to a digit"),
        ("leading_zero", 35, rf"(?<!\d)0\d\s(?:{MONTHS}|{HIJRI_MONTHS}){END}", "a leading zero in a day"),
        ("day_and_month", 35, rf"\d (?:{MONTHS}|{HIJRI_MONTHS}){END}", "no U+00A0 between day and month"),
        ("number_and_unit", 35, rf"\d (?:{UNITS}){END}", "no U+00A0 between number and unit"),
        ("doctor", 35, rf"{START}د\. ?(?!{NBSP})", "no U+00A0 after «د.»"),
    )
]


def words(pairs: dict[str, str]) -> dict[re.Pattern, str]:
    """Patterns of whole words, for texts without tashkeel."""
    return {re.compile(f"{START}(?:{pattern}){END}"): better for pattern, better in pairs.items()}
