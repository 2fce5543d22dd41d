"""The log isn't kept for ever: it is about people."""

from django.conf import settings
from django.db import connection

AT_ONCE = 20_000
"""How many entries `audit_forget` deletes at a time."""


def forget() -> float | None:
    """Delete what is older than `settings.LOG_MONTHS`, as the log itself will say. Returns in how many seconds to go on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget(%s)", [settings.LOG_MONTHS])
        return 5 if cursor.fetchone()[0] == AT_ONCE else None
