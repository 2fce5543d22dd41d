"""The least that gunicorn can do: a function that answers with the bytes and headers of one page, for `bench`.

BARE_PAGE names a JSON file with ``headers`` (pairs) and ``body`` (base64).
"""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

_page = json.loads(Path(os.environ["BARE_PAGE"]).read_text())
HEADERS, BODY = [tuple(header) for header in _page["headers"]], base64.b64decode(_page["body"])


def application(environ: dict, start_response: Callable) -> list[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]
