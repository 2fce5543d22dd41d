"""Content that `export` wrote, or a person, becomes the site's: as a whole, or not at all.

All of it is read and judged before anything is written: each value has to be as the site itself would write it, which for rich
text means that the sanitiser would leave it as it is. What the models say in `clean` of one row among others is not asked, for
it was asked when the row was made; the database's own constraints hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation

from conference_site.archives import content, media
from conference_site.archives.judging import Judge, Rows
from conference_site.archives.problems import ArchiveError
from conference_site.locks import alone
from conference_site.media import renditions, storage
from conference_site.publishing import versions
from conference_site.search import indexing


@dataclass
class Imported:
    items: int
    files: int
    rows: int
    strangers: list[str]
    """The names of authors who have no account here."""


def import_content(folder: Path, *, replace: bool = False) -> Imported:
    """Let the site's content be that of ``folder``. ArchiveError where it can't be: then nothing has changed."""
    with translation.override(settings.LANGUAGE_CODE), alone("import") as is_ours:
        if not is_ours:
            raise ArchiveError("Another import is going on just now.")
        people = dict(get_user_model().objects.values_list("username", "pk"))
        rows = Judge(folder, people).read()
        files = _Files(folder, rows.files)
        try:
            with transaction.atomic():
                _lock()
                former = media.named() if replace else _refuse_content()
                _remove_all()
                _write(rows)
                files.add()
                versions.rebuild()
                indexing.rebuild()
        except BaseException as problem:
            files.take_back()
            if isinstance(problem, IntegrityError):
                raise ArchiveError(
                    f"The database refuses it: {' '.join(str(problem).split())}. Nothing was changed."
                ) from problem
            raise
        files.forget(former)
    return Imported(rows.items, len(rows.files), len(rows.instances), sorted(rows.strangers))


def _tables() -> list[type[models.Model]]:
    """The models of content, those of links between them included."""
    kinds = list(content.kinds().values())
    return [*kinds, *(field.remote_field.through for model in kinds for field in model._meta.many_to_many)]


def _lock() -> None:
    """Whoever writes content waits until the import has ended; who reads it goes on."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in _tables())
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _refuse_content() -> set[str]:
    filled = [str(model._meta.verbose_name_plural) for model in content.kinds().values() if model._base_manager.exists()]
    if filled:
        more = f" and {len(filled) - 3} kinds more" if len(filled) > 3 else ""
        raise ArchiveError(f"There is content in the site ({', '.join(filled[:3])}{more}): --replace takes all of it away first.")
    return set()


def _remove_all() -> None:
    """Content, and what else is said of its items: who has them open, links to their previews, which addresses stand in them."""
    for model in apps.get_models():
        if model._meta.managed and content.is_attached(model) and model._meta.label_lower not in content.kinds():
            model._base_manager.all().delete()
    for model in _tables():
        model._base_manager.all()._raw_delete(connection.alias)


def _write(rows: Rows) -> None:
    """As they are: with their keys and moments. References are looked at when the transaction ends."""
    for row in rows.instances:
        row.save_base(raw=True, force_insert=True)
    for through, pairs in rows.links.items():
        through._base_manager.bulk_create([through(**pair) for pair in pairs])
    connection.check_constraints()
    for model, highest in content.numbered(rows.instances).items():
        _count_on(model, highest)


def _count_on(model: type[models.Model], highest: int) -> None:
    """No key that was ever somebody's is given to something new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', model._meta.pk.column])
        [sequence] = cursor.fetchone()
        if sequence:
            cursor.execute("SELECT setval(%s, greatest(%s, pg_sequence_last_value(%s::regclass)))", [sequence, highest, sequence])


class _Files:
    """The media of a folder, beside the site's own until the database has changed."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder, self._names, self._added = folder, set(names), []

    def add(self) -> None:
        for name in sorted(self._names):
            if not default_storage.exists(name):
                self._added.append(name)
                with (self._folder / media.EXPORTED / name).open("rb") as file:
                    default_storage.save(name, File(file, name))

    def take_back(self) -> None:
        for name in self._added:
            default_storage.delete(name)

    def forget(self, former: set[str]) -> None:
        """Those of the content that was replaced, with what was drawn of them."""
        for name in sorted(former - self._names):
            default_storage.delete(name)
            storage.clear(renditions.folder_of(name.removeprefix(storage.WITHDRAWN)))
