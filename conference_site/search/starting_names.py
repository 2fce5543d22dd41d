"""The names that a new site begins with; editors' rows from then on."""

import tomllib

from conference_site.search.wordlists import DATA


def starting_groups() -> list[list[str]]:
    """The groups of ``data/names.toml``, each a list of forms."""
    groups = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    return [group["forms"] for kind in groups.values() for group in kind]
