"""The site's rules of Arabic style that a machine can judge, as data; `findings()` applies them to one text.

The numbers are those of the style guide (13–24 typography and numbers, 30–41 spelling and wording). The lists are made to be
extended. Used for the starting content and for the message catalogue; nothing here knows where a text comes from.
"""

import re

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
    "إنطلاق": "انطلاق", "إهتمام": "اهتمام", "إتفاق": "اتفاق", "إتجاه": "اتجاه", "إتصال": "اتصال", "إسم": "اسم",
    "ابداع": "إبداع", "اتاحة": "إتاحة", "احدث": "أحدث", "اخبار": "أخبار", "ادارة": "إدارة", "اساس": "أساس", "اسئلة": "أسئلة",
    "اصلاح": "إصلاح", "اطار": "إطار", "اطلاق": "إطلاق", "اعضاء": "أعضاء", "اعلان": "إعلان", "افراد": "أفراد",
    "اكثر": "أكثر", "امكان": "إمكان", "انتاج": "إنتاج", "انجاز": "إنجاز", "انشاء": "إنشاء", "انشطة": "أنشطة",
    "اهداف": "أهداف", "اهمية": "أهمية", "ايضا": "أيضًا", "الالكسو": "الألكسو", "الامم": "الأمم",
}  # fmt: skip
# Whole words: a conjunction may stand before them, nothing after.
HAMZA_WORDS = {
    "الى": "إلى", "الي": "إلى", "اليه": "إليه", "اليها": "إليها", "او": "أو", "اي": "أي", "ان": "أن / إن", "اذا": "إذا",
    "انه": "أنه / إنه", "انها": "أنها / إنها",
}  # fmt: skip

# 38. Translated or empty turns of phrase.
FILLERS = {
    rf"{CONJUNCTION}(?:لم |لن )?س?[يت]?تم(?:ت)?": "the verb itself, in the passive or with a subject",
    rf"{CONJUNCTION}س?[يتن]?ق(?:ا|و)م(?:ت|وا|ون|ان)? ب(?!ين{END}|عد{END}){LETTER}+": "the verb itself",
    rf"{CONJUNCTION}حيث أن": "إذ، لأن",
    rf"{ARTICLE}نفس السياق": "نفسه بعد الاسم، أو حذفها",
    rf"{ARTICLE}(?:نظام|أنظمة|نظم) (?:ال)?بيئي(?:ة|ا)?": "منظومة",
    rf"{ARTICLE}ردود (?:ال)?(?:فعل|أفعال)": "تغذية راجعة، أصداء",
    rf"{ARTICLE}مدن (?:ال)?تعليمية": "مدن التعلّم",
}
# 39. Commands to the reader.
COMMANDS = r"اضغط|انقر|أدخل|ادخل|اختر|قم ب" + f"{LETTER}+"
# 37. Honorifics, which only one site-wide setting may show.
HONORIFICS = r"معالي(?:ه|ها)?|سعادة (?:ال\S+|د\.)|فضيلة (?:ال\S+|د\.)|(?:صاحب|صاحبة) السمو|سمو (?:ال\S+)"
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
OTHER_MONTHS = (
    "كانون (?:الأول|الثاني)|شباط|آذار|نيسان|أيار|حزيران|تموز|أيلول|تشرين (?:الأول|الثاني)|جانفي|فيفري|أفريل|جوان|جويلية"
)
UNITS = "ميغابايت|كيلوبايت|غيغابايت|بكسل|كم|سم|متر|ساعة|ساعات|دقيقة|دقائق|ثانية|ثوانٍ"

# Rules about characters: number, pattern, what is wrong. They are applied to the text as it is written, tags stripped.
CHARACTERS: list[tuple[int, str, str]] = [
    (13, r"ـ(?<!هـ)", "tatweel"),
    (15, r"\.\.\.", "three dots instead of …"),
    (15, r'"', "straight quotation marks instead of « »"),
    (15, rf"{LETTER}\s*[,;?]", "Latin punctuation after an Arabic word"),
    (17, r"[٠-٩۰-۹٪٫٬]", "digits or signs other than the European ones"),
    (19, rf"\d\s+(?:{OTHER_MONTHS})", "a month's name of another set"),
    (24, "[\u200e\u200f\u202a-\u202e\ufeff]", "a stray bidi control"),
    (31, "اً", "tanwin after the alef"),
    (32, rf"(?:[\u0621-\u064a]*{MARK}){{3}}[\u0621-\u064a]*", "more than two marks in a word"),
    (32, rf"{START}{ARTICLE}تعلم(?:ه|ها|هم)?{END}", "«التعلّم» without its shadda"),
    (33, f"[ {NBSP}][،؛:.؟!]", "a space before a mark"),
    (33, r"[،؛؟!](?![\s»”)\]\u2069]|$)", "no space after a mark"),
    (33, rf"(?<={LETTER})[.:](?={LETTER})", "no space after a mark"),
    (33, r"[،؛:.؟!]{2,}", "doubled marks"),
    (33, r"[«(\[]\s|\s[»)\]]", "a space inside brackets or quotation marks"),
    (33, r"«[^»]*«", "« » inside « »"),
    (33, r" {2,}", "two spaces"),
    (34, rf"(?<![\w.,:/¤-])(?:[1-9]|10)(?![\w:/%¤-]|[.,]\d)(?!\s+(?:{MONTHS}|{HIJRI_MONTHS}))", "a small number in digits"),
    (34, r"(?<![\d.,])[1-9]\d{0,2}(?:,000)+(?!\d)", "a round figure in digits"),
    (34, rf"(?<!عام )(?<!سنة )(?<!رؤية )(?<![\d.,])[1-9]0{{2,}}(?![\d%]|[.,]\d|{NBSP})", "a round figure in digits"),
    (34, rf"(?:عام|سنة|{MONTHS})\s[12],\d{{3}}", "a grouped year"),
    (34, r"\d\s+%", "a space before %"),
    (34, rf"{LETTER}\d", "a prefix glued to a digit"),
    (35, rf"(?<!\d)0\d\s(?:{MONTHS}|{HIJRI_MONTHS})", "a leading zero in a day"),
    (35, rf"\d (?:{MONTHS}|{HIJRI_MONTHS})", "no U+00A0 between day and month"),
    (35, rf"\d (?:{UNITS}){END}", "no U+00A0 between number and unit"),
    (35, rf"{START}د\.(?!{NBSP})", "no U+00A0 after «د.»"),
]  # fmt: skip


def _words(pairs: dict[str, str]) -> dict[re.Pattern, str]:
    return {re.compile(f"{START}(?:{pattern}){END}"): better for pattern, better in pairs.items()}


# Rules about words: number → pattern → what to write. They are applied without tashkeel.
WORDS: list[tuple[int, dict[re.Pattern, str]]] = [
    (30, _words({rf"{ARTICLE}{wrong}{LETTER}{{0,4}}": right for wrong, right in HAMZA_STEMS.items()})),
    (30, _words({rf"{CONJUNCTION}{wrong}": right for wrong, right in HAMZA_WORDS.items()})),
    (37, _words({f"{CONJUNCTION}(?:{HONORIFICS})": "no honorific"})),
    (38, _words(FILLERS)),
    (39, _words({f"{CONJUNCTION}(?:{COMMANDS})": "a verbal noun, or an impersonal sentence"})),
    (41, _words(VARIANTS)),
    (41, _words(WRONG_NAMES)),
]
_CHARACTERS = [(number, re.compile(pattern), message) for number, pattern, message in CHARACTERS]
_MARKS = re.compile(MARK)
_BLOCK = re.compile(r"</?(?:p|h2|h3|ul|ol|li|blockquote|br|div)\b[^>]*>")
_TAG = re.compile(r"<[^<>]+>")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_QUOTED = re.compile(r"«[^»]*»")
_ADVICE = re.compile(rf"{START}من قبل{END}")


def plain(text: str) -> str:
    """``text`` without its tags (blocks on lines of their own), with its placeholders as one neutral sign."""
    text = _TAG.sub("", _BLOCK.sub("\n", text))
    return re.sub(r"\n{2,}", "\n", _PLACEHOLDER.sub("¤", text)).strip("\n")


def findings(text: str) -> list[str]:
    """What is wrong in an Arabic text, each as “number: message: the place”; empty when nothing is."""
    text = plain(text)
    running = _without(text, REGISTERED)
    bare = _MARKS.sub("", _without(text, NAMES_WITH_TAQNIYA))
    found = [
        f"{number}: {message}: {_around(source, match)}"
        for number, pattern, message in _CHARACTERS
        for source in [running if number == 32 else text]
        for match in pattern.finditer(source)
    ]
    found += [
        f"{number}: write {better}: {_around(bare, match)}"
        for number, patterns in WORDS
        for pattern, better in patterns.items()
        for match in pattern.finditer(bare)
    ]
    if re.search("[“”]", _QUOTED.sub("", text)):
        found.append("33: “ ” outside « »")
    found += _era_signs(text)
    return found


def headline_findings(text: str) -> list[str]:
    """What is wrong in an Arabic headline, besides what `findings()` says of any text (rule 40)."""
    found = []
    if text.rstrip().endswith("."):
        found.append(f"40: a full stop: {text}")
    if len(text) > 70:
        found.append(f"40: {len(text)} characters: {text}")
    if re.search(r"[A-Z]{2,}|الألكسو|اليونسكو|الإيسيسكو", text):
        found.append(f"40: an acronym that nothing has explained: {text}")
    if re.search(f"{START}(?:{HONORIFICS}|الدكتور|د\\.)", text):
        found.append(f"40: an honorific or a title: {text}")
    return found


def advice(text: str) -> list[str]:
    """What is advised against, though it is no error (rule 38: «من قبل» after a passive)."""
    return [f"38: «من قبل»: {_around(bare, match)}" for bare in [_MARKS.sub("", plain(text))] for match in _ADVICE.finditer(bare)]


def _era_signs(text: str) -> list[str]:
    """«م» and «هـ» belong only where both calendars stand together (rule 35)."""
    signs = set(re.findall(rf"\d\s*(م|هـ){END}", text))
    return [f"35: «{sign}» without the other calendar" for sign in signs] if len(signs) == 1 else []


def _without(text: str, names: tuple[str, ...]) -> str:
    for name in names:
        text = re.sub(name, "¤", text)
    return text


def _around(text: str, match: re.Match) -> str:
    return text[max(0, match.start() - 15) : match.end() + 15].replace("\n", " / ")


def numbers(found: list[str]) -> set[int]:
    """The rules' numbers in what `findings()` and its kin return."""
    return {int(finding.split(":", 1)[0]) for finding in found}
