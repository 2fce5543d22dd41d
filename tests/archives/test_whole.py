"""The starting content as files, and back; and the site that it makes."""

from time import monotonic

import pytest
from django.template.loader import render_to_string
from django.test import Client

from conference_site.archives import pages
from conference_site.archives.pages import sample  # as it is without `place`
from tests import starting_content
from tests.archives.conftest import of_content, run, tree
from tests.databases import empty
from tests.html_checker import check_html

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def said_after(command: str, *arguments: object) -> str:
    begin = monotonic()
    said = run(command, *arguments)
    return f"{command}: {monotonic() - begin:.1f} s; {said}"


def test_all_of_the_starting_content(place, tmp_path, capsys):
    starting_content.load()
    found = [said_after("export", tmp_path / "content")]
    was, before = of_content(), tree(tmp_path / "content")
    paths = sample()
    seen = {path: pages.NOISE.sub(b"", Client().get(path).content) for path in paths}
    empty()
    found.append(said_after("import", tmp_path / "content"))
    assert of_content() == was
    assert {path: pages.NOISE.sub(b"", Client().get(path).content) for path in paths} == seen
    found.append(said_after("export", tmp_path / "again"))
    assert tree(tmp_path / "again") == before
    found.append(said_after("snapshot", tmp_path / "site"))
    site = tree(tmp_path / "site")
    named = ("index.html", "404.html", "ar/404.html", "en/search/index.html", "ar/news/index.html", "en/index.html")
    moved = render_to_string("moved.html", {"address": "/ar/", "language": "ar"})
    assert check_html({name: site[name].decode() for name in named} | {"moved": moved}) == []
    with capsys.disabled():
        print("\n" + "".join(found))
