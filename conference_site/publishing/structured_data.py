"""What a page is about, for search engines: schema.org in JSON-LD, of known facts only.

A model says in ``structured_data()`` what its items are; where a page stands in the site is said for all of them here.
"""

from typing import Any

from django.conf import settings
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conference_site.languages.content import text_of

Thing = dict[str, Any]


def thing(kind: str, **facts: Any) -> Thing:
    """A thing of a type of schema.org; a fact that is empty isn't known, and left out."""
    return {"@type": kind, **{name: value for name, value in facts.items() if value}}


def whole(path: str) -> str:
    """An address of this site in full."""
    return settings.SITE_URL + path


def script(*things: Thing) -> SafeString:
    """The things as a data block, which no browser runs. Escaped as Django's `json_script` does."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    return mark_safe(json_script(graph).replace("application/json", "application/ld+json", 1))  # noqa: S308 - escaped above


def item_page(item: Any) -> Thing:
    """An item that is nothing more particular than a page: its address, name and language."""
    return thing("WebPage", **naming(item))


def naming(item: Any) -> dict[str, str]:
    """What is said of every item that has a page."""
    name = text_of(item, item.headline)
    return {"name": " ".join(name.text.split()), "url": whole(item.get_absolute_url()), "inLanguage": name.language}


def breadcrumbs(*steps: tuple[str, str]) -> Thing:
    """The way to a page from the home page: a name and a path for each step."""
    elements = [
        thing("ListItem", position=number, name=name, item=whole(path)) for number, (name, path) in enumerate(steps, start=1)
    ]
    return thing("BreadcrumbList", itemListElement=elements)


def of_item(item: Any, home: str, section: tuple[str, str] | None = None) -> SafeString:
    """All that is said on the page of an item, which stands in a section of the site."""
    about = item.structured_data() if hasattr(item, "structured_data") else item_page(item)
    steps = [(_("Home"), home), *filter(None, [section]), (naming(item)["name"], item.get_absolute_url())]
    return script(about, breadcrumbs(*steps))
