"""A page for one item: fetched by its slug, redirected from a former one, else not found."""

from collections.abc import Callable
from functools import wraps
from operator import methodcaller

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from conference_site.publishing.models import Addressed, FormerSlug

Address = Callable[[Addressed], str]


def always(item: Addressed) -> bool:
    return True


def item_page(
    queryset: Callable[[], QuerySet[Addressed]],
    address: Address = methodcaller("get_absolute_url"),
    is_there: Callable[[Addressed], object] = always,
):
    """Decorate ``view(request, item)`` so that it answers ``view(request, slug)``.

    ``queryset`` is called for each request, and names what the page may show: usually ``Model.objects.visible``. ``address``
    says where an item's page of this kind stands, for what asks by a former slug; ``is_there``, whether this one has such a page.
    The view keeps the three as ``items``, ``address`` and ``is_there``, for whoever checks an address without opening it.
    """

    def decorate(view: Callable[[HttpRequest, object], HttpResponse]):
        @require_safe
        @wraps(view)
        def find_and_render(request: HttpRequest, slug: str) -> HttpResponse:
            items = queryset()
            item = items.filter(slug=slug).first()
            if item and not is_there(item):
                raise Http404
            if item is None:
                return _redirect(items, slug, address)
            response = view(request, item)
            response.item = item  # whose page it is, for the count of visits
            return response

        find_and_render.items, find_and_render.address, find_and_render.is_there = queryset, address, is_there
        return find_and_render

    return decorate


def _redirect(items: QuerySet[Addressed], slug: str, address: Address) -> HttpResponse:
    """To where the item that once had this slug stands now; 404 unless it is one of ``items``."""
    content_type = ContentType.objects.get_for_model(items.model)
    former = FormerSlug.objects.filter(content_type=content_type, slug=slug).values("object_id")
    item = items.prefetch_related(None).filter(pk__in=former).first()
    if item is None:
        raise Http404
    return HttpResponsePermanentRedirect(address(item))
