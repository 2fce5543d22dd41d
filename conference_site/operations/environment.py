"""Makes or updates .venv from a hashed lock: `python3 conference_site/operations/environment.py requirements.txt`.

It is run by the machine's own Python (3.12 or later) before anything is installed, and so uses the standard library only.
A lock is copied into .venv when all of it has been installed: what differs from the copy, or has none, is installed again.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
INCLUDED = {"requirements-dev.txt": ["requirements.txt"]}  # the development lock installs the versions of the other one too


def main(lock: str) -> int:
    """Install ``lock``, waiting for another process that is doing so; the exit code says whether it is there."""
    try:
        with (BASE / ".venv.lock").open("w") as door:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for another installation into .venv …", flush=True)
                fcntl.flock(door, fcntl.LOCK_EX)
            return 0 if is_installed(lock) or ((is_sound() or create()) and install(lock)) else 1
    except OSError as error:
        print(f"{error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def is_installed(lock: str) -> bool:
    """Whether all of ``lock``, as it is now, is in a working .venv."""
    return is_sound() and kept(lock).is_file() and kept(lock).read_bytes() == (BASE / lock).read_bytes()


def is_sound() -> bool:
    """Whether .venv is whole: its Python may have been removed from the machine, or its making interrupted."""
    try:
        return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create() -> bool:
    """Make .venv anew; says what is missing if the machine's Python cannot."""
    print("Creating .venv …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        reason = (made.stdout + made.stderr).strip().splitlines()[-1:]
        print("Python cannot make a virtual environment (on Debian, install python3-venv):", *reason, file=sys.stderr)
    return made.returncode == 0


def install(lock: str) -> bool:
    """Install what ``lock`` names into .venv; pip itself says what is wrong."""
    print(f"Installing {lock} into .venv …", flush=True)
    kept(lock).unlink(missing_ok=True)
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "--requirement", lock]
    if subprocess.run(pip, cwd=BASE, check=False).returncode:
        print(f"{lock} could not be installed; pip says why above.", file=sys.stderr)
        return False
    for name in (*INCLUDED.get(lock, []), lock):
        shutil.copy(BASE / name, kept(name))
    return True


def kept(lock: str) -> Path:
    """The copy of ``lock`` that says it has been installed."""
    return VENV / f"installed-{lock}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
