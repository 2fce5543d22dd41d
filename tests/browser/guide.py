"""`make guide`: the pictures of the editors' guide (docs/editors.md), of the real screens, in every language; ONLY= names some.

A picture that looks as before is left as it is, so that a second run changes nothing. What they show is made by guide_content.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from statistics import mean

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from tests.browser.started import started_browser, started_copy

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots" / "desk"
LANGUAGES = ("ar", "en")
SIZE = {"width": 1280, "height": 960}
"""Of the window: what would have to be scrolled to is in no picture."""
EDGE = 12  # pixels around what is shown
MOST_BYTES = 60_000
ALIKE, DATED, DATED_ALIKE = 0.02, ("visits", "picture"), 0.5
"""Of 255: how far two pictures of the same may be from each other on average; further where days or months of now are shown."""
SUMMARIES = {
    "ar": ("أربع جلسات مفتوحة للجميع.", "ثلاث جلسات، والحضور بالتسجيل."),
    "en": ("Four sessions that are open to all.", "Three sessions, by registration."),
}
"""What two people make of the same text."""
CLOCK = datetime(2025, 3, 3, 10, 30)  # noqa: DTZ001 - the browser's own


class Desk:
    """The desk in one language, and what is where on it."""

    def __init__(self, browser: Browser, address: str, language: str, made: dict) -> None:
        self.browser, self.address, self.language, self.made = browser, address, language, made

    def open(self, account: str, path: str) -> Page:
        """A page of the desk, as somebody in this role sees it."""
        context = self.browser.new_context(
            viewport=SIZE, locale=self.language, color_scheme="light", reduced_motion="reduce", timezone_id="Asia/Riyadh"
        )
        context.add_cookies([{"name": "session", "value": self.made["sessions"][account], "url": self.address}])
        page = context.new_page()
        page.clock.set_fixed_time(CLOCK)
        page.goto(f"{self.address}/{self.language}/admin/{path.format(**self.made)}")
        page.wait_for_load_state("networkidle")
        return page


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted, changed = sys.argv[1:] or PICTURES, []
    with started_copy(REVIEWS="1") as site, started_browser() as browser:
        for language in LANGUAGES:
            command = [sys.executable, "-m", "tests.browser.guide_content", language]
            made = json.loads(subprocess.run(command, cwd=site.folder, check=True, capture_output=True, text=True).stdout)
            desk = Desk(browser, f"http://localhost:{site.port}", language, made)
            for name in wanted:
                picture = Image.open(BytesIO(PICTURES[name](desk))).convert("RGB")
                if keep(picture, name, language):
                    changed.append(f"{name}-{language}")
    print(f"{len(wanted) * len(LANGUAGES)} pictures; changed: {', '.join(changed) or 'none'}")


def keep(picture: Image.Image, name: str, language: str) -> bool:
    """Write the picture, unless the one that is there looks alike. Returns whether it was written."""
    path, new = FOLDER / f"{name}-{language}.webp", encoded(picture)
    if path.exists() and distance(path.read_bytes(), new) < (DATED_ALIKE if name in DATED else ALIKE):
        return False
    path.write_bytes(new)
    return True


def encoded(picture: Image.Image) -> bytes:
    """As WebP, as good as its size allows."""
    for quality in range(80, 20, -5):
        file = BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()


def distance(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other on average; 255 where they are not of the same size."""
    first, second = (Image.open(BytesIO(each)).convert("RGB") for each in (one, other))
    if first.size != second.size:
        return 255
    return mean(ImageStat.Stat(ImageChops.difference(first, second)).mean)


def crop(page: Page, *selectors: str) -> bytes:
    """As much of the page's content as holds the first of each of these; without any, the whole window."""
    clip = None
    if selectors:
        whole = page.locator("#content").bounding_box()
        boxes = [page.locator(selector).first.bounding_box() for selector in selectors]
        left, top = (max(whole[side], min(box[side] for box in boxes) - EDGE) for side in "xy")
        right = min(whole["x"] + whole["width"], max(box["x"] + box["width"] for box in boxes) + EDGE)
        bottom = min(SIZE["height"], max(box["y"] + box["height"] for box in boxes) + EDGE)
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    shown = page.screenshot(clip=clip, caret="hide")
    page.context.close()
    return shown


def of(account: str, path: str, *selectors: str) -> Callable[[Desk], bytes]:
    """A picture of a page as it opens."""
    return lambda desk: crop(desk.open(account, path), *selectors)


def preview(desk: Desk) -> bytes:
    page = desk.open("editor", "news/newsitem/{waiting}/preview/?width=phone")
    for frame in page.frames:
        frame.wait_for_load_state("networkidle")
    return crop(page, ".preview-choices a", ".frames section:nth-child(1)", ".frames section:nth-child(2)")


def collision(desk: Desk) -> bytes:
    """Two have the form open; theirs is saved first."""
    mine, theirs = (desk.open(account, "news/newsitem/{shared}/change/") for account in ("editor", "colleague"))
    for page, text in zip((theirs, mine), SUMMARIES[desk.language], strict=True):
        page.fill(f"#id_summary_{desk.language}", text)
        page.click("input[name=_continue]")
        page.wait_for_load_state("networkidle")
    theirs.context.close()
    return crop(mine, ".collision")


def kept(desk: Desk) -> bytes:
    """Typed, not saved, and opened again."""
    page = desk.open("editor", "news/newsitem/{waiting}/change/")
    page.fill("#id_title_ar", "ورشة للمعلمين عن التعلّم القائم على المشروعات")
    page.wait_for_timeout(2000)  # it is kept a second after the last key
    page.reload()
    page.wait_for_selector("#kept:not([hidden])")
    return crop(page, ".titles", "#kept", ".states")


def many(desk: Desk) -> bytes:
    page = desk.open("organiser", "pages/goal/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "publish")
    page.click(".actions button")
    page.wait_for_selector("#bulk")
    return crop(page, "#content")


def menus(desk: Desk) -> bytes:
    """The end of the list, and how the menus look."""
    page = desk.open("organiser", "navigation/menuentry/")
    page.locator(".menus-frame iframe").evaluate("frame => frame.scrollIntoView({block: 'end'})")
    page.wait_for_load_state("networkidle")
    return crop(page, "#content")


PICTURES: dict[str, Callable[[Desk], bytes]] = {
    "start": of("organiser", ""),
    "form": of("editor", "news/newsitem/{waiting}/change/", "#content"),
    "picture": of("editor", "media/image/{picture}/change/", "#content"),
    "preview": preview,
    "review": of("organiser", "news/newsitem/{waiting}/review/", "#content"),
    "publish": of("organiser", "pages/goal/{planned}/publish/", "#content"),
    "translation": of("organiser", "pages/goal/{outdated}/translation/", ".titles", "#content-main > section"),
    "collision": collision,
    "kept": kept,
    "comparison": of("editor", "news/newsitem/{waiting}/history/compare/?{compared}", "#content"),
    "check": of("editor", "news/newsitem/{faulty}/change/", ".content-check"),
    "many": many,
    "menus": menus,
    "visits": of("organiser", "visits/", "#content"),
}


if __name__ == "__main__":
    main()
