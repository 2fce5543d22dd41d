"""The ornament in templates, drawn from its parameters: ``{% load motif %}``. Decoration, which assistive technology passes over."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conference_site import motif

register = template.Library()

FIELD = 3  # octagons in each direction; the field shows the middle of them


@register.simple_tag
def star(place: int = 0, count: int = 1) -> SafeString:
    """The star of the ``place``-th (from 0) of ``count`` siblings."""
    return _drawing("star", "-51 -51 102 102", motif.star(motif.family(place, count)))


@register.simple_tag
def star_field(place: int = 0, count: int = 1) -> SafeString:
    """A piece of the lattice at that sibling's own angle."""
    whole = motif.PITCH * FIELD
    path = motif.lattice(FIELD, FIELD, lambda _x: motif.family(place, count))
    return _drawing("star-field", f"0 0 {whole} {whole}", path)


@register.simple_tag
def mark() -> SafeString:
    """The site's mark: two squares, one turned by 45°, and a point in the middle."""
    one, other = motif.mark_squares()
    return format_html(
        '<svg class="mark" viewBox="-50 -50 100 100" aria-hidden="true" focusable="false"><path d="{}{}"/><circle r="{}"/></svg>',
        one,
        other,
        motif.MARK_POINT,
    )


def _drawing(name: str, box: str, path: str) -> SafeString:
    return format_html('<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false"><path d="{}"/></svg>', name, box, path)
