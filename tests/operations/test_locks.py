"""The locks: every package pinned and hashed, from no particular address; one version of each in all."""

import re

import pytest

from tests.operations.copies import BASE

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt")


def pinned(lock):
    """Package and version of each entry, for example {"django": "6.1.3"}."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (BASE / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_pinned_and_hashed(lock):
    text = (BASE / lock).read_text()
    entries = [line for line in text.splitlines() if line and line[0] not in "# "]
    assert len(entries) == len(pinned(lock)) > 20
    assert all(line.endswith("\\") for line in entries)
    assert "://" not in text
    assert "--index-url" not in text


def test_what_runs_is_what_is_tested():
    runtime, development, tools = map(pinned, LOCKS)
    assert runtime.items() <= development.items()
    assert [name for name in tools.keys() & development.keys() if tools[name] != development[name]] == []


def test_the_site_runs_without_the_tools_of_the_tests():
    assert not {"pytest", "playwright", "ruff", "uv"} & pinned("requirements.txt").keys()
