"""What search engines, and whoever is handed a link, are told of a page in a sentence or two."""

from django.db import models

from conference_site.languages.content import Text, text_of
from conference_site.languages.text import shortened
from conference_site.richtext.fields import RichTextField
from conference_site.richtext.reading import plain_text

MOST = 160
"""In characters. Search engines show about as many."""


def description(item: models.Model) -> Text:
    """The beginning of the first of the item's texts that there is in the reader's language, else of the first in another.

    They are those of its ``reading_order``, unless its model names others in ``described_by``; without any of them, its headline.
    """
    fields = getattr(item, "described_by", None) or [name for name in getattr(item, "reading_order", ()) if "." not in name]
    texts = [_read(item, field) for field in (*fields, item.headline)]
    text = min(filter(None, texts), key=lambda text: text.is_foreign, default=Text("", texts[0].language))
    return Text(shortened(text.text, MOST), text.language)


def _read(item: models.Model, field: str) -> Text:
    text = text_of(item, field)
    is_rich = isinstance(item._meta.get_field(field), RichTextField)
    return Text(plain_text(text.text, but="figure"), text.language) if is_rich else text
