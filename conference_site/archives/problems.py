"""What an operator is told, in one sentence, where a copy can't be made or brought back."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import CommandError
from django.db import DatabaseError, InterfaceError

from conference_site.media.storage import AwayError


class ArchiveError(Exception):
    """Its text is the sentence."""


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Within a command: what is known to go wrong ends it without a traceback."""
    try:
        yield
    except ArchiveError as problem:
        raise CommandError(str(problem)) from problem
    except AwayError as error:
        raise CommandError(f"The bucket can't be used: {error}") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise CommandError(f"There is no room left on the disk{_of(error)}.") from error
        raise CommandError(f"{error.strerror or error}{_of(error)}.") from error
    except (DatabaseError, InterfaceError, psycopg.Error) as error:
        raise CommandError(f"The database can't be used: {' '.join(str(error).split())}") from error


def _of(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""
