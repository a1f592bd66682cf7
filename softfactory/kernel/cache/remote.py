"""The caches in Redis, whose library is loaded only where there is one."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django_redis import cache as django_redis
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from softfactory.kernel import trace
from softfactory.kernel.cache.noted import NotedMixin


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


class CountingRedisCache(_OwnRedisCache):
    """The one in Redis that counts attempts, and raises `errors` when it can't."""

    errors = RedisError

    def count(self, windows: Mapping[str, int]) -> list[int]:
        pipeline = self.client.get_client(write=True).pipeline()
        for key, seconds in windows.items():
            made = self.make_and_validate_key(key)
            pipeline.incr(made).expire(made, seconds)
        return pipeline.execute()[::2]
