"""The textarea that becomes an editor where there is JavaScript."""

import json

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django_prose_editor.widgets import importmap
from js_asset import ImportMap, Media, Script

from conference_site.languages.content import direction, language_name
from conference_site.languages.text import INVISIBLE
from conference_site.richtext import patterns


class RichTextWidget(forms.Textarea):
    """Set ``lang`` and ``dir`` among its attributes: the editor takes them over.

    Everything the browser has to know comes with it: the words of the toolbar in the language of the desk, the
    languages in which a passage can be marked, and what counts as an address.
    """

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 14} | (attrs or {}))

    @property
    def media(self) -> Media:
        modules = {f"richtext/{name}": f"richtext/{name}.js" for name in ("dialog", "paste", "schema", "toolbar")}
        return Media(
            importmap=importmap | ImportMap(modules),
            css={"all": ["django_prose_editor/material-icons.css", "richtext/richtext.css"]},
            js=[Script("richtext/editor.js", type="module")],
        )

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-richtext"] = json.dumps(configuration())
        return context

    def use_required_attribute(self, initial: object) -> bool:
        """A browser cannot point at a textarea that the editor has taken the place of: the server says what is missing."""
        return False


def configuration() -> dict[str, object]:
    return {
        "words": words(),
        "languages": [
            {
                "code": code,
                "name": str(name),
                "dir": direction(code),
                "label": _("Mark as %(language)s") % {"language": language_name(code)},
            }
            for code, name in settings.LANGUAGES
        ],
        "patterns": {
            "address": patterns.ADDRESS,
            "picture": patterns.picture(settings.MEDIA_URL),
            "invisible": INVISIBLE.pattern,
            "item": patterns.ITEM,
            "number": patterns.NUMBER,
            "wordLevel": patterns.WORD_LEVEL,
            "wordMarker": patterns.WORD_MARKER,
            "bold": patterns.BOLD,
            "notBold": patterns.NOT_BOLD,
            "italic": patterns.ITALIC,
            "inline": patterns.INLINE,
        },
    }


def words() -> dict[str, str]:
    """What the toolbar and its dialogs say."""
    return {
        "toolbar": _("Formatting"),
        "block": _("Kind of paragraph"),
        "paragraph": _("Paragraph"),
        "heading2": _("Heading"),
        "heading3": _("Subheading"),
        "heading4": _("Minor heading"),
        "bold": _("Strong"),
        "italic": _("Emphasis"),
        "bulletList": _("Bulleted list"),
        "orderedList": _("Numbered list"),
        "blockquote": _("Quotation"),
        "link": _("Link"),
        "picture": _("Picture"),
        "table": _("Table"),
        "horizontalRule": _("Dividing line"),
        "hardBreak": _("Line break"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "addRowAfter": _("Add row"),
        "deleteRow": _("Delete row"),
        "addColumnAfter": _("Add column"),
        "deleteColumn": _("Delete column"),
        "toggleHeaderCell": _("Header cell"),
        "mergeOrSplit": _("Merge or split cells"),
        "deleteTable": _("Delete table"),
        "address": _("Address"),
        "addressHelp": _("Begins with https://, mailto: or tel:, or with / for a page of this site."),
        "pictureAddress": _("Address in the picture library"),
        "pictureHelp": _("Begins with %(media)s.") % {"media": settings.MEDIA_URL},
        "alternative": _("Alternative text"),
        "caption": _("Caption"),
        "alternativeHelp": _("What the picture shows, for those who cannot see it."),
        "apply": _("Apply"),
        "remove": _("Remove"),
        "cancel": _("Cancel"),
    }
