"""The cache that goes on in the database without Redis.

What counts attempts and writes lives here. It must not be lost with Redis, and nobody must be
locked out because Redis is away: while it does not answer, the database takes its place.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections, router

from softfactory.kernel import clock, trace
from softfactory.kernel.trace import CacheUse

if TYPE_CHECKING:
    from softfactory.kernel.cache.remote import CountingRedisCache


class SharedCache(BaseCache):
    """What all workers share: `LOCATION` is its table, `REDIS_URL` the Redis that goes first."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._alias = params["ALIAS"]
        options = dict(params.get("OPTIONS", {}))
        redis_url = options.pop("REDIS_URL", "")
        self._database = _DatabaseCache(table, {**params, "OPTIONS": options})
        self._redis = _in_redis(redis_url, params) if redis_url else None

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        asked = time.perf_counter()
        try:
            return self._ask_first_who_answers(method, *args, **kwargs)
        finally:
            trace.note_cache(CacheUse(self._alias, method, ""), time.perf_counter() - asked)

    def _ask_first_who_answers(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if self._redis is not None:
            with suppress(self._redis.errors):
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


def _in_redis(url: str, params: dict[str, Any]) -> "CountingRedisCache":
    from softfactory.kernel.cache.remote import CountingRedisCache

    return CountingRedisCache(url, {**params, "OPTIONS": settings.REDIS_OPTIONS})
