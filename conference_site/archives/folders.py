"""A folder that is made beside the one whose place it takes."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from conference_site.archives.problems import ArchiveError
from conference_site.locks import alone

FORMER = ".former"


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """An empty folder on the same disk, which is gone after the block, unless it has taken ``folder``'s place. One at a time."""
    with alone(f"folder {folder}") as is_ours:
        if not is_ours:
            raise ArchiveError(f"Another command is writing into {folder} just now.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        settle(folder)
        new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_prefix(folder)))
        try:
            yield new
        finally:
            shutil.rmtree(new, ignore_errors=True)


def settle(folder: Path) -> None:
    """Undo what one has left that was killed: between the two renamings, the former folder has no name of its own."""
    former = _former(folder)
    if former.exists() and not folder.exists():
        former.rename(folder)
    for left in (former, *folder.parent.glob(f"{escape(_prefix(folder))}*")):
        shutil.rmtree(left, ignore_errors=True)


def switch(folder: Path, new: Path) -> None:
    """Let ``new`` be the folder."""
    former = _former(folder)
    new.chmod(0o755)
    if folder.exists():
        folder.rename(former)
    new.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def emptied(new: Path) -> None:
    """Take away what is in it, to begin anew."""
    for entry in new.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _prefix(folder: Path) -> str:
    return f".{folder.name}.new-"


def _former(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}{FORMER}")
