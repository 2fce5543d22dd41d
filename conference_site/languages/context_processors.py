"""What every template knows about languages."""

from django.conf import settings
from django.http import HttpRequest

from conference_site.languages import content


def languages(request: HttpRequest) -> dict[str, str]:
    """The page's language and direction, and the site's address for absolute links."""
    language = content.current()
    return {"language": language, "direction": content.direction(language), "site_url": settings.SITE_URL}
