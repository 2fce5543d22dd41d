"""What stands around every page: the conference, its announcement, the pages of menu and footer."""

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from conference_site.publishing.structured_data import script
from pages import structured_data
from pages.models import Announcement, Conference, Page
from pages.phase import Standing


class Frame:
    """Reads each thing when a template first asks for it, so that an answer without a frame costs no query."""

    @cached_property
    def conference(self) -> Conference | None:
        return Conference.objects.current()

    @cached_property
    def standing(self) -> Standing | None:
        """The conference as a visitor should see it now."""
        return Standing(self.conference) if self.conference else None

    @property
    def structured_data(self) -> SafeString:
        """The site and the conference."""
        if not self.conference:
            return SafeString("")
        return script(*filter(None, [structured_data.website(self.conference), structured_data.event(self.conference)]))

    @cached_property
    def announcement(self) -> Announcement | None:
        return Announcement.objects.visible().first()

    @cached_property
    def pages(self) -> list[Page]:
        return list(Page.objects.visible().exclude(placement=Page.Placement.NEITHER))

    @property
    def menu_pages(self) -> list[Page]:
        return [page for page in self.pages if page.placement == Page.Placement.MENU]

    @property
    def footer_pages(self) -> list[Page]:
        return [page for page in self.pages if page.placement == Page.Placement.FOOTER]


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame()}
