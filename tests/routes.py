"""Every address of the site, as its URL patterns have it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation


def routes(language: str) -> Iterator[tuple[str, URLPattern]]:
    """The route of each pattern, from the slash on, with the placeholders of its parameters; and the pattern."""
    with translation.override(language):
        yield from list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: list, before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern
