"""The checkers that npm has: the W3C's names document and line, and what can't be had says why."""

import pytest

from tests import tools
from tests.html_checker import check_html

VALID = "<!DOCTYPE html>\n<html lang='en'>\n<head><title>Good</title></head>\n<body><p>Good</p></body>\n</html>\n"


def test_names_document_and_line():
    found = check_html({"good": VALID, "bad page": VALID.replace("<p>Good</p>", "<p><img src='a.png'></p>")})
    assert len(found) == 1
    assert found[0].startswith("bad page:4: An “img” element must have an “alt” attribute")


def test_the_locks_hold_checksums_and_no_addresses():
    locks = {path.parent.name: path.read_text() for path in tools.FOLDER.glob("*/package-lock.json")}
    assert set(locks) == {"checkers", "lighthouse", "observatory", "stylelint"}
    for name, lock in locks.items():
        assert "://" not in lock, name
        assert lock.count('"integrity"') == lock.count('"node_modules/'), name


def test_without_npm_a_tool_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(tools, "INSTALLED", tmp_path)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(tools.NotToBeHadError, match="there is no npm to get it with"):
        tools.obtain("checkers")


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (["2", "3"], "5 documents checked"),
        (["2", "no java"], "did not run, because no java"),
        ([], "did not run, because no test"),
    ],
)
def test_the_suite_says_what_ran(texts, outcome):
    assert tools.outcome(texts).startswith(outcome)
