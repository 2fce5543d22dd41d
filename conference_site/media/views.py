"""Files over HTTP: pictures, their renditions, documents."""

from pathlib import PurePath

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views import static
from django.views.decorators.http import require_safe

from conference_site.media import storage
from conference_site.media.documents import CONTENT_TYPES
from conference_site.media.renditions import Rendition

INLINE = (".pdf",)
"""Documents that browsers show by themselves; others are kept as files."""

YEAR = 31_536_000  # seconds


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the library, or a rendition of one, which is drawn when it is first asked for.

    Its name is made by the site and never used again, so browsers may keep it. Shared caches ask again after an hour: it may have
    been withdrawn.
    """
    if name.startswith(storage.WITHDRAWN):
        raise Http404
    try:
        if rendition := Rendition.read(name):
            rendition.keep()
        response = static.serve(request, name, document_root=settings.MEDIA_ROOT)
    except (OSError, ValueError):  # a picture that is missing or damaged, a name that no file system takes
        raise Http404 from None
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, s-maxage=3600, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def answer(request: HttpRequest, file: FieldFile, name: str) -> HttpResponseBase:
    """A document under an address that stays while its file is replaced; whoever has it already is told so (304)."""
    etag = quote_etag(PurePath(file.name).stem)  # a replaced file has another name
    try:
        content = file.storage.open(file.name)
    except FileNotFoundError:
        raise Http404 from None
    suffix = PurePath(file.name).suffix
    response = FileResponse(content, as_attachment=suffix not in INLINE, filename=name, content_type=CONTENT_TYPES[suffix])
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
