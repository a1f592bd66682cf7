"""Values in mapped files, as prometheus-client reads them, of which a request moves many at once.

Its own class takes a lock, asks for the process's id and packs bytes for each value. A request
moves up to twenty: here one lock, and one look whether this is a fork, are for all of them, and
each is a word of the file's memory. It is written at once: nobody who reads finds half of one.
"""

import os
import threading
from collections.abc import Iterable
from typing import Any

from prometheus_client.mmap_dict import MmapedDict, mmap_key

_lock = threading.Lock()
_files: dict[str, MmapedDict] = {}
_values: list["MappedValue"] = []
_is_forked = False


class MappedValue:
    """A number of this process in its file, which outlives the process."""

    _multiprocess = True

    def __init__(
        self,
        kind: str,
        metric: str,
        name: str,
        labels: Any,
        texts: Any,
        help_text: str,
        multiprocess_mode: str = "",
        **_ignored: Any,
    ) -> None:
        self._place = f"{kind}_{multiprocess_mode}" if kind == "gauge" else kind
        self._key = mmap_key(metric, name, labels, texts, help_text)
        with _lock:
            _open_anew_after_fork()
            self._open()
            _values.append(self)

    def _open(self) -> None:
        """Find its place in the file of this process; the lock is held."""
        if self._place not in _files:
            path = f"{os.environ['PROMETHEUS_MULTIPROC_DIR']}/{self._place}_{os.getpid()}.db"
            _files[self._place] = MmapedDict(path)
        self._file = _files[self._place]
        self.value, _timestamp = self._file.read_value(self._key)  # takes a place, if it has none
        # A file that grows is mapped again; what is written to the mapping of before is in it too.
        self.words = memoryview(self._file._m).cast("d")
        self.at = self._file._positions[self._key] // self.words.itemsize

    def leave(self) -> None:
        """Let go of the file, which can't be closed before; the lock is held."""
        self.words.release()

    def inc(self, amount: float) -> None:
        move_all(((self, amount),))

    def set(self, value: float, timestamp: float | None = None) -> None:
        with _lock:
            _open_anew_after_fork()
            self.words[self.at] = self.value = value

    def get(self) -> float:
        with _lock:
            _open_anew_after_fork()
            return self.value


class LoneValue(MappedValue):
    """A number that this process keeps to itself, where no file can be written."""

    def _open(self) -> None:
        self.words = memoryview(bytearray(8)).cast("d")
        self.value, self.at = 0.0, 0


def move_all(moves: Iterable[tuple[Any, float]]) -> None:
    """Add to each of these values its amount, under one lock."""
    with _lock:
        _open_anew_after_fork()
        for value, amount in moves:
            value.value = moved = value.value + amount
            value.words[value.at] = moved


def _open_anew_after_fork() -> None:
    """Count from nothing in files of one's own: what the parent counted is the parent's."""
    global _is_forked  # noqa: PLW0603
    if not _is_forked:
        return
    _is_forked = False
    for value in _values:
        value.leave()
    for file in _files.values():
        file.close()
    _files.clear()
    for value in _values:
        value._open()


def _forked() -> None:
    global _is_forked, _lock  # noqa: PLW0603
    _is_forked = True
    _lock = threading.Lock()  # another thread of the parent may have held it


os.register_at_fork(after_in_child=_forked)
