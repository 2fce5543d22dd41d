"""What Django's log says of a change. It keeps the labels of fields in English, and translates only those that are messages."""

import json
import re

from babel.lists import format_list
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext, to_locale

from conference_site.languages.content import current

IN_A_LANGUAGE = re.compile(r"(.+) \((.+)\)")
djangos_message = LogEntry.get_change_message


def name_fields_in_log() -> None:
    LogEntry.get_change_message = change_message


def change_message(entry: LogEntry) -> str:
    try:
        changes = json.loads(entry.change_message)
        for details in [details for change in changes for details in change.values() if "fields" in details]:
            names = [name_of_field(label) for label in details["fields"]]
            details["fields"] = [format_list(names, locale=to_locale(current()))]  # Django's «و» would stand alone
    except (ValueError, TypeError, AttributeError):
        return djangos_message(entry)  # no list of changes: a sentence, as it stands
    return djangos_message(LogEntry(change_message=json.dumps(changes)))


def name_of_field(label: str) -> str:
    """“Title (Arabic)” and “Page address”, whose messages are “title”, “Arabic” and “page address”."""
    if found := IN_A_LANGUAGE.fullmatch(label):
        return f"{name_of_field(found[1])} ({gettext(found[2])})"
    message = label[:1].lower() + label[1:]
    return gettext(label) if gettext(label) != label else gettext(message) if gettext(message) != message else label
