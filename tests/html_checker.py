"""The W3C's HTML checker: npm's `vnu-jar`, run by Java where both are at hand.

Where they are not, the test that asked is skipped with the reason, and the last lines of the suite repeat it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "var" / "tools"
JAR = TOOLS / "vnu.jar"
VERSION = "26.9.27"
SHA256 = "5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7"  # of the archive


def check_html(documents: dict[str, str]) -> list[str]:
    """What the checker has against ``documents`` (name → HTML): «name:line: message» for each error and warning.

    One run takes 3 to 15 s of Java, so hand it many documents at once. Skips the test where there is no checker.
    """
    if reason := obtain():
        note(reason)
        pytest.skip(f"the W3C checker did not run: {reason}")
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(documents.items()):
            path = Path(folder, f"{number}.html")
            path.write_text(html, encoding="utf-8")
            names[path.name] = name
        command = ["java", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    note(str(len(documents)))
    return [
        f"{names[Path(message['url']).name]}:{message.get('lastLine', 0)}: {message['message']}"
        for message in json.loads(result.stdout)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]


def obtain() -> str | None:
    """Have the checker in var/tools, downloading it once; the reason if that is impossible."""
    if not shutil.which("java"):
        return "there is no java"
    if JAR.exists():
        return None
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # the workers ask at the same time
        if JAR.exists():
            return None
        if not shutil.which("npm"):
            return "there is no npm to get it with"
        with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
            pack = ["npm", "pack", "--silent", "--pack-destination", folder, f"vnu-jar@{VERSION}"]
            result = subprocess.run(pack, capture_output=True, text=True, check=False)
            archives = list(Path(folder).glob("*.tgz"))
            if not archives:
                return f"npm could not get it ({(result.stderr.strip().splitlines() or ['no reason given'])[0]})"
            if hashlib.sha256(archives[0].read_bytes()).hexdigest() != SHA256:
                return "what npm got is not what was expected"
            with tarfile.open(archives[0]) as archive:
                archive.extract("package/build/dist/vnu.jar", folder, filter="data")
            Path(folder, "package/build/dist/vnu.jar").rename(JAR)
    return None


def notes() -> Path:
    """Where the workers note how many documents they had checked, or why they could not."""
    return Path(os.environ["STATIC_ROOT"]).parent / "html-checker"


def note(text: str) -> None:
    with notes().open("a") as file:
        file.write(f"{text}\n")


def forget() -> None:
    notes().unlink(missing_ok=True)


def what_happened() -> str:
    """One line on whether the checker ran in this run of the suite."""
    lines = notes().read_text().splitlines() if notes().exists() else ["no test that needs it was selected"]
    if reasons := [line for line in lines if not line.isdecimal()]:
        return f"W3C checker: did not run, because {reasons[0]}."
    return f"W3C checker: {sum(map(int, lines))} documents checked."
