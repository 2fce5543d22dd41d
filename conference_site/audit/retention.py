"""The log isn't kept for ever: it is about people."""

from django.conf import settings
from django.db import connection


def forget() -> int:
    """Delete what is older than `settings.LOG_MONTHS`, as the log itself will say. Returns how many entries there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_forget(%s)", [settings.LOG_MONTHS])
        return cursor.fetchone()[0]
