from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from PIL import features


class CardsConfig(AppConfig):
    name = "conference_site.cards"


@register
def letters_are_joined(**kwargs: object) -> list[CheckMessage]:
    """Raqm joins Arabic letters and puts them in order. Pillow's own wheels have it; one that was built elsewhere may not."""
    if features.check("raqm"):
        return []
    return [Error("Pillow was built without Raqm: Arabic titles can't be drawn.", hint="Use Pillow's wheel.", id="cards.E001")]
