"""The site's rules of Arabic style that a machine can judge, as data; `findings()` applies them to one text.

The lists are those by which editors' texts are read too (`proofreading.arabic`); here they are all errors.
Used for the starting content and for the message catalogue; nothing here knows where a text comes from.
"""

import re

from conference_site.proofreading.arabic import (
    ARTICLE,
    CHARACTERS,
    COMMANDS,
    CONJUNCTION,
    END,
    FILLERS,
    HAMZA_STEMS,
    HAMZA_WORDS,
    HONORIFICS,
    LETTER,
    MARK,
    NAMES_WITH_TAQNIYA,
    REGISTERED,
    START,
    VARIANTS,
    WRONG_NAMES,
    words,
)

# Rules about words: number → pattern → what to write. They are applied without tashkeel.
WORDS: list[tuple[int, dict[re.Pattern, str]]] = [
    (30, words({rf"{ARTICLE}{wrong}{LETTER}{{0,4}}": right for wrong, right in HAMZA_STEMS.items()})),
    (30, words({rf"{CONJUNCTION}{wrong}": right for wrong, right in HAMZA_WORDS.items()})),
    (37, words({f"{CONJUNCTION}(?:{HONORIFICS})": "no honorific"})),
    (38, words(FILLERS)),
    (39, words({f"{CONJUNCTION}(?:{COMMANDS})": "a verbal noun, or an impersonal sentence"})),
    (41, words(VARIANTS)),
    (41, words(WRONG_NAMES)),
]
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
        f"{rule.number}: {rule.wrong}: {_around(source, match)}"
        for rule in CHARACTERS
        for source in [running if rule.number == 32 else text]
        for match in rule.pattern.finditer(source)
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
