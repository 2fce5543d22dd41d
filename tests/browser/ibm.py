"""What IBM's Equal Access checker has against a page. Skips the test where the checker can't be had."""

import pytest
from playwright.sync_api import Page

from tests import tools

# Each rule judges each element; only what is a violation for certain is asked for, not what a person should look at.
RUN = """async () => {
    const report = await new ace.Checker().check(document, ["IBM_Accessibility"]);
    return report.results
        .filter(({value: [level, outcome]}) => level === "VIOLATION" && outcome === "FAIL")
        .map(({ruleId, message, snippet}) => `${ruleId}: ${message} ${snippet.slice(0, 160)}`);
}"""


def findings(page: Page) -> list[str]:
    """The violations on the page as it stands: rule, message and element."""
    try:
        script = tools.obtain("checkers") / "accessibility-checker-engine" / "ace.js"
    except tools.NotToBeHadError as reason:
        tools.note("ibm", str(reason))
        pytest.skip(f"IBM Equal Access did not run: {reason}")
    if not page.evaluate("() => 'ace' in window"):
        page.evaluate(script.read_text())
    found = page.evaluate(RUN)
    tools.note("ibm", "1")
    return found
