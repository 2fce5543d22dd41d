"""Which archives are kept: the newest of each of the last days, weeks and months that have one."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

NAME = re.compile(r"site-(\d{8}T\d{6}Z)\.tar(\.age)?")
FORM = "%Y%m%dT%H%M%SZ"


def name_for(moment: datetime) -> str:
    return f"site-{moment.astimezone(UTC):{FORM}}.tar"


def moment_of(name: str) -> datetime | None:
    """When an archive of this name was made; None if it isn't the name of one."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], FORM).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def newest_first(names: Iterable[str]) -> list[str]:
    """The names of archives among these."""
    return sorted(filter(moment_of, names), key=lambda name: (moment_of(name), name), reverse=True)


def kept(names: Iterable[str], days: int, weeks: int, months: int) -> list[str]:
    """Those to be kept, the newest first, which is always one of them. Days without an archive don't count."""
    archives = newest_first(names)
    keep = set(archives[:1])
    for most, period in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest: dict[str, str] = {}
        for name in archives:
            newest.setdefault(f"{moment_of(name):{period}}", name)
        keep |= set(list(newest.values())[:most])
    return [name for name in archives if name in keep]
