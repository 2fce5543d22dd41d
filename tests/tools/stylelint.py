"""`python -m tests.tools.stylelint`: what stylelint has against the stylesheets; with `--fix` it mends them."""

import subprocess
import sys

from tests import tools

RULES = tools.FOLDER / "stylelint" / "rules.json"
SHEETS = ("static/css/*.css", "conference_site/**/*.css")


def main(*options: str) -> int:
    try:
        modules = tools.obtain("stylelint")
    except tools.NotToBeHadError as reason:
        print(f"stylelint did not run: {reason}")
        return 0
    program = modules / "stylelint" / "bin" / "stylelint.mjs"
    command = ["node", program, "--config", RULES, "--config-basedir", modules.parent, "--max-warnings", "0", *options, *SHEETS]
    return subprocess.run(command, cwd=tools.FOLDER.parents[1], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
