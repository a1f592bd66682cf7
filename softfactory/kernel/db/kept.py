"""What was read from the database lately, kept in this process while its generations stand.

A committed write moves a generation before it is acknowledged: so nothing that is kept outlives
what it was made from, on whatever worker and machine that was written.
"""

import threading
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from softfactory.kernel.db import generations
from softfactory.kernel.db.shared import Watch, shared_numbers


class Entry[V](NamedTuple):
    """A value, made from what was read at these numbers or later."""

    value: V
    numbers: Mapping[str, int]
    holds: Watch


class Kept[K: Hashable, V]:
    """At most so many values, the oldest of which make room. Threads share them: change none."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[K, Entry[V]] = {}
        self._writing = threading.Lock()
        _all.append(self)

    def get(self, key: K) -> V | None:
        """Return the value if all that it was made from is as it was."""
        entry = self._entries.get(key)
        if entry is None or not generations.still(entry.numbers, entry.holds):
            return None
        return entry.value

    def keep(self, key: K, value: V, numbers: Mapping[str, int] | None) -> None:
        """Keep a value that was read when these numbers had been, or at once with them; None, as
        `generations.numbers` says it, keeps nothing.
        """
        if numbers is None:
            return
        entry = Entry(value, numbers, shared_numbers().watch(numbers))
        with self._writing:
            self._entries[key] = entry
            if len(self._entries) > self._most:
                del self._entries[next(iter(self._entries))]

    def forget(self, key: K) -> None:
        """Read this one anew."""
        with self._writing:
            self._entries.pop(key, None)

    def forget_all(self) -> None:
        """Read all of them anew."""
        with self._writing:
            self._entries.clear()


_all: list[Kept] = []


def forget_everything() -> None:
    """Read anew whatever is kept, of every kind."""
    for kept in _all:
        kept.forget_all()
