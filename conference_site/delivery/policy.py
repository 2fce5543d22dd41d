"""What browsers are told for which Django has no setting, and what the Content-Security-Policy allows beyond our files."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

CORP = "Cross-Origin-Resource-Policy"
"""Who may make an answer part of a page of theirs (the Fetch Standard)."""
OWN, ALL = "same-origin", "cross-origin"
ABILITIES = "camera=(), geolocation=(), microphone=()"
"""What no page of the site does, and what nothing that slips into one shall do either (Permissions Policy, W3C). Short, for each
byte of a header is read anew by the front for every reader.
"""


def open_to_all(headers: dict, _path: str, _url: str) -> None:
    """Static files, which others' feed readers and previews show too."""
    headers[CORP] = ALL


def script_hashes(folder: Path) -> list[str]:
    """The sources that allow the scripts in ``folder`` within a page (CSP 3, “hash-source”).

    They stand in the page because a file of its own costs a phone more than their few bytes, and are allowed by their hash, for
    a page with a nonce could not be kept for the next visitor.
    """
    return [f"'sha256-{b64encode(sha256(path.read_bytes()).digest()).decode()}'" for path in sorted(folder.glob("*.js"))]
