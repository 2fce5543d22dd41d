"""The W3C's HTML checker: npm's `vnu-jar`, run by Java where both are at hand."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import tools

# Java's second compiler costs a program that ends after seconds more than it gains; the first one needs more room on the stack.
SHORT_RUN = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")


def check_html(documents: dict[str, str]) -> list[str]:
    """What the checker has against ``documents`` (name → HTML): «name:line: message» for each error and warning.

    One run takes 2 to 8 s of Java, so hand it many documents at once. Skips the test where there is no checker.
    """
    try:
        jar = obtain()
    except tools.NotToBeHadError as reason:
        tools.note("vnu", str(reason))
        pytest.skip(f"the W3C checker did not run: {reason}")
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(documents.items()):
            path = Path(folder, f"{number}.html")
            path.write_text(html, encoding="utf-8")
            names[path.name] = name
        command = ["java", *SHORT_RUN, "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    tools.note("vnu", str(len(documents)))
    return [
        f"{names[Path(message['url']).name]}:{message.get('lastLine', 0)}: {message['message']}"
        for message in json.loads(result.stdout)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]


def obtain() -> Path:
    if not shutil.which("java"):
        raise tools.NotToBeHadError("there is no java")
    return tools.obtain("checkers") / "vnu-jar" / "build" / "dist" / "vnu.jar"
