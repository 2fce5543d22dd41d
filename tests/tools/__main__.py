"""`python -m tests.tools FOLDER …` renews the locks of these folders."""

import sys

from tests.tools import renew

for name in sys.argv[1:]:
    renew(name)
