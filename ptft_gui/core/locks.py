"""Locks that a process holds as long as it lives: the proof of life of a worker, a device, a window.

POSIX record locks (``fcntl.lockf``) belong to the process: a forked child does not inherit them, and the system
releases them at any kind of death. Their catch is that closing *any* descriptor of the file in the holding process
releases them too, so each lock file is opened once in a process and ``lock_holder`` never opens a file that this
process holds.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

WINDOW_LOCK = ".window.lock"
"""In a folder of runs: held by the one window that may change something in it."""

_held_here: dict[str, HeldLock] = {}
_guard = threading.Lock()


class HeldLock:
    """A lock this process holds; released by :meth:`release` or by the end of the process."""

    def __init__(self, path: str, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def is_in_place(self) -> bool:
        """Whether the file still lies where it was locked; False once it or its folder was moved or deleted."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:  # a disk that does not answer for a moment tells nothing
            return True

    def release(self) -> None:
        with _guard:
            if _held_here.pop(self._path, None) is not None:
                os.close(self._descriptor)


def try_lock(path: Path) -> HeldLock | None:
    """Take the lock, or None when another process holds it (or this one already does). Raises :class:`OSError`."""
    name = os.path.realpath(path)
    with _guard:
        if name in _held_here:
            return None
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            os.close(descriptor)
            if problem.errno in (errno.EACCES, errno.EAGAIN):
                return None
            raise
        held = _held_here[name] = HeldLock(name, descriptor)
        return held


def lock_holder(path: Path) -> int | None:
    """The pid of the process that holds the lock, or None. Takes nothing, so it disturbs nobody."""
    name = os.path.realpath(path)
    with _guard:
        if name in _held_here:
            return os.getpid()
        try:
            descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC)  # a folder may be there only to be read
        except OSError:
            return None
        try:
            return _ask_kernel(descriptor)
        finally:
            os.close(descriptor)


def _ask_kernel(descriptor: int) -> int | None:
    # struct flock as the system lays it out: Linux puts the type first, macOS the offsets.
    if sys.platform == "darwin":
        question = struct.pack("qqihh", 0, 0, 0, fcntl.F_WRLCK, os.SEEK_SET)
        _, _, pid, kind, _ = struct.unpack("qqihh", fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    else:
        question = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack("hhqqi", fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    return None if kind == fcntl.F_UNLCK else int(pid)


@contextlib.contextmanager
def short_lock(path: Path) -> Iterator[None]:
    """Hold the lock for a moment, waiting for it; for changing a small shared file."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
