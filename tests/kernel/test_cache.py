"""The cache that all workers share: it counts right, and goes on in the database without Redis."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections

from softfactory.kernel import clock
from softfactory.kernel.breaker import Breaker
from softfactory.kernel.cache.local import LocalCache
from softfactory.kernel.cache.shared import SharedCache
from softfactory.kernel.models import CacheEntry
from softfactory.kernel.redis import AWAY

# Nothing listens there.
DEAD_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture
def database_cache(db):
    return SharedCache(
        "kernel_cacheentry", {"ALIAS": "t", "KEY_PREFIX": "t", "OPTIONS": {"MAX_ENTRIES": 1000}}
    )


@pytest.fixture
def orphaned_cache(db, monkeypatch):
    """A cache whose Redis does not answer; the breaker of the real one hears nothing of it."""
    monkeypatch.setattr("softfactory.kernel.redis.breaker", Breaker("Redis", AWAY))
    options = {"REDIS_URL": DEAD_REDIS, "MAX_ENTRIES": 1000}
    return SharedCache("kernel_cacheentry", {"ALIAS": "t", "KEY_PREFIX": "t", "OPTIONS": options})


@pytest.fixture
def local_cache():
    """A cache in memory that has room for two pages."""
    options = {"MAX_ENTRIES": 6, "MOST_BYTES": 2_500}
    cache = LocalCache("of-two-pages", {"ALIAS": "t", "KEY_PREFIX": "t", "OPTIONS": options})
    cache.clear()
    yield cache
    cache.clear()


@pytest.fixture
def shared_cache(db):
    """The cache as the settings of this run have it: on Redis, if there is one."""
    cache = caches["limits"]
    cache.clear()
    yield cache
    cache.clear()


def test_it_counts_each_key(shared_cache):
    assert shared_cache.count({"a": 60, "b": 60}) == [1, 1]
    assert shared_cache.count({"b": 60, "c": 60}) == [2, 1]
    assert shared_cache.count({"a": 60}) == [2]


def test_it_keeps_values_like_any_cache(shared_cache):
    assert shared_cache.add("key", [1, 2], 60)
    assert not shared_cache.add("key", [3], 60)
    assert shared_cache.get("key") == [1, 2]
    shared_cache.set("key", "other", 60)
    assert shared_cache.touch("key", 90)
    assert shared_cache.get_many(["key", "absent"]) == {"key": "other"}
    assert shared_cache.delete("key")
    assert shared_cache.get("key", "none") == "none"


def test_clearing_takes_its_own_and_nothing_else(shared_cache):
    caches["default"].set("page", "kept")
    shared_cache.set("key", 1)

    shared_cache.clear()

    assert shared_cache.get("key") is None
    assert caches["default"].get("page") == "kept"


def test_without_redis_the_database_counts_in_one_statement(
    database_cache, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert database_cache.count({"a": 60, "b": 60}) == [1, 1]
    assert CacheEntry.objects.count() == 2


def test_while_redis_is_away_the_database_counts(orphaned_cache):
    assert orphaned_cache.count({"a": 60}) == [1]
    assert orphaned_cache.count({"a": 60}) == [2]
    assert orphaned_cache.add("key", 1, 60)
    assert not orphaned_cache.add("key", 2, 60)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_lost_when_many_count_at_once():
    counted = []

    def count():
        counted.extend(caches["limits"].count({"race": 60})[0] for _n in range(10))
        connections.close_all()

    threads = [threading.Thread(target=count) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counted) == list(range(1, 41))


def test_what_has_expired_is_forgotten(database_cache):
    database_cache.count({"old": 60})
    database_cache.count({"new": 600})

    assert CacheEntry.prune(clock.now() + timedelta(seconds=120)) == 1
    assert CacheEntry.objects.get().cache_key.endswith("new")


def test_the_settings_share_it():
    assert settings.CACHES["limits"]["BACKEND"] == "softfactory.kernel.cache.shared.SharedCache"


def test_local_memory_is_bounded_in_bytes(local_cache):
    page = "x" * 1_000
    local_cache.set("a", page)
    local_cache.set("b", page)
    assert local_cache.get("a") == page

    local_cache.set("c", page)

    assert local_cache.get_many("abc") == {"a": page, "c": page}


def test_what_is_larger_than_local_memory_is_not_kept(local_cache):
    local_cache.set("a", "x" * 3_000)
    assert local_cache.count_entries() == 0


def test_local_memory_has_room_again_for_what_left(local_cache):
    for _time in range(5):
        local_cache.set("a", "x" * 2_000)  # written over
        local_cache.delete("a")
    for number in range(20):  # culled by number
        local_cache.set(f"{number}", number)
    local_cache.incr("19")
    local_cache.clear()

    local_cache.set("a", "x" * 2_000)

    assert local_cache.get("a") == "x" * 2_000


def test_every_thread_counts_the_same_bytes(local_cache):
    options = {"MAX_ENTRIES": 6, "MOST_BYTES": 2_500}
    of_another_thread = LocalCache(
        "of-two-pages", {"ALIAS": "t", "KEY_PREFIX": "t", "OPTIONS": options}
    )
    local_cache.set("a", "x" * 2_000)
    of_another_thread.set("b", "x" * 2_000)

    assert local_cache.get("a") is None
    assert local_cache.get("b") == "x" * 2_000
