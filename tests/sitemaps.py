"""The sitemaps, read as a search engine does: the index, then each that it names, by the protocol's own names."""

from typing import NamedTuple
from xml.etree import ElementTree as ET

SITE = "http://localhost:8000"
PROTOCOL = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


class Page(NamedTuple):
    lastmod: str
    alternates: dict[str, str]


def index(client) -> dict[str, str]:
    """``{path of a sitemap: its lastmod}``; the lastmod is empty where there is none."""
    root = _read(client, "/sitemap.xml")
    assert root.tag == f"{PROTOCOL}sitemapindex"
    return {path: lastmod for path, lastmod, _rest in (_entry(entry, "sitemap") for entry in root)}


def pages(client, sitemap: str = "") -> dict[str, Page]:
    """``{path of a page: what is said of it}``, of one sitemap or of all."""
    found = {}
    for path in [sitemap] if sitemap else index(client):
        root = _read(client, path)
        assert root.tag == f"{PROTOCOL}urlset"
        assert len(root) > 0, path
        for address, lastmod, rest in (_entry(entry, "url") for entry in root):
            assert {link.tag for link in rest} == {LINK}
            alternates = {link.get("hreflang"): link.get("href").removeprefix(SITE) for link in rest}
            assert found.setdefault(address, Page(lastmod, alternates)) is found[address]
    return found


def _read(client, path: str) -> ET.Element:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml"), path
    return ET.fromstring(response.content)


def _entry(entry: ET.Element, kind: str) -> tuple[str, str, list[ET.Element]]:
    """An entry's path, its lastmod, and what follows them."""
    assert entry.tag == f"{PROTOCOL}{kind}"
    location, *rest = entry
    assert (location.tag, location.text.startswith(f"{SITE}/")) == (f"{PROTOCOL}loc", True)
    lastmod = rest.pop(0).text if rest and rest[0].tag == f"{PROTOCOL}lastmod" else ""
    return location.text.removeprefix(SITE), lastmod, rest
