"""What the site is made of: its list says all of it, and nobody is told that it is free of holes who couldn't ask."""

import json
import subprocess

import pytest

from tests.operations.copies import BASE
from tests.operations.test_locks import pinned
from tests.tools.audit import FREE, NOT_ASKED, UNKNOWN, VULNERABLE, judge

SOUND = {"name": "django", "version": "6.1", "vulns": []}
SKIPPED = {"name": "nh3", "skip_reason": "Dependency not found on PyPI and could not be audited: nh3 (0.3)"}
HOLE = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
OF_HOLE = ["pillow 1.0: PYSEC-1, mended in 1.1", "pillow 1.0: PYSEC-2, mended in no version"]
OF_SKIPPED = ["Nothing is known of 1 packages, which could not be asked for: nh3."]


@pytest.mark.parametrize(
    ("packages", "said"),
    [
        ([SOUND], (FREE, ["1 packages, none with a known vulnerability."])),
        ([SOUND, HOLE], (VULNERABLE, OF_HOLE)),
        ([SOUND, SKIPPED], (UNKNOWN, OF_SKIPPED)),
        ([HOLE, SKIPPED], (VULNERABLE, OF_HOLE + OF_SKIPPED)),
        ([SKIPPED, SKIPPED], (UNKNOWN, [f"{NOT_ASKED}."])),
        ([], (UNKNOWN, [f"{NOT_ASKED}."])),
    ],
    ids=["all sound", "a hole", "one not asked for", "a hole and one not asked for", "none asked for", "none at all"],
)
def test_only_what_was_looked_up_counts_as_free(packages, said):
    assert judge(packages) == said


@pytest.mark.proof
def test_the_list_names_what_is_locked_and_is_the_same_each_time():
    lists = []
    for _each in range(2):
        subprocess.run(["make", "sbom"], cwd=BASE, check=True)
        lists.append((BASE / "var" / "sbom.json").read_text())
    assert lists[0] == lists[1]
    found = json.loads(lists[0])
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == ("CycloneDX", "conference-site")
    assert {each["name"]: each["version"] for each in found["components"]} == pinned("requirements.txt")
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in found["components"])
