"""How .venv comes about: tried with a lock that names nothing, in a folder with a space."""

import shutil
import subprocess
import sys

import pytest

from tests.operations.copies import BASE

SCRIPT = "conference_site/operations/environment.py"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment") / "a folder with a space"
    (folder / SCRIPT).parent.mkdir(parents=True)
    shutil.copy(BASE / SCRIPT, folder / SCRIPT)
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "requirements-dev.txt").write_text("# nothing, and more\n")
    assert install(folder) == "Creating .venv …\nInstalling requirements.txt into .venv …\n"
    return folder


def install(folder, lock="requirements.txt"):
    """What the program says; it must succeed."""
    result = subprocess.run([sys.executable, SCRIPT, lock], cwd=folder, capture_output=True, text=True, check=True)
    return result.stdout


def test_what_is_installed_is_left_alone(checkout):
    assert install(checkout) == ""


def test_a_changed_lock_is_installed_again(checkout):
    (checkout / "requirements.txt").write_text("# nothing else\n")
    assert install(checkout) == "Installing requirements.txt into .venv …\n"
    assert install(checkout) == ""


def test_the_development_lock_includes_the_other(checkout):
    assert install(checkout, "requirements-dev.txt") == "Installing requirements-dev.txt into .venv …\n"
    assert install(checkout) == ""


def test_an_interrupted_installation_is_done_again(checkout):
    (checkout / ".venv" / "installed-requirements.txt").unlink()
    assert install(checkout) == "Installing requirements.txt into .venv …\n"


@pytest.mark.proof
@pytest.mark.parametrize("missing", ["bin/python", "lib"])
def test_a_broken_environment_is_made_anew(checkout, missing):
    broken = checkout / ".venv" / missing
    broken.unlink() if broken.is_symlink() else shutil.rmtree(broken)
    assert install(checkout) == "Creating .venv …\nInstalling requirements.txt into .venv …\n"


def test_a_lock_that_cannot_be_installed_says_so_and_is_tried_again(checkout):
    good = (checkout / "requirements.txt").read_text()
    (checkout / "requirements.txt").write_text("psutil==7.2.2\n")  # without a hash
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, SCRIPT, "requirements.txt"], cwd=checkout, capture_output=True, text=True, check=False
        )
        assert result.returncode == 1
        assert "requirements.txt could not be installed; pip says why above." in result.stderr
        assert "Traceback" not in result.stderr
    (checkout / "requirements.txt").write_text(good)
