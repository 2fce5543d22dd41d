"""Parts of files, for readers that go on with a broken download, or jump to a page or a moment (RFC 9110, 14).

Django knows nothing of them. WhiteNoise does, for static files: the slice of a file is its own, its reading of the header is not,
which refuses a single byte and doesn't know If-Range.
"""

import re

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.responders import SlicedFile

RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)
"""One range. Several at once are answered by the whole, as whatever else can't be read: a header that may be ignored."""


def partial(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The part that is asked for of a file that is about to be sent: 206, or 416 if the file has no such part."""
    if response.status_code != 200 or not isinstance(response, FileResponse):
        return response
    response.headers["Accept-Ranges"] = "bytes"
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or not asked or not _is_unchanged(request, response):
        return response
    size = int(response.headers["Content-Length"])
    bounds = _bounds(asked[1], asked[2], size)
    if bounds is None:
        return response
    first, last = bounds
    if first >= size:
        response.file_to_stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"})
    response.streaming_content = SlicedFile(response.file_to_stream, first, last)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(last - first + 1)
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte, which are so many from the end where no first one is said; None where it means nothing."""
    if not first:
        return (max(0, size - int(last)), size - 1) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def _is_unchanged(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the reader has the other parts of this very file: its tag, or else the moment at which it was changed."""
    known = request.headers.get("If-Range")
    return known is None or known in (response.headers.get("ETag"), response.headers.get("Last-Modified"))
