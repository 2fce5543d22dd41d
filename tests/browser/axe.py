"""What axe-core has against a page, in the one way in which all tests ask it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = "color-contrast"
"""The only one of axe-core's rules that colours matter to: in another colour scheme no other need be asked again."""

SCRIPT = Axe().axe_script
# Only what is wrong is described in full and brought over: all that is right takes longer to describe than to find.
RUN = """([part, rules]) => axe
    .run(part ?? document, {resultTypes: ['violations'], ...(rules.length ? {runOnly: rules} : {})})
    .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`)))"""


def findings(page: Page, *rules: str, part: str | None = None) -> list[str]:
    """What axe-core, or these of its rules, finds on the page as it stands, or in ``part`` (a selector): rule and element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, [part, rules])
