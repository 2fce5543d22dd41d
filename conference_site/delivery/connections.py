"""The connections of this process to the database, so that those that wait for a database in vain can be ended."""

import os
import socket
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from django.db.backends.base.base import BaseDatabaseWrapper

_open: WeakSet[BaseDatabaseWrapper] = WeakSet()


def remember(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Called for each connection that is made."""
    _open.add(connection)


def sever() -> None:
    """End all connections, so that whoever waits for an answer gets an `OperationalError` now.

    A database that was stopped, or a host that is gone, answers nothing and refuses nothing: no timeout of the server's runs
    then, and those of libpq are for the beginning of a connection.
    """
    for connection in list(_open):
        with suppress(Exception):  # one that is being closed by its own thread just now
            end = socket.socket(fileno=os.dup(connection.connection.fileno()))
            end.shutdown(socket.SHUT_RDWR)
            end.close()
