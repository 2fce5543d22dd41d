"""One spelling of each character, for comparing texts: what is stored and shown stays as it was written (24)."""

import re
import unicodedata

# What no reader sees: soft hyphen, joiners, zero-width space, bidi marks, embeddings and isolates, byte-order mark.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# The decoration «مـــؤتمر», and the small letters of the Quran. The presentation forms of a lone mark go before NFKC, which would
# put a space under them.
DECORATION = "\u0640\u06e5\u06e6"
LONE_MARKS = "\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
# Vowel marks, with the dagger alef of «لِلّٰهِ»; a combining hamza or madda that NFKC could join to its letter is no mark any more.
TASHKEEL = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff"

BEFORE = re.compile(f"[{INVISIBLE}{DECORATION}{LONE_MARKS}]+")
AFTER = re.compile(f"[{INVISIBLE}{DECORATION}{TASHKEEL}]+")

# Letters that Persian, Urdu and Kurdish keyboards type for Arabic ones. A final Persian yeh may stand for ي or ى, which the fold
# makes one («علی» is «علي»).
LETTERS = str.maketrans(
    dict.fromkeys("یېۍێےۓ", "ي")
    | dict.fromkeys("کڪګگڭڬ", "ك")
    | dict.fromkeys("ہھەۀۂۿ", "ه")
    | dict.fromkeys("ۆۇۈۉۋۅ", "و")
    | {"ۃ": "ة", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ٲ": "أ", "ٳ": "إ", "ٵ": "أ", "ٷ": "ؤ", "ٸ": "ئ"}
)
FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
GROUP_SEPARATORS = ",٬،\u00a0\u2009\u202f"
GROUPED = rf"\d{{1,3}}(?:[{GROUP_SEPARATORS}]\d{{3}})+(?!\d)"
GROUPED_NUMBER = re.compile(rf"(?<!\d){GROUPED}")


def clean(text: str) -> str:
    """``text`` in NFKC, with Arabic letters and 0–9 for those of its neighbours, without marks that carry no letter.

    «تعلیمُ ١٬٥٠٠» → «تعليم 1500». Cleaning what is clean changes nothing. Case and accents stay: they are the fold's (`tokens`).
    """
    if text.isascii() and "," not in text:
        return text
    text = GROUPED_NUMBER.sub(lambda number: re.sub(r"\D", "", number[0]), text)
    text = AFTER.sub("", unicodedata.normalize("NFKC", BEFORE.sub("", text)))
    text = unicodedata.normalize("NFC", text).translate(LETTERS)  # a mark may have kept an accent from its letter
    return FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
