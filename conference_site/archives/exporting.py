"""All content as files that people read: a folder, of which git shows what changed.

All is read, and written beside the folder, before anything in it is touched; then each file that is another takes its place. The
same content is the same bytes: nothing is said of the export itself.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conference_site.archives import content, databases, media
from conference_site.archives.folders import beside, emptied
from conference_site.archives.manifest import is_safe
from conference_site.archives.problems import ArchiveError

NAME, FORMAT = "export.json", 1
TRIES = 3
"""How often it begins anew where a file went between the database's state and its copying."""


@dataclass
class Exported:
    items: int
    """Files of rows; beside these there are those of the media."""
    files: list[str]
    size: int
    changed: int
    """How many files were written or removed."""
    missing: list[str]
    """Files that a row names, and that are nowhere."""


def export(folder: Path) -> Exported:
    """Make ``folder`` what the content is. ArchiveError where something else is in it."""
    folder = folder.absolute()
    before = _own_files(folder)
    with beside(folder) as new:
        missing = _write(new)
        files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        _refuse_others(folder, set(files) - before)
        size = sum((new / file).stat().st_size for file in files)
        changed = _replace(folder, new, before, files, missing)
    items = sum(not file.startswith(media.EXPORTED) for file in files)
    return Exported(items, files, size, changed, missing)


def to_bytes(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def _own_files(folder: Path) -> set[str]:
    """What an earlier export has written there."""
    if not folder.exists() or all(path.name.startswith(".") for path in folder.iterdir()):  # as .git does
        return set()
    try:
        said = json.loads((folder / NAME).read_bytes())
        files = set(said["files"])
        if said["format"] != FORMAT or not all(is_safe(file) for file in files):
            raise ValueError
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ArchiveError(f"The folder {folder} is not empty, and no export has made it: choose another.") from None
    if link := next((file for file in sorted(files) if _leads_elsewhere(folder, file)), None):
        raise ArchiveError(f"In {folder} there is a link to elsewhere on the way to {link}: nothing was changed.")
    return files


def _leads_elsewhere(folder: Path, file: str) -> bool:
    return any((folder / place).is_symlink() for place in [file, *map(str, Path(file).parents)][:-1])


def _refuse_others(folder: Path, new: Iterable[str]) -> None:
    """A file that somebody else has put where one is to be, unless it is just that."""
    for file in sorted(new):
        if _leads_elsewhere(folder, file) or (folder / file).exists():
            raise ArchiveError(f"In {folder} there is {file}, which no export has made: nothing was changed.")


def _write(new: Path) -> list[str]:
    """Again where a file is missing that a row names, for it may have been moved meanwhile; what is missing twice is missing."""
    before = None
    for _each in range(TRIES):
        emptied(new)
        with databases.snapshot():
            for name, said in content.items():
                _put(new / name, [to_bytes(said)])
            named = sorted(media.named())
        missing = [name for name in named if not _copied(new, name)]
        if missing in ([], before):
            break
        before = missing
    return missing


def _copied(new: Path, name: str) -> bool:
    try:
        _put(new / media.EXPORTED / name, media.parts_of(name))
    except FileNotFoundError:
        (new / media.EXPORTED / name).unlink(missing_ok=True)
        return False
    return True


def _put(path: Path, parts: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.writelines(parts)


def _replace(folder: Path, new: Path, before: set[str], files: list[str], missing: list[str]) -> int:
    """Let the files of ``new`` be those of ``folder``. Of one that is killed the next export knows what was its."""
    folder.mkdir(exist_ok=True)
    changed = [file for file in files if not _is_same(new / file, folder / file)]
    gone = sorted(before - set(files))
    _say(folder, {*before, *files}, missing)
    for file in changed:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (new / file).replace(folder / file)
    for file in gone:
        (folder / file).unlink(missing_ok=True)
        _remove_empty(folder, (folder / file).parent)
    _say(folder, files, missing)
    return len(changed) + len(gone)


def _is_same(one: Path, other: Path) -> bool:
    is_there = other.is_file() and one.stat().st_size == other.stat().st_size
    return is_there and one.read_bytes() == other.read_bytes()


def _remove_empty(folder: Path, place: Path) -> None:
    while place != folder and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent


def _say(folder: Path, files: Iterable[str], missing: list[str]) -> None:
    """What export has made here, in a file that is there as a whole."""
    said = to_bytes({"format": FORMAT, "files": sorted(files), "missing": missing})
    path = folder / NAME
    if path.is_file() and path.read_bytes() == said:
        return
    unfinished = folder / f"{NAME}.part"
    unfinished.unlink(missing_ok=True)
    with unfinished.open("xb") as file:
        file.write(said)
        os.fsync(file.fileno())
    unfinished.replace(path)
