"""What a page says, and what is wrong with how it says it, in an interface of one language.

Found are words in the letters of another language, text that is cut off, and text whose parts change places because a part of the
other direction stands in it without an isolate.
"""

import re

from playwright.sync_api import Page

ARABIC = r"\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff"
LATIN = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
OTHER = {"ar": LATIN, "en": ARABIC}
"""Language of the interface → the letters that no word of it has."""

ISOLATED = re.compile("[\u2066-\u2068][^\u2069]*\u2069")
DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
LATIN_TOKEN = re.compile(rf"[^\s{ARABIC}«»؟،؛]*[{LATIN}][^\s{ARABIC}«»؟،؛]*")
SAFE_TOKEN = re.compile(rf"[(\[“\"‘]*[{LATIN}]([^\s]*[{LATIN}0-9])?[)\]”\"’.,:…]*")
CODE_OF_DIGITS = re.compile(r"\d{4}-\d\d(-\d\d)?|[-+]\d")

COLLECT = """() => {
    const ATTRIBUTES = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'label'];
    const language = element => element.closest('[lang]')?.lang;
    const place = element => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '')
        + [...element.classList].slice(0, 2).map(name => '.' + name).join('');
    // Editors' words: in an isolate, a code, an editor, or in what has a direction of its own.
    const isContent = element => !!element.closest('bdi, code, pre, kbd, textarea, [contenteditable=true], [dir]:not(html)');
    const said = [];
    const say = (element, kind, text, rest = {}) => text?.trim() && said.push({kind, place: place(element), text: text.trim(),
        language: language(element), direction: getComputedStyle(element).direction, content: isContent(element), ...rest});

    // Text that its own element, or one around it, cuts off; what scrolls is there to be read.
    const cut = (element, rects) => {
        for (let box = element; box && box !== document.body; box = box.parentElement) {
            const style = getComputedStyle(box);
            const isForVoices = /absolute|fixed/.test(style.position) && (box.clientWidth <= 1 || style.clip !== 'auto');
            if (isForVoices || parseFloat(style.textIndent) < -99 || parseFloat(style.fontSize) < 1) return false;
            if (/auto|scroll/.test(style.overflowX + style.overflowY)) return false;
            if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
            const edge = box.getBoundingClientRect();
            const isOutside = ({left, right, top, bottom}) =>
                left < edge.left - 1 || right > edge.right + 1 || top < edge.top - 4 || bottom > edge.bottom + 4;
            if (rects.some(isOutside)) return place(box);
        }
        const wide = rects.find(({left, right}) => left < -1 || right > document.documentElement.clientWidth + 1);
        return wide ? 'the page' : false;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest('script, style, template, noscript, textarea, .material-icons')) continue;
        if (element.closest('option')) { say(element, 'option', node.data); continue; }
        if (!element.checkVisibility({visibilityProperty: true})) { say(element, 'hidden', node.data); continue; }
        const range = document.createRange();
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter(({width, height}) => width > 1 && height > 1);
        say(element, 'text', node.data, {cut: cut(element, rects)});
    }
    const pen = document.createElement('canvas').getContext('2d');
    const width = (element, text) => { pen.font = getComputedStyle(element).font; return pen.measureText(text).width; };
    const room = element => {
        const style = getComputedStyle(element);
        return element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
    };
    // Select2 keeps the field that it stands for, a pixel wide.
    const isSeen = element => !element.matches('.select2-hidden-accessible') && element.checkVisibility();
    const tooLong = (element, text) => isSeen(element) && width(element, text) > room(element) && place(element);
    for (const element of document.querySelectorAll('body *')) {
        for (const name of ATTRIBUTES) if (element.hasAttribute(name)) say(element, name, element.getAttribute(name));
        if (element.placeholder) say(element, 'placeholder', element.placeholder, {cut: tooLong(element, element.placeholder)});
        if (element.matches('input:is([type=submit], [type=button], [type=reset])'))
            say(element, 'button', element.value, {cut: element.scrollWidth > element.clientWidth + 1 && place(element)});
        const chosen = element.matches('select:not([multiple])') && element.selectedOptions[0]?.text.trim();
        // Titles of items, which a number stands for, are as long as they are.
        if (chosen && !/^[0-9]+$/.test(element.value)) say(element, 'select', chosen, {cut: tooLong(element, chosen)});
    }
    say(document.documentElement, 'title', document.title);
    return said;
}"""


def said(page: Page) -> list[dict]:
    """The texts of the page as it stands, its attributes, options and hidden parts included."""
    return page.evaluate(COLLECT)


def faults(texts: list[dict], language: str, allowed: dict[str, str]) -> list[str]:
    """What is wrong with them; ``allowed`` are words of the other letters, each with its reason."""
    found = set()
    for text in texts:
        where = f"({text['kind']}, {text['place']}): {text['text'][:160]}"
        found |= {f"{what} {where}" for what in wrong(text, language, allowed)}
    return sorted(found)


def wrong(text: dict, language: str, allowed: dict[str, str]) -> list[str]:
    what = []
    if text["language"] == language and not text["content"] and (words := foreign_words(text["text"], language, allowed)):
        what.append(f"foreign words {words}")
    if DIGITS.search(text["text"]):
        what.append("digits")
    if text.get("cut"):
        what.append(f"cut by {text['cut']}")
    if text["direction"] == "rtl" and (parts := turned(text["text"])):
        what.append(f"turned around {parts}")
    return what


def foreign_words(text: str, language: str, allowed: dict[str, str]) -> list[str]:
    text = ISOLATED.sub(" ", text)
    for name in sorted(allowed, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return re.findall(rf"[{OTHER[language]}]+", text)


def turned(text: str) -> list[str]:
    """The parts that a right-to-left line shows in another order than they are read in.

    A word of Latin letters keeps its order if it begins and ends with a letter (or ends with a digit); a dot or a slash at its
    edge goes to the other side. So does each part of “2024-08-18” after an Arabic letter, and the sign of a number.
    """
    bare = ISOLATED.sub(" ", text)
    tokens = [token for token in LATIN_TOKEN.findall(bare) if not SAFE_TOKEN.fullmatch(token)]
    rest = re.sub(rf"\S*[{LATIN}]\S*", " ", bare)
    codes = [found[0] for found in CODE_OF_DIGITS.finditer(rest) if re.search(rf"[{ARABIC}]", rest[: found.start()])]
    return tokens + codes
