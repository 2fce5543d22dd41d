"""Checkers that npm has. Each folder here names some, in versions and checksums of a lock without addresses.

They are got once, into var/tools. Where they can't be had, the test that asked is skipped with the reason, and the last
lines of the suite repeat it. To renew a lock: `python -m tests.tools FOLDER`, after changing the versions in its package.json.
"""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
INSTALLED = FOLDER.parents[1] / "var" / "tools"
NPM = ("npm", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--loglevel=error")
NEEDED = (
    "version",
    "integrity",
    "dependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "optionalDependencies",
    "optional",
    "peer",
)


class NotToBeHadError(Exception):
    """Why there is no such tool on this machine."""


def obtain(folder: str) -> Path:
    """The `node_modules` of what ``folder`` names. Downloads it unless this very lock is installed; raises `NotToBeHadError`."""
    lock = (FOLDER / folder / "package-lock.json").read_text()
    place = INSTALLED / folder
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / f"{folder}.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # the workers ask at the same time
        if not (place / "lock").exists() or (place / "lock").read_text() != lock:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            install(FOLDER / folder, place)
            (place / "lock").write_text(lock)  # last: what was interrupted is done again
    return place / "node_modules"


def install(source: Path, target: Path) -> None:
    if not shutil.which("npm"):
        raise NotToBeHadError("there is no npm to get it with")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, target)
    result = subprocess.run([*NPM, "ci"], cwd=target, capture_output=True, text=True, check=False)
    if result.returncode:
        raise NotToBeHadError(f"npm could not get it ({(result.stderr.strip().splitlines() or ['no reason given'])[0]})")


def renew(folder: str) -> None:
    """Write the lock of ``folder`` anew, with nothing in it but what an installation needs: no addresses above all."""
    path = FOLDER / folder / "package-lock.json"
    path.unlink(missing_ok=True)
    subprocess.run([*NPM, "install", "--package-lock-only"], cwd=path.parent, check=True)
    lock = json.loads(path.read_text())
    packages = {name: {key: entry[key] for key in NEEDED if key in entry} for name, entry in lock["packages"].items()}
    path.write_text(json.dumps({"lockfileVersion": lock["lockfileVersion"], "packages": packages}, indent=1) + "\n")


# What the suite says of them in its last lines.
NAMES = {"vnu": "W3C checker", "ibm": "IBM Equal Access"}


def notes() -> Path:
    """Where the workers note how many documents a tool checked, or why it could not."""
    return Path(os.environ["STATIC_ROOT"]).parent / "tools"


def note(tool: str, text: str) -> None:
    with notes().open("a") as file:
        file.write(f"{tool} {text}\n")


def forget() -> None:
    notes().unlink(missing_ok=True)


def what_happened() -> list[str]:
    """A line for each tool, on whether it ran in this run of the suite."""
    lines = [line.partition(" ") for line in notes().read_text().splitlines()] if notes().exists() else []
    return [f"{name}: {outcome([text for by, _, text in lines if by == tool])}." for tool, name in NAMES.items()]


def outcome(texts: list[str]) -> str:
    if reasons := [text for text in texts if not text.isdecimal()]:
        return f"did not run, because {reasons[0]}"
    return f"{sum(map(int, texts))} documents checked" if texts else "did not run, because no test that needs it was selected"
