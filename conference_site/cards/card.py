"""A card: the picture that social networks and messengers show with a link, with the title of the page.

Its address says all that stands on it, and is signed: nobody else can have anything drawn, and drawing asks no database. The
address changes with what it says and with how cards are drawn, and with nothing else. A card is drawn when it is first asked for,
and kept.
"""

import json
import logging
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from conference_site.cards.drawing import HEIGHT, VERSION, WIDTH, draw
from conference_site.languages.content import Text
from conference_site.languages.text import shortened
from conference_site.media import storage

FOLDER = "cards"
MOST = 250
"""In characters of each text. Titles are shorter; what is longer is cut, so that an address stays below 1,500 characters."""

_drawing = Lock()
"""One drawing at a time in each process: pages are more urgent."""


@dataclass(frozen=True, slots=True)
class Card:
    """The page's title, above it what kind of page it is (or nothing), and the site's name: each with its language."""

    kicker: Text
    title: Text
    name: Text

    width, height = WIDTH, HEIGHT

    @property
    def signed(self) -> str:
        """The card as it stands in its address."""
        texts = [(_short(text.text), text.language) for text in (self.kicker, self.title, self.name)]
        said = json.dumps([VERSION, texts], ensure_ascii=False, separators=(",", ":"))
        return _signer().sign(urlsafe_b64encode(zlib.compress(said.encode(), 9)).decode())

    @property
    def url(self) -> str:
        return settings.SITE_URL + reverse("card", args=[self.signed])

    @classmethod
    def read(cls, signed: str) -> "Card | None":
        """The card whose address has this, also if it is one of an earlier version; None unless this site has signed it."""
        try:
            said = _signer().unsign(signed)
        except BadSignature:
            return None
        _version, texts = json.loads(zlib.decompress(urlsafe_b64decode(said)))
        return cls(*(Text(*text) for text in texts))


def picture(signed: str) -> bytes | None:
    """The card as PNG, drawn unless it is kept; None unless this site has signed it."""
    card = Card.read(signed)
    if card is None:
        return None
    name = file_name(signed)
    return _kept(name) or _drawn(card, name)


def file_name(signed: str) -> str:
    """Where the card is kept: an address is too long for the name of a file."""
    return f"{FOLDER}/{sha256(signed.encode()).hexdigest()[:40]}.png"


def _drawn(card: Card, name: str) -> bytes:
    """The card, which is shown also if it can't be kept."""
    with _drawing:
        if kept := _kept(name):
            return kept  # another request was drawing it
        drawn = draw(card.kicker, card.title, card.name)
        try:
            storage.put(name, ContentFile(drawn))
        except OSError:
            logging.getLogger(__name__).exception("A card could not be kept.")
    return drawn


def _kept(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            return file.read()
    except OSError:
        return None


def _short(text: str) -> str:
    return text if len(text) <= MOST else shortened(text, MOST)[:MOST]


def _signer() -> Signer:
    return Signer(sep=".", salt="cards")
