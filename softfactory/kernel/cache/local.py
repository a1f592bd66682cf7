"""The cache in the memory of one process, bounded in bytes."""

from collections import OrderedDict
from typing import Any

from django.core.cache.backends import locmem
from django.core.cache.backends.base import DEFAULT_TIMEOUT

from softfactory.kernel.cache.noted import NotedMixin


class _Sized(OrderedDict[str, bytes]):
    """Entries whose bytes are counted, whichever way one comes or goes."""

    size = 0

    def __setitem__(self, key: str, value: bytes) -> None:
        self.size += len(value) - len(self.get(key, b""))
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.size -= len(self[key])
        super().__delitem__(key)

    def popitem(self, last: bool = True) -> tuple[str, bytes]:
        key = next(reversed(self) if last else iter(self))
        value = self[key]
        del self[key]
        return key, value

    def clear(self) -> None:
        super().clear()
        self.size = 0


class LocalCache(NotedMixin, locmem.LocMemCache):
    """Django's cache in the memory of one process, bounded by `MOST_BYTES` as well as in number.

    What was not asked for the longest goes first.
    """

    _cache: _Sized

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        locmem._caches.setdefault(name, _Sized())  # type: ignore[attr-defined]
        super().__init__(name, params)
        self._most_bytes = params["OPTIONS"]["MOST_BYTES"]

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        super()._set(key, value, timeout)  # type: ignore[misc]
        while self._cache.size > self._most_bytes:
            oldest, _value = self._cache.popitem()
            del self._expire_info[oldest]  # type: ignore[attr-defined]

    def count_entries(self) -> int:
        """Return how many there are, those that have expired included until they are pushed out."""
        return len(self._cache)
