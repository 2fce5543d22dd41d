"""Broken plurals: the singulars that a word may be the plural of.

By classes, each a pattern and its likely singulars (Wright, “A Grammar of the Arabic Language”, I, §§ 304–305). A class is here
only if a wrong guess is mostly no word at all («جداول» ← جدول; «شراكة» is left alone); the others, كتب ← كتاب and طلاب ← طالب,
are a list, `data/plurals.txt`.
"""

import re
from functools import lru_cache

from conference_site.search import wordlists
from conference_site.search.spelling import fold

CLASSES = [
    (re.compile(pattern), singulars.split())
    for pattern, singulars in [
        # أفعال: أهداف، أعمال; with a weak middle أبواب ← باب; with a weak end أعضاء ← عضو; doubled أسرار ← سر
        (r"ا([^اوت])([^ا])ا([^اهءيت])", r"\1\2\3"),
        (r"ا([^او])([^ا])ات", r"\1\2ت"),
        (r"ا(و)([^او])ا([^اهءي])", r"\1\2\3"),
        (r"ا(.)وا([^اهءي])", r"\1ا\2"),
        (r"ا(.)(.)ا\2", r"\1\2"),
        (r"ا(.)(.)اء", r"\1\2و \1\2ء"),
        # فعول: دروس ← درس; doubled: حلول ← حل
        (r"([^امتي])(.)و(?!\2)([^اويه])", r"\1\2\3"),
        (r"([^امتي])([^وي])و\2", r"\1\2"),
        # فعلاء: خبراء ← خبير; أفعلاء: أصدقاء ← صديق، أقوياء ← قوي
        (r"([^ا]|ا(?=[مدس]))(.)(.)اء", r"\1\2ي\3"),
        (r"ا(.)(.)([^ي])اء", r"\1\2ي\3"),
        (r"ا(.)(.)ياء", r"\1\2ي"),
        # فواعل: نواتج ← ناتج، جوائز ← جائزة، كواكب ← كوكب; فواعيل: حواسيب ← حاسوب; مواضيع ← موضوع
        (r"([^ما])وا(.)([^ايه])", r"\1ا\2\3 \1ا\2\3ه \1و\2\3"),
        (r"([^ما])وا(.)ي", r"\1ا\2يه"),
        (r"([^م])وا(.)ي(.)", r"\1ا\2و\3 \1ا\2ي\3"),
        # مفاعل: مناهج ← منهج، مناطق ← منطقة، مباني ← مبنى; مفاعيل: مشاريع ← مشروع، معايير ← معيار
        (r"م([^ا])ا([^اي])([^اه])", r"م\1\2\3 م\1\2\3ه"),
        (r"م([^ا])ا(.)ي(.)", r"م\1\2و\3 م\1\2ا\3"),
        # فعائل: وظائف ← وظيفة، رسائل ← رسالة; فعايا: قضايا ← قضية; فعاوى: فتاوى ← فتوى
        (r"([^ا])([^او])اي([^هيات])", r"\1\2ي\3ه \1\2ا\3ه"),
        (r"(.)(.)ايا", r"\1\2يه"),
        (r"([^ام])([^ا])اوي", r"\1\2وي"),
        # فعالل: جداول ← جدول، عناصر ← عنصر; تفاعل: تجارب ← تجربة; فعاليل: تقارير ← تقرير، صناديق ← صندوق
        (r"([^امت])([^او])ا([^ايو]|و(?=ل))([^هاتيك])", r"\1\2\3\4 \1\2\3\4ه"),
        (r"ت([^ا])ا([^اوي])([^هاي])", r"ت\1\2\3ه"),
        (r"([^م])([^او])ا([^اي])ي([^هات])", r"\1\2\3و\4 \1\2\3ا\4 \1\2\3ي\4"),
        # أفعلة: أنظمة ← نظام، أرغفة ← رغيف; أدوية ← دواء
        (r"ا([^او])([^اي])([^اي])ه", r"\1\2ا\3 \1\2ي\3"),
        (r"ا(.)([^اي])يه", r"\1\2اء"),
    ]
]
LISTED: dict[str, list[str]] = {}
for _singular, _plurals in wordlists.pairs("plurals.txt"):
    for _plural in _plurals:
        LISTED.setdefault(fold(_plural), []).append(fold(_singular))
# Words that look like plurals of a class and are none: حضور، مباشر; and إعلام, which may be typed «اعلام», but not «أعلام».
NO_PLURALS = frozenset(wordlists.words("no_plurals.txt"))
NO_PLURALS |= {fold(word) for word in NO_PLURALS}


def singulars(folded: str, word: str) -> list[str]:
    """The folded singulars of which ``folded`` may be a plural; none for most words. ``word`` is the same with its hamza.

    A listed plural has its listed singulars only; «إعلام» is no plural of علم, for one never begins with إ.
    """
    if folded in LISTED:
        return LISTED[folded]
    is_none = word.startswith("إ") or word in NO_PLURALS or (folded in NO_PLURALS and not word.startswith("أ"))
    return [] if is_none else _by_class(folded)


@lru_cache(maxsize=2**15)
def _by_class(folded: str) -> list[str]:
    if not 4 <= len(folded) <= 7:
        return []
    return [match.expand(singular) for pattern, forms in CLASSES if (match := pattern.fullmatch(folded)) for singular in forms]
