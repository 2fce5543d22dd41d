"""What stands around every page: the conference, its announcement, menu and footer."""

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from conference_site.delivery.middleware import RENDERING
from conference_site.languages.content import current
from conference_site.navigation.menus import Links, Menus
from conference_site.publishing.structured_data import script
from pages import structured_data
from pages.models import Announcement, Conference
from pages.phase import Standing


class Frame:
    """Reads each thing when a template first asks for it, so that an answer without a frame costs no query."""

    _kept: tuple[object, dict[str, "Frame"]] = (None, {})

    @classmethod
    def of(cls, version: object) -> "Frame":
        """That of a version of what is public, and of the active language, read once for all pages; only the last is kept."""
        kept, frames = cls._kept
        if kept != version:
            frames = {}
            cls._kept = version, frames
        return frames.setdefault(current(), cls())

    @cached_property
    def conference(self) -> Conference | None:
        return Conference.objects.current()

    @cached_property
    def standing(self) -> Standing | None:
        """The conference as a visitor should see it now."""
        return Standing(self.conference) if self.conference else None

    @cached_property
    def structured_data(self) -> SafeString:
        """The site and the conference."""
        if not self.conference:
            return SafeString("")
        return script(*filter(None, [structured_data.website(self.conference), structured_data.event(self.conference)]))

    @cached_property
    def announcement(self) -> Announcement | None:
        return Announcement.objects.visible().first()

    @cached_property
    def menus(self) -> Links:
        return Menus.current().links()


def frame(request: HttpRequest) -> dict[str, Frame]:
    """One for all pages that are rendered under the same version for the page store; for any other answer one of its own."""
    rendering = request.environ.get(RENDERING)
    return {"frame": Frame.of(rendering.version) if rendering else Frame()}
