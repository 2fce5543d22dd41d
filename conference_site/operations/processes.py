"""Child processes that cannot outlive the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psutil

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in Linux's <sys/prctl.h>


class CannotStartError(Exception):
    """The start cannot go on. Its text is one sentence for the person who asked for it."""


def die_with_parent(wish: signal.Signals) -> None:
    """Have the kernel send ``wish`` to this process when its parent ends, however that happens.

    Only Linux can. Elsewhere a parent that is killed with -9 leaves its children, of which the next start stops the database.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, wish)


def start(command: Sequence[str | os.PathLike[str]], wish: signal.Signals, **options: Any) -> subprocess.Popen:
    """Start ``command``, which receives ``wish`` if this process dies first; ``options`` are Popen's.

    It is in a process group of its own: a Ctrl-C in the terminal reaches only this process, which stops its children in order.
    """
    parent = os.getpid()

    def before_exec() -> None:
        die_with_parent(wish)
        if os.getppid() != parent:  # it died before the kernel knew the wish
            os._exit(1)

    options = {"stdin": subprocess.DEVNULL} | options
    return subprocess.Popen(command, process_group=0, preexec_fn=before_exec, **options)  # noqa: PLW1509 - no threads here


def stop(process: psutil.Process, *escalation: tuple[signal.Signals, float]) -> None:
    """Send each signal of ``escalation`` and wait so many seconds for the end; after the last of them, kill."""
    for wish, seconds in (*escalation, (signal.SIGKILL, 5)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(wish)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if has_ended(process):
                return
            time.sleep(0.03)


def has_ended(process: psutil.Process) -> bool:
    """Whether the process is gone, or only waits for its parent to notice (which an orphan's new parent may never do)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
