"""Redis: believed only what this site signed, and let be while it is away."""

import pickle
import socket
import threading
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import caches
from django_redis import get_redis_connection
from django_redis.cache import RedisCache
from django_redis.pool import ConnectionFactory
from redis.connection import Connection

from softfactory.kernel import breaker, redis
from softfactory.kernel.breaker import Breaker
from softfactory.kernel.redis import ABSENT, AWAY, SignedPickleSerializer


class Bomb:
    """What somebody who can write to Redis would like to be unpickled."""

    went_off = False

    def __reduce__(self):
        return setattr, (Bomb, "went_off", True)


@pytest.fixture
def serializer():
    return SignedPickleSerializer({})


@pytest.fixture(autouse=True)
def _fresh_breaker(monkeypatch):
    monkeypatch.setattr(redis, "breaker", Breaker("Redis", AWAY))


@pytest.fixture
def hung():
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def dead():
    """A port where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def cache_at(port):
    options = {**settings.REDIS_OPTIONS, "IGNORE_EXCEPTIONS": True}
    return RedisCache(f"redis://127.0.0.1:{port}/0", {"ALIAS": "default", "OPTIONS": options})


@pytest.fixture
def clock(monkeypatch):
    """A clock to set."""
    now = [100.0]
    monkeypatch.setattr(breaker, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def asked(monkeypatch):
    """A list that grows by one with every try to reach a Redis."""
    tries = []
    connect = Connection.connect
    monkeypatch.setattr(Connection, "connect", lambda self: tries.append(self) or connect(self))
    return tries


@pytest.fixture(autouse=True)
def _close_pools():
    yield
    for url in [url for url in ConnectionFactory._pools if url != settings.REDIS_URL]:
        ConnectionFactory._pools.pop(url).disconnect()


@pytest.mark.parametrize("value", [None, 7, "text", b"\x00", {"a": [1.5, ("b",)]}, True])
def test_what_we_wrote_we_read(serializer, value):
    assert serializer.loads(serializer.dumps(value)) == value


@pytest.mark.parametrize(
    "planted",
    [
        pickle.dumps(Bomb()),
        b"\x00" * 32 + pickle.dumps(Bomb()),
        b"",
        b"short",
        b"\x80",
    ],
)
def test_what_we_did_not_write_is_absent_and_never_run(serializer, planted):
    assert serializer.loads(planted) is ABSENT
    assert not Bomb.went_off


def test_a_value_that_was_changed_is_absent(serializer):
    signed = bytearray(serializer.dumps("text"))
    signed[-3] ^= 1

    assert serializer.loads(bytes(signed)) is ABSENT


def test_so_is_one_under_another_key(serializer, settings):
    signed = serializer.dumps("text")
    settings.SECRET_KEY = "another"

    assert SignedPickleSerializer({}).loads(signed) is ABSENT


def test_so_is_one_that_this_release_can_not_read(serializer):
    gone = pickle.dumps(Bomb()).replace(b"builtins", b"nowhere8")

    assert serializer.loads(serializer._signature(gone) + gone) is ABSENT


@pytest.mark.redis
def test_a_planted_value_is_a_miss():
    cache = caches["default"]
    cache.set_many({"ours": "text", "number": 7})
    get_redis_connection().set(cache.make_key("planted"), pickle.dumps(Bomb()))

    assert cache.get("planted") is None
    assert cache.get("planted", "default") == "default"
    assert cache.get("ours") == "text"
    assert cache.get_many(["ours", "number", "planted"]) == {"ours": "text", "number": 7}
    assert not Bomb.went_off


@pytest.mark.redis
def test_what_lies_in_redis_is_signed():
    cache = caches["default"]
    cache.set("ours", {"a": 1})
    raw = get_redis_connection().get(cache.make_key("ours"))

    assert raw == SignedPickleSerializer({}).dumps({"a": 1})


@pytest.mark.parametrize("kind", ["hung", "dead"])
def test_a_redis_that_is_away_is_no_error(request, kind):
    cache = cache_at(request.getfixturevalue(kind))

    assert cache.get("a") is None
    assert cache.get("a", "default") == "default"
    assert cache.get_many(["a"]) == {}
    assert cache.set("a", 1) is None
    assert cache.set_many({"a": 1}) is None
    assert not cache.delete("a")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("kind", ["hung", "dead"])
def test_it_is_asked_once_in_a_while_and_no_other_call_waits_for_it(request, asked, kind):
    cache = cache_at(request.getfixturevalue(kind))
    for _time in range(100):
        cache.get("a")
        cache.set_many({"a": 1})

    assert len(asked) == 1


def test_of_many_threads_one_asks_whether_it_is_back(hung, asked, clock):
    cache_at(hung).get("a")
    clock[0] += 1
    threads = [threading.Thread(target=lambda: cache_at(hung).get("a")) for _thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(asked) == 2
