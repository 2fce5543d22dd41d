"""What the Content-Security-Policy allows beyond the site's own files."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path


def script_hashes(folder: Path) -> list[str]:
    """The sources that allow the scripts in ``folder`` within a page (CSP 3, “hash-source”).

    They stand in the page because a file of its own costs a phone more than their few bytes, and are allowed by their hash, for
    a page with a nonce could not be kept for the next visitor.
    """
    return [f"'sha256-{b64encode(sha256(path.read_bytes()).digest()).decode()}'" for path in sorted(folder.glob("*.js"))]
