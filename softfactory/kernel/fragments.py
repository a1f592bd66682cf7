"""What looks the same again and again, kept in this process by what it shows: pieces of pages as
text, and whole pages as the bytes that are sent.

A key holds all that decides how the piece looks, so what is kept is never wrong and nothing ever
has to be taken out but for room. A new release starts new processes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from django.utils.safestring import SafeString

MOST_CHARACTERS = 4_000_000  # in each process: thousands of cards


class Fragments:
    """A bounded number of characters or bytes; what was not asked for the longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get[Piece: (SafeString, bytes)](self, key: Hashable, make: Callable[[], Piece]) -> Piece:
        """Return the fragment of this key, which `make` makes if nobody made it yet."""
        with self._lock:
            fragment: Piece | None = self._kept.get(key)
            if fragment is not None:
                self._kept.move_to_end(key)
                return fragment
        fragment = make()
        with self._lock:
            self._size += len(fragment) - len(self._kept.pop(key, b""))
            self._kept[key] = fragment
            while self._size > self._most:
                _key, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)
        return fragment

    def clear(self) -> None:
        """Forget all, to measure what it costs to make them."""
        with self._lock:
            self._kept.clear()
            self._size = 0


fragments = Fragments(MOST_CHARACTERS)
