"""Writing behind the requests' backs: what they leave here is written by a thread, many at once.

No request waits for a disk, a pipe or a database to take it, and none fails with one of them. What
can't be written, or comes faster than it can be, is dropped and counted.
"""

import atexit
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import batched

logger = logging.getLogger(__name__)

#: A batch is written when this many wait, or when the pause is over.
AT_ONCE = 500
PAUSE_BETWEEN_COMPLAINTS = 60  # seconds


class Writer[T]:
    """Hands what is `put` to `write` in lists, every `pause` seconds; keeps `most` at a time."""

    def __init__(
        self, name: str, write: Callable[[list[T]], None], *, pause: float, most: int = 10_000
    ) -> None:
        self._name = name
        self._write = write
        self._pause = pause
        self._most = most
        self._begin()
        _writers.add(self)

    def _begin(self) -> None:
        """Start empty and without a thread: after a fork there is none, whatever the parent had."""
        self._waiting: deque[T] = deque()
        self._dropped = self._told = 0
        self._told_at: float = -PAUSE_BETWEEN_COMPLAINTS
        self._why = "more came than could be written"
        self._is_full = threading.Event()
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def dropped(self) -> int:
        """How many were dropped so far, for want of room or of somebody who took them."""
        return self._dropped

    def put(self, item: T) -> None:
        """Leave `item` to be written soon; costs about a microsecond."""
        if self._thread is None:
            self._start()
        waiting = len(self._waiting) + 1
        if waiting > self._most:
            self._dropped += 1
            return
        self._waiting.append(item)
        if waiting >= AT_ONCE and not self._is_full.is_set():
            self._is_full.set()

    def _start(self) -> None:
        with self._starting, suppress(RuntimeError):  # no thread to be had: the next one asks again
            if self._thread is None:
                thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def _run(self) -> None:
        while True:
            self._is_full.wait(self._pause)
            self._is_full.clear()
            self.flush()
            self._tell()

    def flush(self) -> None:
        """Write what waits, now and in this thread.

        What comes meanwhile waits for the next time: a database that takes as long for a batch as
        a request does would be given each request's by itself.
        """
        with self._writing:
            waiting = (self._waiting.popleft() for _ in range(len(self._waiting)))
            for batch in batched(waiting, AT_ONCE, strict=False):
                self._hand_over(list(batch))

    def _hand_over(self, batch: list[T]) -> None:
        try:
            self._write(batch)
        except Exception as error:  # whatever is wrong there, no request has to do with it
            self._dropped += len(batch)
            self._why = str(error)

    def _tell(self) -> None:
        """Say what was dropped since the last time, at most once a minute."""
        lost = self._dropped - self._told
        if lost and time.monotonic() - self._told_at > PAUSE_BETWEEN_COMPLAINTS:
            self._told, self._told_at = self._dropped, time.monotonic()
            logger.warning("%s: %d dropped: %s", self._name, lost, self._why)


_writers: weakref.WeakSet[Writer] = weakref.WeakSet()


def flush_all() -> None:
    """Write whatever waits anywhere; a process calls this before it ends."""
    for writer in list(_writers):
        writer.flush()


def _begin_anew() -> None:
    for writer in list(_writers):
        writer._begin()


atexit.register(flush_all)
os.register_at_fork(after_in_child=_begin_anew)
