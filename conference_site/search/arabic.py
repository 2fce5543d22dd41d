"""The lexemes of an Arabic word: under which a document holds it, and by which a query asks for it.

A light stemmer, in the tradition of light10 (Larkey, Ballesteros and Connell, “Light stemming for Arabic information retrieval”,
2007): it takes off what is written onto a word, and does not look for roots, which would make «معلم» and «معلومات» one. Unlike
light10 it keeps every layer that it passes, and two words match when they share one.
"""

import re
from functools import lru_cache

from conference_site.search import wordlists
from conference_site.search.plurals import LISTED, singulars
from conference_site.search.spelling import fold, plain, spellings

# A word is at least three letters: two carry too little to be told from others («سن» is not «سنة», «كل» not «كلية»).
SHORTEST = 3

# The article with what is written before it: التعليم، بالتعليم، وبالتعليم، للتعليم. Only a bare alef is an article: that of
# «ألكسو» is a letter of the name.
ARTICLE = re.compile(r"[وف]?(?:[بك]?[اٱ]ل|لل)(?=..)")
WEAK_PROCLITIC = re.compile("[وفبكل]")
LONG_VOWELS = "اوي"

# What stands at the end, from the outside in. Some only after four letters, for «تفاهم», «متحكم» and «أماكن» end so by nature.
POSSESSIVES = re.compile("(?<=...)(?:ها|نا)$|(?<=..[^اح])(?:هم|كم)$|(?<=....)(?:هما|كما|هم|هن|كم|كن)$|(?<=..ت)[هكي]$")
NUMBERS = re.compile("(?<=..)ات$|(?<=...)(?:ان|ين|ون|وا)$|(?<=....)و$|(?<=..[^ي])ا$|(?<=...ي)ا$")
GENDERS = re.compile("(?<=...)ه$|(?<=....)(?<!ا)ت$")
NISBA = re.compile("(?<=...)ي$")
# Before these a ة is written ت.
TEH_MARBUTA_SHOWS = frozenset({"ها", "نا", "هما", "كما", "هم", "هن", "كم", "كن", "ه", "ك", "ي", "ان", "ين"})
# Endings that are letters of the root, by pattern: إعلان، ألوان (إفعال، أفعال); تمكين (تفعيل); مضمون (مفعول); تعاون (تفاعل).
ENDS_BY_NATURE = re.compile("ا..ان|ت..ين|م..ون|ت.اون")

# Words from which nothing more is taken off, for the rest is another word: مدرسة is not مدرس, السودان not سود.
WHOLE_WORDS = frozenset(fold(word) for word in wordlists.words("whole_words.txt"))
# Words that truly begin with و ف ب ك ل, and short ones before which such a letter is believed.
TRUE_BEGINNINGS = frozenset(fold(word) for word in wordlists.words("true_beginnings.txt"))
KNOWN_WORDS = WHOLE_WORDS | frozenset(LISTED) | frozenset(fold(word) for word in wordlists.words("short_words.txt"))
STOP_WORDS = frozenset(wordlists.words("arabic_stop_words.txt"))
STOP_WORDS |= {word[:-1] + "ى" for word in STOP_WORDS if word.endswith("ي")}  # as in Egypt: «فى»، «التى»


def is_stop_word(word: str) -> bool:
    """Whether ``word`` says nothing by itself. «على» is one, «علي» is a name; a letter alone is a proclitic («لـ 2030»)."""
    return len(word) == 1 or word in STOP_WORDS


def exact(word: str) -> str:
    """The word as typed but for spelling and article, by which exact forms rank first: «بالتعليم» → «تعليم»."""
    if is_stop_word(word):
        return re.sub("[أإآٱ]", "ا", word)
    return plain(fold(_without_article(word)[0]))


@lru_cache(maxsize=2**16)
def lexemes(word: str, *, asked: bool = False) -> frozenset[str]:
    """The lexemes of a cleaned word in a document, or in a query if ``asked``."""
    bases = _without_article(word)
    if bases == [word]:
        bases += _without_proclitic(word, asked=asked)
    found = {form for base in bases for spelling in spellings(base) for form in forms(spelling, base)}
    return frozenset(map(plain, found | _as_if_no_article(word, bases, asked=asked)))


def _without_article(word: str) -> list[str]:
    """The readings of a word that may begin with the article; the surest first, and the word alone if it doesn't."""
    if word.endswith("لله") and len(word) <= 4:  # لله، والله، بالله
        return ["الله"]
    article = ARTICLE.match(word)
    if not article:
        return [word]
    rest = word[article.end() :]
    if article[0].endswith("لل"):  # «للغة» is لـ + اللغة, «للتعليم» لـ + التعليم
        return [rest, "ل" + rest] if len(rest) >= SHORTEST else ["ل" + rest]
    return [rest, word] if _truly_begins_so(word) else [rest]  # «والدين» is الدين or الوالدين


def _as_if_no_article(word: str, bases: list[str], *, asked: bool) -> set[str]:
    """A word that begins with ال also as a whole, for it may be ألكسو or ألماني, typed without hamza: الكسو, الماني.

    Of its layers only the nisba, or «المكتبة» would be «المكتب» after all. In a query also «كاليدونيا», for «الكاليدونيا».
    """
    if bases[0] == word:
        return set()
    if not word.startswith(("ال", "ٱل")):
        return {fold(word)} if asked else set()
    return {fold(word), *(form for form in layers(fold(word)) if form.endswith("ي"))}


def _without_proclitic(word: str, *, asked: bool) -> list[str]:
    """What remains of a word after و ف ب ك ل, which mostly cannot be told from a first letter, and so only where it is believed.

    A query says what it means: only from long words is anything taken off («وتدريب»), where a chance word is unlikely.
    """
    if not WEAK_PROCLITIC.match(word) or not _is_believed(word, asked=asked):
        return []
    rest = word[1:]
    second = _without_proclitic(rest, asked=asked) if word[0] in "وف" and rest[0] in "بكل" else []
    return [rest, *second]


def _truly_begins_so(word: str) -> bool:
    folded = fold(word)
    known = {form for singular in (folded, *singulars(folded, word)) for form in layers(singular)}
    return not known.isdisjoint(TRUE_BEGINNINGS)


@lru_cache(maxsize=2**15)
def _is_believed(word: str, *, asked: bool) -> bool:
    """Whether the first letter of ``word`` (one of و ف ب ك ل) is likely to be a proclitic.

    In words of four letters it is mostly their own: كتاب، بيان، فريق، وصول (فعال، فعيل، فعول), فكرة، كلمة.
    """
    rest = word[1:]
    if len(rest) < SHORTEST or _truly_begins_so(word):
        return False
    core = min(layers(fold(word)), key=len)
    if asked:
        return len(core) >= 5 and not (rest[0] == "ا" and len(core) < 6)
    if not KNOWN_WORDS.isdisjoint(layers(fold(rest))):  # «بقمة», «لعام»
        return True
    if rest[0] in "أإآ":  # a hamza on alef stands where a word begins: «بأهداف»
        return True
    if rest[0] == "ا":  # «باحث» is one word (فاعل), «وابتكار» two
        return len(core) >= 6
    return len(core) >= 5 or (len(core) == 4 and core[1] not in LONG_VOWELS and core[2] not in LONG_VOWELS)


def forms(folded: str, base: str) -> set[str]:
    """The layers of a folded word and, if it may be a broken plural, its singulars. ``base`` is the word with its hamza."""
    # Before a plural only an owner («كتبهم») or the ending of an object («أهدافا») is taken off: «دولي» is not «دول».
    owned = _strip(folded, POSSESSIVES)
    plurals = {folded, *owned, *(form.removesuffix("ا") for form in owned)}
    return {*layers(folded), *(singular for plural in plurals for singular in _sure(singulars(plural, base)))}


def _sure(singulars: list[str]) -> list[str]:
    """«مدارس» is the plural of مدرسة alone: a whole word among the candidates leaves no room for its bare stem."""
    whole = [word for word in singulars if word in WHOLE_WORDS]
    return whole or singulars


@lru_cache(maxsize=2**16)
def layers(word: str) -> list[str]:
    """The folded word and what remains as each layer comes off, at most one ending a layer: possessive, number, gender, nisba.

    «مدرستنا» → مدرستنا, مدرسه; «تعليميات» → تعليميات, تعليمي, تعليم.
    """
    found = front = [word]
    for ending in (POSSESSIVES, NUMBERS, GENDERS, NISBA):
        front = [shorter for form in front for shorter in _strip(form, ending)]
        found = found + [form for form in front if form not in found]
    return found


def _strip(word: str, ending: re.Pattern) -> list[str]:
    """The readings of ``word`` without ``ending``; itself alone, if there is none or it must stay."""
    match = ending.search(word)
    if not match or word in WHOLE_WORDS or (ending is NUMBERS and ENDS_BY_NATURE.fullmatch(word)):
        return [word]
    stem = word[: match.start()]
    if ending is NISBA and stem.endswith("و"):  # تربوي ← تربية، تنموي ← تنمية; سنوي ← سنة، لغوي ← لغة
        root = stem[:-1]  # also آسيوي ← آسيا
        return [stem, root + ("ا" if root.endswith("ي") else "ي" if len(stem) > SHORTEST else "ه")]
    # مكتبات ← مكتبة, not مكتب; صناعي ← صناعة; لغات ← لغة. Else the stem is enough, for the singular loses its ة as well.
    if match[0] == "ات" or ending is NISBA:
        return [stem + "ه"] if stem + "ه" in WHOLE_WORDS or len(stem) < SHORTEST else [stem]
    if stem.endswith("ت") and match[0] in TEH_MARBUTA_SHOWS:  # مدرستنا، مدرستان ← مدرسة; but وقتنا ← وقت
        readings = [stem, stem[:-1] + "ه"]
        return [reading for reading in readings if reading in WHOLE_WORDS] or readings
    return [stem]
