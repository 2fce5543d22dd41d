"""What `make` says when something that it needs is missing."""

import shutil
import subprocess

import pytest

from tests.browser import chromium
from tests.operations.copies import BASE


@pytest.fixture
def poor_path(tmp_path):
    """A PATH with a shell and make, and nothing else."""
    for name in ("sh", "make"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return str(tmp_path)


def test_without_a_python_one_sentence_says_so(poor_path):
    result = subprocess.run(["make", "run"], cwd=BASE, env={"PATH": poor_path}, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == (
        "Python 3.12 or later is needed, and is neither python3 nor python3.14, python3.13 or python3.12 here."
    )


def test_an_old_python_is_not_taken(poor_path, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    result = subprocess.run(["make", "run"], cwd=BASE, env={"PATH": poor_path}, capture_output=True, text=True, check=False)
    assert "Python 3.12 or later is needed" in result.stderr


def test_without_a_browser_the_command_to_run_is_said(poor_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", poor_path)
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.main() == 1
    assert "sudo apt-get install --yes --no-install-recommends chromium" in capsys.readouterr().err


def test_a_browser_that_is_named_must_exist(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert chromium.main() == 1
    assert "CHROMIUM=/nowhere/chromium" in capsys.readouterr().err


def test_root_gets_the_browser_installed(poor_path, monkeypatch, tmp_path, capfd):
    tool = tmp_path / "apt-get"
    tool.write_text(f'#!/bin/sh\necho "apt-get $*"\n[ "$1" != install ] || {shutil.which("touch")} "{tmp_path}/chromium"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", poor_path)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    chromium.main()
    printed = capfd.readouterr().out
    assert "installing Debian's chromium" in printed
    assert "apt-get install --yes --no-install-recommends chromium" in printed
