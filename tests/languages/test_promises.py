"""docs/arabic.md says which tests judge each promise, and their names say its number."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS.parent / "docs" / "arabic.md").read_text()
ROW = re.compile(r"^\| ([\d–, ]+) \|.*\| ([^|]+) \|$", re.MULTILINE)
NUMBERED = re.compile(r"def test_((?:\d+_)+)")


def numbers(text: str) -> list[int]:
    """«12–14» is 12, 13 and 14; «17, 18» is these two."""
    ends = [[int(end) for end in part.split("–")] for part in text.split(", ")]
    return [number for each in ends for number in range(each[0], each[-1] + 1)]


ROWS = [(numbers(row[1]), re.findall(r"`([a-z_/]+)`", row[2])) for row in ROW.finditer(TABLE)]


def named_in(judge: str) -> set[int]:
    """The promises that tests name: those of a file, or of all files in a folder («desk/»)."""
    files = (TESTS / judge).glob("**/test_*.py") if judge.endswith("/") else [TESTS / f"{judge}.py"]
    return {int(number) for file in files for name in NUMBERED.findall(file.read_text()) for number in name.split("_") if number}


def test_the_table_has_every_number_once():
    assert [number for promised, _judges in ROWS for number in promised] == list(range(1, 42))


@pytest.mark.parametrize(("promised", "judges"), ROWS, ids=lambda value: value[0])
def test_each_promise_has_tests_that_name_it(promised, judges):
    named = {judge: named_in(judge) & {*promised} for judge in judges}
    assert [judge for judge, found in named.items() if not found] == []
    assert set().union(*named.values()) == {*promised}
