"""Word lists are data: plain text under ``data/``, words separated by white space, ``#`` begins a comment."""

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def lines(name: str) -> Iterator[str]:
    """The lines of ``data/<name>`` that say something."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if text := line.partition("#")[0].strip():
            yield text


def words(name: str) -> Iterator[str]:
    """The words of ``data/<name>``."""
    for line in lines(name):
        yield from line.split()


def pairs(name: str) -> Iterator[tuple[str, list[str]]]:
    """The lines ``key: word word`` of ``data/<name>``, as (key, words)."""
    for line in lines(name):
        key, _colon, rest = line.partition(":")
        yield key.strip(), rest.split()
