"""`make shots`: every kind of public page as a picture, for a person to look at.

In both languages, both schemes and three widths. They lie in var/shots, and its index.html shows them side by side.
"""

import shutil
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.pages import PAGES
from tests.browser.started import started_browser, started_site

FOLDER = Path(__file__).resolve().parents[2] / "var" / "shots"
LANGUAGES = ("ar", "en")
SCHEMES = ("light", "dark")
WIDTHS = (360, 768, 1280)
STYLE = """
body { font: 1rem sans-serif; margin: 1rem }
div { display: flex; gap: 1rem; align-items: start; overflow-x: auto }
img { width: 18rem; border: 1px solid }
"""


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with started_site() as address, started_browser() as browser:
        for scheme in SCHEMES:
            take(browser, address, scheme)
    (FOLDER / "index.html").write_text(index(), encoding="utf-8")
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd())}, shown by index.html there")


def take(browser: Browser, address: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme, reduced_motion="reduce")
    for name, path in PAGES.items():
        for language in LANGUAGES:
            page.goto(address + path.format(language))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=FOLDER / file(name, language, scheme, width), full_page=True)
    page.close()


def file(name: str, language: str, scheme: str, width: int) -> str:
    return f"{name.replace(' ', '-')}-{language}-{scheme}-{width}.png"


def index() -> str:
    """A page with a row for each kind of page and scheme."""
    rows = []
    for name in PAGES:
        for scheme in SCHEMES:
            files = [file(name, language, scheme, width) for language in LANGUAGES for width in WIDTHS]
            pictures = "".join(f'<a href="{each}"><img src="{each}" alt="{each}" loading="lazy"></a>' for each in files)
            rows.append(f"<h2>{escape(name)}, {scheme}</h2><div>{pictures}</div>")
    return f'<!doctype html><meta charset="utf-8"><title>Pages</title><style>{STYLE}</style>{"".join(rows)}\n'


if __name__ == "__main__":
    main()
