"""The library's pictures in rich text, where an editor put them by their address."""

from collections.abc import Callable, Iterable

from django.conf import settings

from conference_site.media.models import Image
from conference_site.richtext.tree import Element, Node, elements, parse, serialise

Draw = Callable[[Image, str], list[Node]]
"""From a picture and its alternative text to the elements that show it."""


def images_in(texts: Iterable[str]) -> dict[str, Image]:
    """The pictures of these texts that are shown, by address. One query, and none where the texts have no picture."""
    found = [node for text in texts if "<img" in text for node in elements(parse(text)) if node.tag == "img"]
    names = {_address(node).removeprefix(settings.MEDIA_URL) for node in found}
    images = Image.objects.filter(file__in=names, withdrawn_at=None) if names else ()
    return {settings.MEDIA_URL + image.file.name: image for image in images}


def with_pictures(html: str, images: dict[str, Image], draw: Draw) -> str:
    """The text with each picture as ``draw`` shows it. One that isn't among ``images`` is left out, with its caption."""
    return serialise(_replaced(parse(html), images, draw)) if "<img" in html else html


def _replaced(nodes: list[Node], images: dict[str, Image], draw: Draw) -> list[Node]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif node.tag == "img":
            image = images.get(_address(node))
            kept += draw(image, node.attributes.get("alt", "")) if image else []
        elif node.tag != "figure" or _is_shown(node, images):
            node.children = _replaced(node.children, images, draw)
            kept.append(node)
    return kept


def _is_shown(figure: Element, images: dict[str, Image]) -> bool:
    pictures = [node for node in elements(figure.children) if node.tag == "img"]
    return not pictures or any(_address(node) in images for node in pictures)


def _address(picture: Element) -> str:
    return picture.attributes.get("src", "")
