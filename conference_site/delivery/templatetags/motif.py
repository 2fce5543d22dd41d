"""The ornament in templates, drawn from its parameters: ``{% load motif %}``. Assistive technology passes it over."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conference_site import motif
from conference_site.delivery.storage import drawing_address

register = template.Library()

COLUMNS, ROWS = 7, 3  # of a field


@register.simple_tag
def star(place: int = 0, count: int = 1) -> SafeString:
    """The star of the ``place``-th (from 0) of ``count`` siblings."""
    return _drawing("star", "-51 -51 102 102", motif.star(motif.family(place, count)))


@register.simple_tag
def star_field(place: int = 0, count: int = 1) -> SafeString:
    """The lattice at that sibling's own angle. One a page: its repeat has an id."""
    return format_html(
        '<svg class="star-field" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        '<pattern id="star-repeat" width="{pitch}" height="{pitch}" patternUnits="userSpaceOnUse"><path d="{path}"/></pattern>'
        '<rect width="{width}" height="{height}" fill="url(#star-repeat)"/></svg>',
        width=motif.PITCH * COLUMNS,
        height=motif.PITCH * ROWS,
        pitch=motif.PITCH,
        path=motif.repeat(motif.family(place, count)),
    )


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


@register.simple_tag
@cache
def icon_address() -> str:
    """The site's icon, within the page: browsers ask for it on each first visit, beside what they need to draw the page."""
    return drawing_address(Path(finders.find("img/favicon.svg")).read_text(encoding="utf-8"))


def _drawing(name: str, box: str, path: str) -> SafeString:
    return format_html('<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false"><path d="{}"/></svg>', name, box, path)
