"""Caches of whose use the request's trace hears."""

import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from softfactory.kernel import trace
from softfactory.kernel.trace import CacheUse

_MISSING = object()


class NotedMixin(BaseCache):
    """A cache whose hits, misses and sets the request's trace hears of, by the cache's `ALIAS`."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)  # type: ignore[arg-type, call-arg]
        self._found, self._missed, self._kept = _uses(params["ALIAS"])

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        asked = time.perf_counter()
        value = super().get(key, _MISSING, version)
        is_hit = value is not _MISSING
        trace.note_cache(self._found if is_hit else self._missed, time.perf_counter() - asked)
        return value if is_hit else default

    def set(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        asked = time.perf_counter()
        super().set(key, value, timeout, version)
        trace.note_cache(self._kept, time.perf_counter() - asked)


def _uses(alias: str) -> tuple[CacheUse, CacheUse, CacheUse]:
    return CacheUse(alias, "get", "hit"), CacheUse(alias, "get", "miss"), CacheUse(alias, "set", "")
