"""Which browser the tests use; `python -m tests.browser.chromium` makes sure that there is one."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium")


def find() -> str | None:
    """The path of an installed chromium: the one that CHROMIUM names, or the first on the PATH."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    return next(filter(None, map(shutil.which, names)), None)


def main() -> int:
    """Install Debian's chromium if there is none and this is root; the exit code says whether there is one now."""
    if not find() and not os.environ.get("CHROMIUM") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("The tests need a browser, and there is none: installing Debian's chromium.", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(["apt-get", "update", "--quiet"], env=environment, check=False).returncode == 0:
            subprocess.run(INSTALL, env=environment, check=False)
    if find():
        return 0
    where = f"at CHROMIUM={os.environ['CHROMIUM']}" if os.environ.get("CHROMIUM") else f"as {', '.join(NAMES)}"
    print(f"The tests need a browser, and none was found {where}: sudo {' '.join(INSTALL)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
