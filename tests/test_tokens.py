"""The design's colours: each is seen on each ground on which it may stand, in either scheme."""

import pytest

from conference_site.delivery import tokens


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48), ("#0e2a2e", "#faf6ee", 14.02)],
)
def test_contrast_is_what_wcag_defines(one, other, ratio):
    assert round(tokens.contrast(one, other), 2) == ratio


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
def test_every_colour_is_seen_on_its_grounds(scheme):
    found = list(tokens.pairs(scheme))
    assert [(pair.colour, pair.ground, pair.ratio) for pair in found if pair.ratio < pair.least] == []
    assert {"color-text", "color-line", "deep-accent", "urgent-text"} <= {pair.colour for pair in found}


def test_both_schemes_have_colours_of_their_own():
    light, dark = map(tokens.values, tokens.SCHEMES)
    assert (light["ground"], dark["ground"], light["deep"] == dark["deep"]) == ("#faf6ee", "#0c2226", True)


def test_every_step_of_the_type_scale_is_one_of_each_script():
    """A script that has its own scale has all of it."""
    steps = {name for name in tokens.values() if name.startswith("text")}
    own = tokens._declared(tokens._read("css/scripts.css"), r":lang\(ar\)")
    assert {name for name in own if name.startswith("text")} == steps
