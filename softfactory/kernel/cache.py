"""The caches as configured: one in Redis, and one that goes on in the database without it.

What counts attempts and writes lives in the second. It must not be lost with Redis, and nobody
must be locked out because Redis is away: while it does not answer, the database takes its place.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache.backends import db, locmem
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections, router
from django_redis import cache as django_redis
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from softfactory.kernel import clock, trace
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


class _OwnRedisCache(django_redis.RedisCache):
    """django-redis's, which clears its own entries and not the whole of Redis."""

    def clear(self) -> None:
        self.delete_pattern("*")


class RedisCache(NotedMixin, _OwnRedisCache):
    """The cache that machines share."""

    def count_entries(self) -> int | None:
        """Return how many there are; None while Redis does not answer."""
        try:
            return sum(1 for _key in self.iter_keys("*", itersize=1_000))
        except ConnectionInterrupted:
            return None

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        wanted = list(keys)
        asked = time.perf_counter()
        found = super().get_many(wanted, version)
        trace.note_cache(self._found, time.perf_counter() - asked, len(found))
        trace.note_cache(self._missed, 0.0, len(wanted) - len(found))
        return found


class SharedCache(BaseCache):
    """What all workers share: `LOCATION` is its table, `REDIS_URL` the Redis that goes first."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._alias = params["ALIAS"]
        options = dict(params.get("OPTIONS", {}))
        redis_url = options.pop("REDIS_URL", "")
        self._database = _DatabaseCache(table, {**params, "OPTIONS": options})
        self._redis = (
            _CountingRedisCache(redis_url, {**params, "OPTIONS": settings.REDIS_OPTIONS})
            if redis_url
            else None
        )

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        asked = time.perf_counter()
        try:
            return self._ask_first_who_answers(method, *args, **kwargs)
        finally:
            trace.note_cache(CacheUse(self._alias, method, ""), time.perf_counter() - asked)

    def _ask_first_who_answers(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if self._redis is not None:
            with suppress(RedisError):
                return getattr(self._redis, method)(*args, **kwargs)
        return getattr(self._database, method)(*args, **kwargs)

    def count(self, windows: Mapping[str, int]) -> list[int]:
        """Count one more under each key, which is kept for so many seconds; return the counts."""
        return self._ask("count", windows)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._ask("add", key, value, timeout=timeout, version=version)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask("set", key, value, timeout=timeout, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask("touch", key, timeout=timeout, version=version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask("delete", key, version=version)

    def clear(self) -> None:
        self._ask("clear")


class _CountingRedisCache(_OwnRedisCache):
    def count(self, windows: Mapping[str, int]) -> list[int]:
        pipeline = self.client.get_client(write=True).pipeline()
        for key, seconds in windows.items():
            made = self.make_and_validate_key(key)
            pipeline.incr(made).expire(made, seconds)
        return pipeline.execute()[::2]


class _DatabaseCache(db.DatabaseCache):
    _table: str

    def count(self, windows: Mapping[str, int]) -> list[int]:
        """Count in one statement: values are digits here, not the pickles that `set` makes."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)
        keys = [self.make_and_validate_key(key) for key in windows]
        rows = []
        for key, seconds in zip(keys, windows.values(), strict=True):
            expires = clock.now() + timedelta(seconds=seconds)
            rows += [key, "1", connection.ops.adapt_datetimefield_value(expires)]
        values = ", ".join(["(%s, %s, %s)"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (cache_key, value, expires) VALUES {values} "  # nosec B608
                "ON CONFLICT (cache_key) DO UPDATE "
                f"SET value = CAST(CAST({table}.value AS INTEGER) + 1 AS VARCHAR(20)) "
                "RETURNING cache_key, value",
                rows,
            )
            counts = dict(cursor.fetchall())
        return [int(counts[key]) for key in keys]
