"""A site as `make run` starts it, with the starting content, for what is measured or looked at and not tested."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.operations.copies import RunningSite, copy_site, remove_database

FLAGS = ("--no-sandbox", "--disable-gpu")


@contextmanager
def started_site() -> Iterator[str]:
    """The address of a copy of the site, which runs on a free port until the block is left."""
    with started_copy() as site:
        yield f"http://localhost:{site.port}"


@contextmanager
def started_copy(**environment: str) -> Iterator[RunningSite]:
    """The same, for those who do something in its folder too; with these variables in its environment."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # for PostgreSQL, which root's runs as nobody
        folder = copy_site(Path(name) / "site")
        try:
            with RunningSite(folder, **environment) as site:
                site.wait_until_ready(300)
                yield site
        finally:
            remove_database(folder / "var" / "postgres")


@contextmanager
def started_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*FLAGS])
        yield browser
        browser.close()
