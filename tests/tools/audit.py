"""`make audit`: whether a package of requirements.txt has a known vulnerability.

pip-audit asks PyPI for each of them, and calls those that it was told nothing of “skipped”, with an exit code of 0 and “No known
vulnerabilities found”. Here that counts as not known: 0 is for a list of which each was looked up, 1 for a vulnerability, and 2
where something couldn't be asked.
"""

import json
import subprocess
import sys

ASK = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--require-hashes", "--disable-pip"]
FORM = ["--format", "json", "--progress-spinner", "off"]
FREE, VULNERABLE, UNKNOWN = 0, 1, 2
NOT_ASKED = "The database of vulnerabilities could not be asked, so that nothing is known of any package"


def main() -> int:
    asked = subprocess.run([*ASK, *FORM], capture_output=True, text=True, check=False)
    try:
        code, lines = judge(json.loads(asked.stdout)["dependencies"])
    except (ValueError, KeyError):  # it ended without a report
        code, lines = UNKNOWN, [f"{NOT_ASKED}: {(asked.stderr.strip().splitlines() or ['no reason given'])[-1]}"]
    print(*lines, sep="\n", file=sys.stderr if code else sys.stdout)
    return code


def judge(packages: list[dict]) -> tuple[int, list[str]]:
    """The exit code, and what to say, for pip-audit's list of packages."""
    found = [
        f"{package['name']} {package['version']}: {each['id']}{mended(each)}"
        for package in packages
        for each in package.get("vulns", [])
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if not packages or len(skipped) == len(packages):
        return UNKNOWN, [NOT_ASKED + "."]
    if skipped:
        found.append(f"Nothing is known of {len(skipped)} packages, which could not be asked for: {', '.join(skipped)}.")
    if len(found) > bool(skipped):
        return VULNERABLE, found
    return (UNKNOWN, found) if skipped else (FREE, [f"{len(packages)} packages, none with a known vulnerability."])


def mended(vulnerability: dict) -> str:
    versions = vulnerability.get("fix_versions") or []
    return f", mended in {', '.join(versions)}" if versions else ", mended in no version"


if __name__ == "__main__":
    sys.exit(main())
