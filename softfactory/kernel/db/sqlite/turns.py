"""Turns: SQLite lets one connection write at a time, and leaves it to chance who is next.

Whoever finds the database locked sleeps, longer each time, and is passed by all who come meanwhile.
So the threads of a process stand in a queue, and the first one waits for a lock on a file, which
the kernel hands from process to process.
"""

import fcntl
import os
import threading
import time
from collections import deque
from functools import cache

# How long the threads of one process may follow each other: each change of process costs more.
FOLLOWING = 0.05  # seconds


class Turns:
    """The queue of this process for one database, and its place among the others'."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._ours_until: float | None = None  # None: another process may have the file

    def take(self, patience: float) -> bool:
        """Wait for one's turn, and tell whether it came within so many seconds in the queue.

        The first one in the queue waits as long as it takes: other processes are as short.
        """
        called = threading.Lock()
        with self._guard:
            if self._is_taken:
                called.acquire()
                self._waiting.append(called)
            self._is_taken = True
        if not called.acquire(timeout=patience) and self._has_left(called):
            return False
        if self._ours_until is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._ours_until = time.monotonic() + FOLLOWING
        return True

    def _has_left(self, called: threading.Lock) -> bool:
        """Leave the queue, unless one was called that very moment."""
        with self._guard:
            if called not in self._waiting:
                return False
            self._waiting.remove(called)
            return True

    def give_back(self) -> None:
        """Let the next thread write, or another process if none waits or it is their turn."""
        with self._guard:
            if not self._waiting or time.monotonic() > (self._ours_until or 0):
                fcntl.flock(self._file, fcntl.LOCK_UN)
                self._ours_until = None
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


@cache
def turns_of(database: str) -> Turns:
    """Return the queue of this process for a database file."""
    return Turns(f"{database}-turns")


# A fork would share its parent's place.
os.register_at_fork(after_in_child=turns_of.cache_clear)
