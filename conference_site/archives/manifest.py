"""What an archive says of itself: where it comes from, and what is in it to the last byte and row."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from conference_site.archives.problems import ArchiveError
from conference_site.archives.tar import LONGEST_NAME, Content

FORMAT = 1
NAME, DUMP, MEDIA = "manifest.json", "database.dump", "media/"
MOST_BYTES = 64 * 1024 * 1024
"""Of a manifest, which is read into memory: that of some 400,000 files."""
LONGEST_PART = 255
"""Bytes of what is between two slashes of a name, on every disk."""
DIGEST = re.compile(r"[0-9a-f]{64}")
UNKNOWN = Content(10**15, "0" * 64)


class Table(NamedTuple):
    """How many rows a table has, and the sum of their digests, in which their order plays no part."""

    rows: int
    sum: str


@dataclass
class Manifest:
    made_at: datetime
    """The database's clock when its state was taken, which is that of the pages too."""
    site: str
    code: str
    """A digest of the code: pages are the same only where it is."""
    server: str
    server_major: int
    dump_major: int
    """Of pg_dump: an older pg_restore can't read what it wrote."""
    migrations: list[str]
    tables: dict[str, Table]
    pages: dict[str, str] = field(default_factory=dict)
    """Digests of a sample of public pages, by their paths."""
    files: dict[str, Content] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Files that a row names, and that were nowhere when the archive was made."""
    format: int = FORMAT

    @property
    def sums(self) -> str:
        """How much there is, in words."""
        rows = sum(table.rows for table in self.tables.values())
        return f"{len(self.tables)} tables with {rows:,} rows, {len(self.media):,} files"

    @property
    def media(self) -> dict[str, Content]:
        """The files of the media folder, by their names there."""
        return {name.removeprefix(MEDIA): content for name, content in self.files.items() if name.startswith(MEDIA)}

    def to_bytes(self, size: int = 0) -> bytes:
        """As JSON, which may end in blanks."""
        plain = asdict(self) | {
            "made_at": self.made_at.astimezone(UTC).isoformat(),
            "tables": {name: table._asdict() for name, table in self.tables.items()},
            "files": {name: content._asdict() for name, content in self.files.items()},
        }
        first = {"format": plain.pop("format")}
        return json.dumps(first | plain, indent=1).encode().ljust(size)

    def largest(self, media: list[str], named: set[str]) -> int:
        """How many bytes it may have at most when these files are in it, or are missing."""
        files = dict.fromkeys([DUMP, *(MEDIA + name for name in media)], UNKNOWN)
        return len(Manifest(**vars(self) | {"files": files, "missing": sorted(named)}).to_bytes())

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        try:
            plain = json.loads(content)
            if plain["format"] != FORMAT:
                raise ArchiveError(f"The archive has the format {str(plain['format'])[:20]}, and this site knows {FORMAT} only.")
            plain["made_at"] = datetime.fromisoformat(plain["made_at"])
            plain["tables"] = {name: Table(**table) for name, table in plain["tables"].items()}
            plain["files"] = {name: Content(**content) for name, content in plain["files"].items()}
            manifest = cls(**plain)
            manifest._check()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ArchiveError("The archive's manifest can't be read.") from error
        return manifest

    def _check(self) -> None:
        """That everything is of its kind, and no name leads anywhere else."""
        if not (self.made_at.tzinfo and isinstance(self.server_major, int) and isinstance(self.dump_major, int)):
            raise ValueError(self.made_at)
        texts = [self.site, self.code, self.server, *self.migrations, *self.missing, *self.pages, *self.pages.values()]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(texts)
        for table in self.tables.values():
            if not (isinstance(table.rows, int) and isinstance(table.sum, str)):
                raise TypeError(table)
        if DUMP not in self.files:
            raise ArchiveError("The archive has no database in it.")
        for name, (size, digest) in self.files.items():
            if not (isinstance(size, int) and size >= 0 and DIGEST.fullmatch(digest)):
                raise ValueError(name)
            if name != DUMP and not (name.startswith(MEDIA) and is_safe(name.removeprefix(MEDIA))):
                raise ArchiveError(f"The archive names a file that must not be: “{name[:200]}”.")

    def refuse_unknown_migrations(self) -> None:
        """The database of a later version of the site means nothing to this one."""
        known = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
        if unknown := sorted(set(self.migrations) - known):
            raise ArchiveError(
                f"The archive is of a later version of the site: it has the migration {unknown[0][:100]}, and this code has not."
            )


def is_safe(name: str) -> bool:
    """Whether this is the name of a file below a folder, whatever that is, and of none that begins with a dot at its top."""
    parts = name.split("/")
    is_plain = not name.startswith(".") and not {"", ".", ".."} & set(parts) and "\0" not in name and "\\" not in name
    return is_plain and _bytes(name) <= LONGEST_NAME and max(map(_bytes, parts)) <= LONGEST_PART


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def applied_migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


@cache
def code_digest() -> str:
    """A digest of the code, templates and translations of this site."""
    digest = sha256()
    for folder in ("conference_site", "pages", "partners", "news", "templates", "locale", "static"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".po", ".css", ".js", ".svg"}:
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
