"""What stands around every page: the conference, its announcement, menu and footer."""

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from conference_site.navigation.menus import Menus
from conference_site.publishing.structured_data import script
from pages import structured_data
from pages.models import Announcement, Conference
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
    def menus(self) -> Menus:
        return Menus.current()


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame()}
