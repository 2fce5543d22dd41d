"""Text as it is stored: one spelling of each character, and none that a reader cannot see (24)."""

import re
import unicodedata

from django.db import models

# Controls but for tab and newline, soft hyphen, bidi marks, embeddings and isolates, zero-width space, byte-order mark, and
# lone halves of surrogate pairs, which no database can store. Direction is said by markup (`content.Text`), so that a mark in
# the text is a stray one, usually pasted from Word or WhatsApp. The joiners U+200C and U+200D are spelling, and stay.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ud800-\udfff]"
)
WHITE_SPACE = re.compile(r"[ \t\n\r\f\v]+")  # all that may be broken at
DANGLING = " ,;:،؛–—-([{«“‘"  # what says that more follows
LINE_END = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")


def normalise(text: str) -> str:
    """``text`` in NFC, its lines ended by ``\\n``, without invisible characters. Normal text comes back as it is."""
    return unicodedata.normalize("NFC", LINE_END.sub("\n", INVISIBLE.sub("", text)))


def isolated(text: str) -> str:
    """A text whose language isn't known, among others where no element can stand: between first-strong isolates (5)."""
    return f"\u2068{text}\u2069"


def shortened(text: str, most: int) -> str:
    """The beginning of ``text``, in one line of at most ``most`` characters: whole words, then “…” where some were left out.

    A no-break space keeps its words together here too. A first word that is longer than all that stands as it is.
    """
    words = [word for word in WHITE_SPACE.split(text) if word]
    line = " ".join(words)
    if len(line) <= most or len(words) == 1:
        return line
    beginning = line[:most].rpartition(" ")[0] or words[0]
    return beginning.rstrip(DANGLING) + "…"


def normalise_fields(instance: models.Model) -> None:
    """Normalise the texts of ``instance`` in place, in every language. To be called by ``save()``.

    Names of files are left as they are, for they must go on naming what is stored; so is what was not read from the database.
    """
    unread = instance.get_deferred_fields()
    for field in instance._meta.concrete_fields:
        if isinstance(field, (models.CharField, models.TextField)) and field.attname not in unread:
            value = getattr(instance, field.attname)
            if isinstance(value, str) and value != (normal := normalise(value)):
                setattr(instance, field.attname, normal)


def to_european_digits(text: str) -> str:
    """``text`` with the decimal digits of every script, Arabic-Indic (٠–٩) and Persian (۰–۹) among them, as 0–9 (17)."""
    return re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), text)
