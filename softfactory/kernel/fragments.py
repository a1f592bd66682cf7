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

MOST_CHARACTERS = 2_500_000  # in each process: thousands of cards


class Fragments:
    """A bounded number of characters or bytes; what was not asked for the longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get[Piece: (SafeString, bytes)](
        self, key: Hashable, make: Callable[[], Piece], *, beside: int = 0
    ) -> Piece:
        """Return the fragment of this key, which `make` makes if nobody made it yet.

        `beside` is how much the key takes, where that is more than the fragment.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                fragment: Piece = kept[0]
                return fragment
        fragment = make()
        size = len(fragment) + beside
        with self._lock:
            _before, size_before = self._kept.pop(key, (None, 0))
            self._kept[key] = fragment, size
            self._size += size - size_before
            while self._size > self._most:
                _key, (_oldest, its_size) = self._kept.popitem(last=False)
                self._size -= its_size
        return fragment

    def clear(self) -> None:
        """Forget all, to measure what it costs to make them."""
        with self._lock:
            self._kept.clear()
            self._size = 0


fragments = Fragments(MOST_CHARACTERS)
