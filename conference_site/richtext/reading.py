"""Rich text as it is read: its words without their HTML."""

from collections.abc import Iterator

from conference_site.richtext.tree import Node, elements, parse, serialise

WORDS_A_MINUTE = 180
"""An unhurried pace: an Arabic word carries its article, preposition and pronoun with it, and takes longer than one
in English."""

INLINE = frozenset({"a", "b", "bdi", "cite", "code", "em", "i", "q", "s", "span", "strong", "sub", "sup", "u"})


def plain_text(html: str, but: str = "") -> str:
    """What is read of well-formed HTML: a line for each paragraph, heading, entry of a list or cell; no ``but``."""
    lines = "".join(_pieces([node for node in parse(html) if isinstance(node, str) or node.tag != but])).splitlines()
    return "\n".join(line for text in lines if (line := " ".join(text.split())))


def captions(html: str) -> list[str]:
    """The alternative texts of the pictures in it."""
    return [element.attributes["alt"] for element in elements(parse(html)) if element.attributes.get("alt")]


def minutes_to_read(html: str) -> int:
    """How many whole minutes it takes to read; 0 if there is nothing to read."""
    words = len(plain_text(html).split())
    return -(-words // WORDS_A_MINUTE)


def with_addresses_of(site: str, html: str) -> str:
    """The same with whole addresses in place of those that begin with ``/``, for whoever reads it elsewhere."""
    nodes = parse(html)
    for element in elements(nodes):
        for name in ("href", "src"):
            if element.attributes.get(name, "").startswith("/"):
                element.attributes[name] = site + element.attributes[name]
    return serialise(nodes)


def _pieces(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield " ".join(node.splitlines()) if node.strip() else " "
        else:
            end = "" if node.tag in INLINE else "\n"
            yield end
            yield from _pieces(node.children)
            yield end
