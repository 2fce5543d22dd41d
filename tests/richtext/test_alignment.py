"""Rich texts side by side: which block stands beside which."""

import pytest

from conference_site.richtext import alignment
from conference_site.richtext.alignment import side_by_side

TABLE = "<table><tbody><tr><td>{}</td></tr></tbody></table>"
FIGURE = '<figure><img src="/media/images/x.webp" alt="{}"><figcaption>{}</figcaption></figure>'


def blocks(text: str) -> str:
    """``h2:a p:b`` as HTML."""
    return "".join(f"<{tag}>{words}</{tag}>" for tag, words in (block.split(":") for block in text.split()))


def pairs(*texts: str) -> list[str]:
    """The rows by their words: ``a|b``, and ``a|`` where nothing stands beside."""
    rows = side_by_side([blocks(text) for text in texts])
    return ["|".join(cell.partition(">")[2].partition("<")[0] for cell in row) for row in rows]


def test_equal_structures_are_paired_one_by_one():
    assert pairs("p:1 h2:2 p:3 h3:4 p:5", "p:a h2:b p:c h3:d p:e") == ["1|a", "2|b", "3|c", "4|d", "5|e"]


def test_a_cell_is_the_block_as_it_was_written():
    text = '<ul><li>a</li><li>b <em>c</em></li></ul><p>x &amp; <span lang="en" dir="ltr">y</span><br>z</p>'
    rows = side_by_side([text, ""])
    assert rows == [("<ul><li>a</li><li>b <em>c</em></li></ul>", ""), (text.partition("</ul>")[2], "")]


@pytest.mark.parametrize(
    ("one", "other", "rows"),
    [
        ("p:1 p:2 h2:3 p:4", "p:a h2:b p:c", ["1|a", "2|", "3|b", "4|c"]),
        ("h2:1 p:2 h2:3 p:4", "h2:a p:b p:c h2:d p:e", ["1|a", "2|b", "|c", "3|d", "4|e"]),
        ("p:1 h2:2", "h2:a p:b", ["1|", "2|a", "|b"]),
    ],
)
def test_a_paragraph_more_in_one_stands_alone_at_the_end_of_its_section(one, other, rows):
    assert pairs(one, other) == rows


@pytest.mark.parametrize(
    ("one", "other", "rows"),
    [
        ("h2:1 p:2 h3:3 p:4 h2:5 p:6", "h2:a p:b h2:c p:d", ["1|a", "2|b", "3|", "4|", "5|c", "6|d"]),
        ("h2:1 p:2", "h2:a p:b h2:c p:d", ["1|a", "2|b", "|c", "|d"]),
        # Of two headings of one level, the one whose section is alike.
        ("h2:1 p:2 p:3", "h2:a ul:b h2:c p:d p:e", ["|a", "|b", "1|c", "2|d", "3|e"]),
        # Another level is still a heading.
        ("h2:1 p:2 h2:3 p:4", "h3:a p:b h3:c p:d", ["1|a", "2|b", "3|c", "4|d"]),
    ],
)
def test_headings_meet_headings(one, other, rows):
    assert pairs(one, other) == rows


def test_what_is_of_another_kind_stands_alone_rather_than_part_what_is_alike():
    assert pairs("p:1 ul:2", "p:a p:b ul:c") == ["1|a", "|b", "2|c"]
    assert pairs("p:1 ul:2", "ul:a p:b") == ["1|a", "2|b"]


def test_tables_and_figures_meet_their_like():
    one = "<p>1</p>" + FIGURE.format("2", "2") + "<p>3</p>" + TABLE.format("4")
    other = "<p>a</p>" + TABLE.format("d")
    assert [tuple(cell[:6] for cell in row) for row in side_by_side([one, other])] == [
        ("<p>1</", "<p>a</"),
        ("<figur", ""),
        ("<p>3</", ""),
        ("<table", "<table"),
    ]


def test_an_empty_text_has_nothing_beside_the_other():
    assert pairs("", "") == []
    assert pairs("h2:1 p:2", "") == ["1|", "2|"]
    assert pairs("", "p:a h2:b") == ["|a", "|b"]


def test_a_third_text_is_a_third_column():
    assert pairs("p:1 h2:2 p:3", "h2:b p:c p:d", "p:x h2:y") == ["1||x", "2|b|y", "3|c|", "|d|"]


def test_what_is_too_long_to_compare_is_paired_in_order(monkeypatch):
    monkeypatch.setattr(alignment, "MOST_COMPARED", 3)
    assert pairs("p:1 ul:2", "p:a p:b ul:c") == ["1|a", "2|b", "|c"]
