"""What an editor is told of a text: the rules of every language, and each language's own.

A rule is a function from a `Reading` to what it finds. It advises, and never refuses; it has a fix only where there is one way to
put the thing right. Better to miss something than to be wrong: an editor who is told nonsense twice reads no further.
The numbers are those of docs/arabic.md (to 29) and of the style guide (from 30).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from babel.core import get_global
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, language_name
from conference_site.languages.text import INVISIBLE, to_european_digits
from conference_site.proofreading import arabic
from conference_site.proofreading.arabic import ARTICLE, CONJUNCTION, END, HIJRI_MONTHS, LETTER, MONTHS, NBSP, START
from conference_site.proofreading.findings import Finding, found
from conference_site.proofreading.names import Names
from conference_site.proofreading.reading import HIDDEN, Block, Level, Mark, Reading, Replace

Rule = Callable[[Reading], Iterator[Finding]]

MOST_OF_A_RULE = 20
"""Findings of one rule in one text: who has more has to look at the text as a whole anyway."""
MOST_OF_A_HEADLINE = 70
MOST_OF_A_CARD = 300
"""Characters. The longest of the starting content has 235, which fill four lines on a telephone."""
LEAST_WORDS_OF_A_PARAGRAPH = 4


def check(reading: Reading, names: Names | None = None) -> list[Finding]:
    """All that is to be looked at in a text, in its order."""
    rules: list[Rule] = [*GENERAL, *OWN.get(reading.language, ())]
    findings = [finding for rule in rules for finding in islice(rule(reading), MOST_OF_A_RULE)]
    if names:
        findings += islice(names.unofficial(reading), MOST_OF_A_RULE)
    return sorted(findings, key=lambda finding: (finding.block, finding.start))


def with_certain_fixes(reading: Reading, findings: Sequence[Finding]) -> str:
    """The text after all fixes that don't touch one another, the earlier first."""
    edits, last = [], (-1, -1)
    for finding in findings:
        if finding.edits and (finding.block, finding.start) >= last:
            edits += finding.edits
            last = (finding.block, finding.end)
    return reading.edited(edits)


# Every language


def invisible(reading: Reading) -> Iterator[Finding]:
    """24: characters that nobody sees and that turn the line around; and joiners that join nothing."""
    message = _("An invisible character stands here, usually brought along from Word or WhatsApp. It can turn the line around.")
    for block in reading.own_blocks:
        for match in _UNSEEN.finditer(block.text):
            yield found("invisible", message, block, *match.span(), Replace(block.number, *match.span(), ""))


_UNSEEN = re.compile(f"(?:{INVISIBLE.pattern})+|(?<![^\\W\\d_])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\W\\d_])")


def presentation_forms(reading: Reading) -> Iterator[Finding]:
    """24: letters as drawn shapes (U+FB50–U+FEFC), as old programs and PDF files give them. No search finds them."""
    message = _("These letters are stored as drawn shapes, as PDF files give them: the search doesn’t know them.")
    for block in reading.own_blocks:
        for match in _SHAPES.finditer(block.text):
            plain = unicodedata.normalize("NFKC", match[0])
            yield found("presentation_forms", message, block, *match.span(), Replace(block.number, *match.span(), plain))


# Not what is a sign of its own: ornate brackets, the rial, and the phrases that are written as one sign.
_SHAPES = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdf9\ufe70-\ufefc]+")


def digits(reading: Reading) -> Iterator[Finding]:
    """17: one set of digits on the whole site, 0–9."""
    message = _("The site writes all numbers with the digits 0–9, so that they are the same everywhere.")
    for block in reading.own_blocks:
        for match in _DIGITS.finditer(block.text):
            plain = to_european_digits(match[0]).translate(_SIGNS)
            yield found("digits", message, block, *match.span(), Replace(block.number, *match.span(), plain))


_DIGITS = re.compile("[٠-٩۰-۹]+(?:[٫٬.,][٠-٩۰-۹]+)*٪?|(?<=[0-9])[٪٫٬]")
_SIGNS = str.maketrans("٪٫٬", "%.,")


def untranslated(reading: Reading) -> Iterator[Finding]:
    """6: a paragraph that was left in another language, and doesn't say so."""
    for block in reading.own_blocks:
        if language := _whole_language(block, reading):
            name = language_name(language)
            message = format_lazy(
                _("This paragraph is in another language: {language}. Perhaps it was forgotten."), language=name
            )
            yield found("untranslated", message, block, 0, min(len(block.text), 80))


def foreign_passage(reading: Reading) -> Iterator[Finding]:
    """5: a run of the other language carries its name, so that it is read in its voice and its brackets stand right."""
    if not reading.is_rich:
        return
    for block in reading.own_blocks:
        if _whole_language(block, reading):
            continue
        for script, languages in _other_scripts(reading.language):
            for match in _PASSAGES[script].finditer(block.text):
                if sum(map(str.isalpha, match[0])) < 2:
                    continue
                name = language_name(languages[0])
                message = format_lazy(
                    _("These words are in another language ({language}) and not marked so: they are read aloud wrongly."),
                    language=name,
                )
                is_certain = len(languages) == 1 and (match[0].isascii() or script != "Latn")
                edits = [Mark(block.number, *match.span(), languages[0])] if is_certain else []
                yield found("foreign_passage", message, block, *match.span(), *edits)


def heading_levels(reading: Reading) -> Iterator[Finding]:
    """A heading of a level whose upper one is missing (W3C, WAI tutorials: page structure): who moves by headings is lost."""
    levels = [int(block.element.tag[1]) for block in reading.headings]
    highest = min([reading.first_level, *levels])
    edits = _levels_in_order(reading.headings, levels, highest)
    message = _("This heading skips a level: a size is missing between it and the one above.")
    for block, (above, level) in zip(reading.headings, pairwise([reading.first_level - 1, *levels]), strict=True):
        if level > above + 1:
            yield found("heading_levels", message, block, 0, len(block.text), *edits)


def _levels_in_order(headings: list[Block], levels: list[int], highest: int) -> list[Level]:
    """What makes of each heading the level below that of the one it stands under; nothing where two levels would become one."""
    above: list[int] = []
    new: dict[int, int] = {}
    edits = []
    for block, level in zip(headings, levels, strict=True):
        above = [other for other in above if other < level]
        right = highest + len(above)
        above.append(level)
        if new.setdefault(level, right) != right:
            return []
        edits.append(Level(block.number, f"h{right}"))
    return edits if len(set(new.values())) == len(new) else []


def vague_links(reading: Reading) -> Iterator[Finding]:
    """A link whose words say nothing (WCAG 2.4.4): screen readers list a page's links without what stands around them."""
    message = _("The words of this link don’t say where it leads. Better: the name of what is found there.")
    for block, start, end, link in reading.links():
        if " ".join(link.split()).strip(" .:…؛،»«()[]<>→←").casefold() in VAGUE:
            yield found("vague_links", message, block, start, end)


VAGUE = {
    "click", "click here", "here", "link", "this link", "more", "read more", "learn more", "see more", "see here", "press here",
    "this page", "details", "download", "هنا", "من هنا", "اضغط هنا", "إضغط هنا", "أضغط هنا", "انقر هنا", "أنقر هنا", "اضغط",
    "انقر", "الرابط", "هذا الرابط", "على هذا الرابط", "رابط", "المزيد", "للمزيد", "اقرأ المزيد", "إقرأ المزيد", "لمعرفة المزيد",
    "لقراءة المزيد", "التفاصيل", "للتفاصيل", "لمزيد من التفاصيل", "تحميل", "للتحميل", "شاهد هنا", "اضغط على الرابط",
}  # fmt: skip


def too_long(reading: Reading) -> Iterator[Finding]:
    """40: a headline of at most 70 characters; and a summary that fits on a card."""
    if not reading.blocks:
        return
    block, length = reading.blocks[0], len(reading.source)
    if reading.is_headline and length > MOST_OF_A_HEADLINE:
        message = format_lazy(_("This headline has {length} characters. Up to {most} are read at a glance."), **_lengths(length))
        yield found("too_long", message, block, MOST_OF_A_HEADLINE, length)
    if reading.is_card and length > MOST_OF_A_CARD:
        message = _("This summary is too long for a card: what is marked is more than fits.")
        yield found("too_long", message, block, MOST_OF_A_CARD, length)


def _lengths(length: int) -> dict[str, int]:
    return {"length": length, "most": MOST_OF_A_HEADLINE}


def full_stop(reading: Reading) -> Iterator[Finding]:
    """40: a headline has no full stop. An abbreviation's may be one."""
    message = _("A headline has no full stop at its end.")
    text = reading.source.rstrip()
    if reading.is_headline and re.search(r"[^\W\d_]{4}[»”)]?\.\Z", text):
        start = len(text) - 1
        yield found("full_stop", message, reading.blocks[0], start, start + 1, Replace(0, start, start + 1, ""))


# Arabic: characters

Fix = Callable[[re.Match], str | None]
"""What stands in place of what was found; None where that isn't certain."""


def _without_space(match: re.Match) -> str:
    return re.sub(rf"[\s{NBSP}]", "", match[0])


def _joined(match: re.Match) -> str:
    return re.sub(r"\s+", NBSP, match[0])


def _tatweel(match: re.Match) -> str | None:
    """Where it lengthens a word; standing alone it is meant as a dash."""
    inside = re.search(LETTER, match.string[max(0, match.start() - 1)]) or re.match(LETTER, match.string[match.end() :][:1])
    return "" if inside else None


def _month(match: re.Match) -> str | None:
    day, month = re.split(r"\s", match[0], maxsplit=1)
    is_date = re.match(r"\s(?:من )?(?:عام |سنة )?[12]\d{3}(?!\d)", match.string[match.end() :][:16])
    return f"{day}{NBSP}{arabic.SAME_MONTH[month]}" if is_date else None


def _single_mark(match: re.Match) -> str | None:
    return match[0][0] if len(set(match[0])) == 1 and match[0][0] not in ".:" else None


TYPOGRAPHY: dict[str, tuple[str, Fix | None]] = {
    "tatweel": (_("A letter is drawn out with a dash (tatweel). The site doesn’t do so."), _tatweel),
    "dots": (_("Three dots are one character in Arabic print: …"), lambda match: "…"),
    "latin_punctuation": (
        _("An English mark stands after an Arabic word: Arabic has its own comma, semicolon and question mark."),
        lambda match: match[0].translate(str.maketrans(",;?", "،؛؟")).replace(" ", ""),
    ),
    "months": (_("The site has one set of month names: يناير, فبراير …"), _month),
    "tanwin": (_("The two strokes of the tanwin stand before the alef: «مؤقتًا»."), lambda match: "ًا"),
    "tashkeel": (_("This word has more marks than it needs to be read rightly."), None),
    "space_before_mark": (_("No space stands before a punctuation mark."), _without_space),
    "space_after_mark": (_("A space is missing after the punctuation mark."), lambda match: match[0] + " "),
    "space_after_stop": (_("A space is missing after the punctuation mark."), lambda match: match[0] + " "),
    "doubled_marks": (_("One punctuation mark is enough."), _single_mark),
    "space_in_brackets": (_("No space stands inside brackets or quotation marks."), _without_space),
    "two_spaces": (_("Two spaces stand where one is meant."), lambda match: " "),
    "grouped_year": (_("A year is written without a comma."), lambda match: match[0].replace(",", "")),
    "space_before_percent": (_("The sign % stands at its number, without a space."), _without_space),
    "leading_zero": (_("The day of a date has no zero before it."), lambda match: match[0].replace("0", "", 1)),
    "day_and_month": (_("Day and month can be torn apart at the end of a line here."), _joined),
    "number_and_unit": (_("The number and its unit can be torn apart at the end of a line here."), _joined),
    "doctor": (_("«د.» and the name can be torn apart at the end of a line here."), lambda match: match[0].rstrip() + NBSP),
}
"""What is told of the patterns of `arabic.CHARACTERS` of this name, and how it is fixed."""


def typography(reading: Reading) -> Iterator[Finding]:
    """13–35: what Arabic print does otherwise than a keyboard."""
    for pattern in arabic.CHARACTERS:
        if pattern.name in TYPOGRAPHY:
            message, fix = TYPOGRAPHY[pattern.name]
            matches = (
                (block, match)
                for block in reading.own_blocks
                for match in pattern.pattern.finditer(block.text)
                if not _is_meant(pattern.name, match)
            )
            for block, match in islice(matches, MOST_OF_A_RULE):
                better = fix(match) if fix and HIDDEN not in match[0] else None
                edits = [] if better is None else [Replace(block.number, *match.span(), better)]
                yield found(pattern.name, message, block, *match.span(), *edits)


def _is_meant(name: str, match: re.Match) -> bool:
    """What a pattern finds, and is right in an editor's text."""
    before, after = match.string[: match.start()][-2:], match.string[match.end() :][:2]
    match name:
        case "doubled_marks":
            return match[0].startswith("..") or ("؟" in match[0] and "!" in match[0])
        case "space_before_mark":  # a result (3 : 2), a smiling face, three dots, another mark's own business
            return (
                (before[-1:].isdigit() and after.strip()[:1].isdigit()) or after[:1] in (")", "(", ".", "-") or not before.strip()
            )
        case "space_after_mark":
            return after[:1] in ("،", "؛", "؟", "!", ".", ":", "…", '"', "'", "’", HIDDEN) or (
                match[0] == "!" and after[:1] == "؟"
            )
        case "two_spaces":
            return not before or not after or "\n" in before[-1:] + after[:1]
        case "tashkeel":  # a word of scripture or of a poem stands among others of its kind
            neighbours = match.string[max(0, match.start() - 40) : match.start()] + match.string[match.end() :][:40]
            return len(re.findall(arabic.MARK, neighbours)) > 8
    return False


def quotation_marks(reading: Reading) -> Iterator[Finding]:
    """15, 33: «…», and “…” inside of it."""
    message = _("Arabic quotation marks are « », and “ ” inside of them.")
    for block in reading.own_blocks:
        depth, opened = 0, None
        for match in _QUOTES.finditer(block.text):
            sign, place = match[0], match.start()
            depth += {"«": 1, "»": -1}.get(sign, 0)
            if sign not in '"“”' or (depth > 0 and sign != '"'):
                continue
            if opened is None:
                opened = place
                continue
            left, right = "“”" if depth > 0 else "«»"
            edits = [Replace(block.number, opened, opened + 1, left), Replace(block.number, place, place + 1, right)]
            is_plain = not re.search("[«»]", block.text[opened:place])
            yield found("quotation_marks", message, block, opened, place + 1, *(edits if is_plain else ()))
            opened = None


_QUOTES = re.compile('["“”«»]')


def letters_of_neighbours(reading: Reading) -> Iterator[Finding]:
    """24: ک, ی and their like of Persian and Urdu keyboards look the same and are other letters: no search finds the word."""
    message = _("Letters of this word come from a Persian or Urdu keyboard: the search doesn’t find it.")
    for block in reading.own_blocks:
        for match in _NEIGHBOURS.finditer(block.text):
            word = match[0].translate(_SAME_LETTER)
            # At the end of a word, ی is written for ي and for ى.
            word = re.sub(rf"ی(?={LETTER})", "ي", word)
            edits = () if "ی" in word else [Replace(block.number, *match.span(), word)]
            yield found("letters_of_neighbours", message, block, *match.span(), *edits)


_NEIGHBOURS = re.compile(
    "(?<![\u0621-\u06d3])[\u0621-\u065f\u0670-\u06d3]{0,40}?[\u06a9\u06cc\u06c1\u06be\u06d5][\u0621-\u065f\u0670-\u06d3\u06d5]{0,40}"
)
_SAME_LETTER = str.maketrans({"ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه"})


def small_numbers(reading: Reading) -> Iterator[Finding]:
    """34: counts from three to ten in words, where they count something («4 أهداف», not «الهدف 4»)."""
    message = _("In a sentence, numbers up to ten are written in words: «ثلاثة أهداف».")
    for block in reading.own_blocks:
        for match in _SMALL_NUMBER.finditer(block.text):
            yield found("small_numbers", message, block, *match.span(1))


# A number before a bare plural, unless it numbers what stands before it («الهدف 4 من …», «القاعة رقم 3»).
_NUMBERED = (
    "هدف|مادة|مرحلة|فصل|جلسة|قاعة|باب|فقرة|بند|يوم|صفحة|ص|مستوى|صف|طابق|دورة|جزء|عدد|محور|رقم|درس|وحدة|ملحق"
    "|جدول|شكل|سؤال|خطوة|فئة|مجموعة|نسخة|إصدار"
)
_SMALL_NUMBER = re.compile(
    rf"(?:^|(?<![\w.,:/-])(?!(?:{ARTICLE})(?:{_NUMBERED}) ){LETTER}{{1,20}} )([3-9]|10)"
    rf" (?!{MONTHS}|{HIJRI_MONTHS}|{arabic.OTHER_MONTHS}|{arabic.UNITS}|من{END}|في{END}|إلى{END}|على{END}|و|ال)"
    rf"(?=\S{{0,20}}(?:ات|ين|اء|[ايوأ]{LETTER}){END})",
    re.MULTILINE,
)


def glued_prefix(reading: Reading) -> Iterator[Finding]:
    """34: no prefix at a digit («لعام 2024», not «ل2024»)."""
    message = _("A letter stands glued to a number. Put a word between them: «لعام 2024».")
    for block in reading.own_blocks:
        for match in _GLUED.finditer(block.text):
            yield found("glued_prefix", message, block, *match.span())


_GLUED = re.compile(rf"{START}[بكلف]\d{{1,12}}")


def era_signs(reading: Reading) -> Iterator[Finding]:
    """35: «م» and «هـ» only where both calendars stand together."""
    message = _("«م» and «هـ» are written only where both calendars stand beside each other.")
    for block in reading.own_blocks:
        signs = list(_ERA.finditer(block.text))
        if len({match[2] for match in signs}) == 1:
            for match in signs:
                yield found("era_signs", message, block, *match.span(), Replace(block.number, *match.span(), match[1]))


_ERA = re.compile(rf"(?<!\d)(\d{{4}})[ {NBSP}]?(م|هـ){END}")


# Arabic: words


def hamza(reading: Reading) -> Iterator[Finding]:
    """30: the hamza as the dictionaries write it, by the list of words that are often mistyped."""
    message = _("The hamza of this word is written otherwise.")
    either = _("The hamza of this word is written otherwise, as its meaning asks: {forms}.")
    for block in reading.own_blocks:
        text, _places = block.bare
        for match in _HAMZA.finditer(text):
            right, stem = _RIGHT_STEMS[match.lastindex - 1], block.span(match, match.lastindex)
            yield found("hamza", message, block, *block.span(match), Replace(block.number, *stem, right))
        for match in _HAMZA_WORD.finditer(text):
            right = arabic.HAMZA_WORDS[match["word"]]
            # «الي» may be «آلي» without its madda, and «ان» is two words.
            is_certain = "/" not in right and (match["word"] != "الي" or text[match.end() :].startswith(" ال"))
            edits = [Replace(block.number, *block.span(match, "word"), right)] if is_certain else []
            advice = message if is_certain else format_lazy(either, forms=right)
            yield found("hamza", advice, block, *block.span(match), *edits)
        for match in _ALA.finditer(text):
            word = block.span(match, match.lastgroup)
            yield found("hamza", message, block, *word, Replace(block.number, *word, "على"))


_RIGHT_STEMS = list(arabic.HAMZA_STEMS.values())
_HAMZA = re.compile(rf"{START}{ARTICLE}(?:{'|'.join(f'({stem})' for stem in arabic.HAMZA_STEMS)}){LETTER}{{0,4}}{END}")
_HAMZA_WORD = re.compile(rf"{START}(?!فان{END}){CONJUNCTION}(?P<word>{'|'.join(arabic.HAMZA_WORDS)}){END}")
# «علي» is a name too: only where no name can stand.
_ALA = re.compile(
    rf"(?:{START}(?:بناء|علاوة|فضلا|تعتمد|يعتمد|حصل|حصلت|يحتوي|تحتوي|القائم|القائمة) (?P<one>علي){END}"
    rf"|{START}[وف]?(?P<two>علي) (?:أن|ما|هذا|هذه|ذلك|تلك|مستوى|المستوى|أساس|مدى|صعيد|الرغم|الأقل|الأكثر|وجه|سبيل){END})"
)


def phrases(reading: Reading) -> Iterator[Finding]:
    """37, 38, 41: honorifics, translated turns of phrase, and one word for one idea."""
    for rule, (patterns, better), sentence in PHRASES:
        for block in reading.own_blocks:
            text = _running(block)
            for match in patterns.finditer(text):
                if not _is_of_a_name(rule, match):
                    message = format_lazy(sentence, better=better[match.lastindex - 1])
                    yield found(rule, message, block, *block.span(match))


def _any_of(phrases: dict[str, str]) -> tuple[re.Pattern, list[str]]:
    """One pattern for all of them, as whole words, with a group each; and what to write for each."""
    return re.compile(f"{START}(?:{'|'.join(f'({phrase})' for phrase in phrases)}){END}"), list(phrases.values())


PHRASES: tuple[tuple[str, tuple[re.Pattern, list[str]], str], ...] = (
    (
        "honorifics",
        _any_of({f"{CONJUNCTION}(?:{arabic.HONORIFICS})": ""}),
        _("The site names people by title, full name and post, without honorifics."),
    ),
    ("turns_of_phrase", _any_of(arabic.FILLERS), _("A turn of phrase that says nothing of its own. Better: {better}.")),
    (
        "passive_agent",
        _any_of({"من قبل": ""}),
        _("After a passive, «من قبل» is a translation: better to make who acts the subject."),
    ),
    ("one_word", _any_of(arabic.VARIANTS), _("The site has one word for this: {better}.")),
)
_INSTITUTION = re.compile(
    rf"{START}[وف]?[بل]?(?:ال)?(?:جامعة|كلية|معهد|مدينة|هيئة|مؤسسة|وزارة|شركة|مركز|مجلس|قمة|جائزة|مجلة|بنك)"
    rf"(?:{LETTER}| ){{0,60}}\Z"
)


def _is_of_a_name(rule: str, match: re.Match) -> bool:
    """«جامعة … للعلوم والتقنية», «معهد العالم العربي»: the words of a name are nobody's choice."""
    if rule == "turns_of_phrase":
        return "بدور" in match[0]
    return rule == "one_word" and bool(_INSTITUTION.search(match.string[max(0, match.start() - 80) : match.start()]))


def taallum(reading: Reading) -> Iterator[Finding]:
    """32: «التعلّم» with its shadda, but in names as they are registered."""
    message = _("«التعلّم» is written with its shadda, so that nobody reads «التعليم».")
    for block in reading.own_blocks:
        for match in _TAALLUM.finditer(_without_names(block.text)):
            yield found("taallum", message, block, *match.span(), Replace(block.number, *match.span(1), "علّم"))


_TAALLUM = re.compile(rf"{START}[وف]?(?:[بك]?ال|لل)ت(علم)(?:ه|ها|هم)?{END}")
_REGISTERED = re.compile("|".join((*arabic.REGISTERED, *arabic.NAMES_WITH_TAQNIYA)))


def _without_names(text: str) -> str:
    return _REGISTERED.sub(lambda match: HIDDEN * len(match[0]), text)


def _running(block: Block) -> str:
    """The words of a block without tashkeel, its registered names hidden."""
    return _without_names(block.bare[0])


# Scripts

_PASSAGES = {
    "Latn": re.compile(r"[A-Za-zÀ-ɏ](?:[\w.,’'&/+-]{0,40}[\w])?(?: [A-Za-zÀ-ɏ0-9&](?:[\w.,’'&/+-]{0,40}\w)?)*"),
    "Arab": re.compile("[\u0621-\u064a][\u0621-\u065f\u0670-\u06d3]*(?:[ ،]+[\u0621-\u064a][\u0621-\u065f\u0670-\u06d3]*)*"),
}
"""A run of words of a script, by its ISO 15924 code."""
_LETTERS = {"Latn": re.compile("[A-Za-zÀ-ɏ]+"), "Arab": re.compile("[\u0621-\u064a][\u0621-\u065f\u0670-\u06d3]*")}


def script_of(language: str) -> str:
    """The script in which a language is mostly written, by CLDR."""
    return get_global("likely_subtags").get(language, f"{language}_Zyyy_ZZ").split("_")[1]


def _other_scripts(language: str) -> list[tuple[str, list[str]]]:
    """The scripts of the site's languages that aren't this one's, each with its languages."""
    scripts: dict[str, list[str]] = {}
    for code in codes():
        if script_of(code) in _PASSAGES and script_of(code) != script_of(language):
            scripts.setdefault(script_of(code), []).append(code)
    return list(scripts.items())


def _whole_language(block: Block, reading: Reading) -> str | None:
    """The language in which all of a block's words are, where it is not that of the text, and they are a sentence."""
    own = _LETTERS.get(script_of(reading.language))
    if own is None or own.search(block.text):
        return None
    for script, languages in _other_scripts(reading.language):
        if len(_LETTERS[script].findall(block.text)) >= LEAST_WORDS_OF_A_PARAGRAPH:
            return languages[0]
    return None


GENERAL: tuple[Rule, ...] = (
    invisible,
    presentation_forms,
    digits,
    untranslated,
    foreign_passage,
    heading_levels,
    vague_links,
    too_long,
    full_stop,
)
OWN: dict[str, tuple[Rule, ...]] = {
    "ar": (typography, quotation_marks, letters_of_neighbours, small_numbers, glued_prefix, era_signs, hamza, phrases, taallum),
}
"""Rules by language. One that isn't named here has the general ones."""
