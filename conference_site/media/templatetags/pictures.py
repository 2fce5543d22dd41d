"""Pictures in templates: ``{% picture item.image sizes="(min-width: 60rem) 45rem, 100vw" %}``, ``{{ text|with_pictures }}``.

A browser chooses among renditions by itself. The size is always said, so that nothing moves when the picture comes.
"""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conference_site.languages.content import Text, current, text_of
from conference_site.media import prose
from conference_site.media.models import Image
from conference_site.media.renditions import AVIF, JPEG, WEBP
from conference_site.richtext.tree import Node, parse

register = template.Library()

FALLBACK_WIDTH = 960
IN_TEXT = "(min-width: 44rem) 40rem, 100vw"
"""How wide a picture in a rich text is: the measure of the column."""


@register.simple_tag
def picture(image: Image | None, *, sizes: str, ratio: float | None = None, lazy: bool = True, alt: bool = True) -> SafeString:
    """The picture, cut to ``ratio`` where one is given; nothing where there is none to be shown.

    ``sizes`` says how wide it will be, as HTML does. ``alt=False`` is for one that says nothing which its neighbours don't.
    """
    if image is None or not image.is_shown:
        return SafeString("")
    return _markup(image, text_of(image, "alternative_text") if alt else Text("", current()), sizes, ratio, lazy=lazy)


@register.filter
def with_pictures(text: Text, images: dict[str, Image] | None = None) -> SafeString:
    """Rich text, its pictures as renditions; those that were withdrawn are left out.

    Costs a query where it has pictures, unless ``images`` are there already (`prose.images_in`).
    """

    def draw(image: Image, alternative: str) -> list[Node]:
        return parse(_markup(image, Text(alternative, current()), IN_TEXT))  # the block around it says the language

    html = prose.with_pictures(text.text, prose.images_in([text.text]) if images is None else images, draw)
    return mark_safe(html)  # noqa: S308 - the sanitised text, written anew with the markup of a template


def _markup(image: Image, text: Text, sizes: str, ratio: float | None = None, *, lazy: bool = True) -> SafeString:
    context = {"image": image, "text": text, "sizes": sizes, "lazy": lazy}
    if not image.is_drawing:
        context |= {
            "fallback": image.rendition(FALLBACK_WIDTH, JPEG, ratio),
            "sources": [(f"image/{encoding}", image.renditions(encoding, ratio)) for encoding in (AVIF, WEBP)],
        }
    return SafeString(render_to_string("_picture.html", context).strip())
