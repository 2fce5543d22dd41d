"""Files over HTTP: pictures, their renditions, documents."""

import logging
import mimetypes
from hashlib import sha256
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

from conference_site.delivery.policy import ALL, CORP
from conference_site.media import storage
from conference_site.media.documents import CONTENT_TYPES
from conference_site.media.ranges import partial
from conference_site.media.renditions import BusyError, Rendition

logger = logging.getLogger(__name__)

YEAR = 31_536_000  # seconds


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the library, or a rendition of one, which is drawn when it is first asked for.

    Its name is made by the site and never used again, so browsers may keep it. Shared caches ask again after an hour: it may have
    been withdrawn.
    """
    # Each file has one address: by “//”, “.” and “..” one would find another way into the folder of what was withdrawn.
    parts = name.split("/")
    if name.startswith(storage.WITHDRAWN) or name.endswith(".part") or any(not part or part.startswith(".") for part in parts):
        raise Http404
    try:
        shown, is_final = _there(name)
        response = _file(request, shown)
    except storage.AwayError:
        raise
    except (OSError, ValueError):  # a picture that is missing, a name that no file system takes
        raise Http404 from None
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, s-maxage=3600, immutable" if is_final else "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers[CORP] = ALL  # a feed is read elsewhere, with its pictures
    return partial(request, response) if is_final else response


def _file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The whole file, unless the reader has it; as Django's `static.serve` has it, which knows only folders."""
    content = default_storage.open(name)
    changed = int(default_storage.get_modified_time(name).timestamp())
    if not was_modified_since(request.headers.get("If-Modified-Since"), changed):
        content.close()
        return HttpResponseNotModified()
    content_type, encoding = mimetypes.guess_type(name)
    response = FileResponse(content, content_type=content_type or "application/octet-stream")
    response.headers["Last-Modified"] = http_date(changed)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _there(name: str) -> tuple[str, bool]:
    """The file to be sent for this name, and whether it is the one that was asked for: while others are being drawn, a picture
    is shown as a whole. Raises FileNotFoundError where there is none, `AwayError` where that can't be known.
    """
    rendition = Rendition.read(name)
    if rendition is None:
        return name, True
    try:
        rendition.keep()
    except BusyError:
        return rendition.picture, False
    except (FileNotFoundError, storage.AwayError):
        raise
    except OSError:
        logger.exception("%s could not be drawn", name)
        raise FileNotFoundError from None
    return name, True


def answer(request: HttpRequest, file: FieldFile, name: str) -> HttpResponseBase:
    """A document under an address that stays while its file is replaced, to be kept as a file and not shown: what it can do is
    not ours to know. Whoever has it already is told so (304).
    """
    etag = quote_etag(sha256(file.name.encode()).hexdigest()[:32])  # a replaced file has another name, which nobody is told
    try:
        content = file.storage.open(file.name)
    except FileNotFoundError:
        raise Http404 from None
    suffix = PurePath(file.name).suffix
    response = FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPES[suffix])
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["ETag"] = etag
    return partial(request, get_conditional_response(request, etag=etag, response=response))
