"""What a first visit to a page brings over the wire, by the browser's own account."""

from collections import Counter
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser


class Visit(NamedTuple):
    requests: int
    sizes: Counter
    """Bytes on the wire, headers included, by the kind of what was asked for: Document, Font …"""
    hosts: set[str]
    fonts: set[str]
    inline: int
    """Characters of scripts within the page."""

    @property
    def total(self) -> int:
        """Bytes without pictures of the content: those are uploaded files."""
        return self.sizes.total() - self.sizes["Media"]

    @property
    def scripts(self) -> int:
        return self.sizes["Script"] + self.inline


def first_visit(browser: Browser, address: str) -> Visit:
    """Open ``address`` with an empty store, wait until all is there that the page needs, and add up."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    answers, sizes = {}, {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: answers.update({event["requestId"]: event}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address)
    page.evaluate("() => document.fonts.ready")
    inline = page.locator("script:not([src], [type*=json])").evaluate_all("all => all.map(each => each.text).join('').length")
    session.send("Network.disable")  # its answer comes after all that was still to be told
    context.close()
    asked = {key: event for key, event in answers.items() if event["response"]["url"].startswith("http")}
    kinds = Counter()
    for key, event in asked.items():
        kinds["Media" if "/media/" in event["response"]["url"] else event["type"]] += sizes.get(key, 0)
    urls = [urlsplit(event["response"]["url"]) for event in asked.values()]
    fonts = {url.path.rpartition("/")[2].split(".")[0] for url in urls if url.path.endswith("woff2")}
    return Visit(len(asked), kinds, {url.netloc for url in urls}, fonts, inline)


MOST = {"ar": 120_000, "en": 90_000}
"""Bytes, by the language of the page."""


def faults(visit: Visit, language: str, host: str) -> list[str]:
    """Which limits of a first visit this one exceeds."""
    limits = {
        f"{visit.total} bytes": visit.total <= MOST[language],
        f"{visit.requests} requests": visit.requests <= 12,
        f"{visit.scripts} bytes of scripts": visit.scripts <= 5_000,
        f"hosts {sorted(visit.hosts)}": visit.hosts == {host},
    }
    return [fault for fault, holds in limits.items() if not holds]
