"""The browser of the tests: the machine's own chromium, driven by Playwright (pytest-playwright's `page`, `context` …)."""

import os

import pytest

from tests.browser import chromium

# Playwright's synchronous interface runs an event loop in the test's thread, which Django takes for asynchronous code and
# refuses the database, also to whatever runs later in the same worker. The tests are synchronous: nothing is lost.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # root has none, and the only pages it opens are ours
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {"executable_path": chromium.find(), "args": [*QUIET]}
