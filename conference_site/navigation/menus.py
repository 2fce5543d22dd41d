"""The menus as a page shows them."""

from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from conference_site.languages.content import Text
from conference_site.navigation.addresses import kinds
from conference_site.navigation.models import MenuEntry, Section
from conference_site.publishing.models import Publishable

DEFAULT = (
    Section.CONFERENCE,
    Section.GOALS,
    Section.QUESTIONS,
    Section.NEWS,
    Section.PARTNERSHIPS,
    Section.CITIES,
    Section.ORGANISATIONS,
)
"""The header of a site on which nobody has arranged one, and of a page that is drawn without a database."""


@dataclass(frozen=True, slots=True)
class Link:
    """A `MenuEntry` as it stands on every page of one language."""

    url: str
    within: str
    title: Text
    html: SafeString

    @classmethod
    def to(cls, entry: MenuEntry) -> "Link":
        """In the language that is active."""
        text = entry.text
        return cls(entry.url, entry.within, entry.title, conditional_escape(text) if entry.section else text.isolated)


@dataclass(frozen=True, slots=True)
class Links:
    """The menus as they stand on every page of one language; the home page also names the header's first link to an item."""

    header: list[Link]
    footer: list[Link]
    first_item: Link | None


@dataclass(frozen=True, slots=True)
class Menus:
    header: list[MenuEntry]
    footer: list[MenuEntry]

    def links(self) -> Links:
        """In the language that is active."""
        header, footer = ([Link.to(entry) for entry in entries] for entries in (self.header, self.footer))
        return Links(header, footer, next((link for link, entry in zip(header, self.header, strict=True) if entry.item), None))

    @classmethod
    def default(cls) -> "Menus":
        """Every section, and nothing in the footer. Needs no database."""
        return cls([MenuEntry(section=section) for section in DEFAULT], [])

    @classmethod
    def current(cls) -> "Menus":
        """Those of this moment, in one query: the links that lead anywhere."""
        entries = list(MenuEntry.objects.with_items())
        by_place = {place: [entry for entry in entries if entry.place == place and entry.is_shown] for place in MenuEntry.Place}
        return cls(**by_place) if entries else cls.default()


def left_out() -> list[str | Publishable]:
    """What is public and to be found by no menu: the names of sections, and the items that stand in no section."""
    menus = Menus.current()
    entries = [*menus.header, *menus.footer]
    sections, items = {entry.section for entry in entries}, {(entry.kind, entry.object_id) for entry in entries}
    missing: list[str | Publishable] = []
    for kind, model in kinds().items():
        if not model.list_name:
            missing += [item for item in model.objects.visible() if (kind, item.pk) not in items]
        elif model.list_name not in sections and model.objects.visible().exists():
            missing.append(Section(model.list_name).label)
    return missing
