"""The caches as configured: one in Redis, and one that goes on in the database without it.

What counts attempts and writes lives in the second. It must not be lost with Redis, and nobody
must be locked out because Redis is away: while it does not answer, the database takes its place.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections, router
from django_redis import cache as django_redis
from redis.exceptions import RedisError

from softfactory.kernel import clock


class RedisCache(django_redis.RedisCache):
    """django-redis's, which clears its own entries and not the whole of Redis."""

    def clear(self) -> None:
        self.delete_pattern("*")


class SharedCache(BaseCache):
    """What all workers share: `LOCATION` is its table, `REDIS_URL` the Redis that goes first."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params.get("OPTIONS", {}))
        redis_url = options.pop("REDIS_URL", "")
        self._database = _DatabaseCache(table, {**params, "OPTIONS": options})
        self._redis = (
            _CountingRedisCache(redis_url, {**params, "OPTIONS": settings.REDIS_OPTIONS})
            if redis_url
            else None
        )

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
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


class _CountingRedisCache(RedisCache):
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
