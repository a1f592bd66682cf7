"""The numbers in Redis, for the processes of several machines.

Every key expires by itself, so that a machine which Redis does not hear from is not believed for
longer than FRESH_SECONDS. A mark is a value that is no number. What holds is asked with one MGET on
a connection of the thread's own, since redis-py's client costs three times as much.
"""

import hashlib
import logging
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import redis
from django.conf import settings
from redis.exceptions import RedisError

from softfactory.kernel.db.shared import FRESH_SECONDS, Watch
from softfactory.kernel.redis import GuardedRedis, breaker

FRESH_MS = FRESH_SECONDS * 1000
# A writer that takes longer between its mark and its COMMIT is one that was killed.
MARK_MS = 2 * FRESH_MS
# What the rows said longer ago is not copied: by now somebody may have written and been forgotten.
LATEST = 1.0  # seconds
# Of so many names at most a process knows what it copied last.
MOST_LEARNED = 10_000
# How long a writer waits for a Redis that did not answer a moment ago, before its COMMIT and after.
PATIENCE = 0.05  # seconds

# KEYS: names. ARGV: the mark, milliseconds, a number for each name. Another writer's mark stays.
SETTLE = """
for i, key in ipairs(KEYS) do
    local current = redis.call('GET', key)
    local number = ARGV[i + 2]
    local is_older = current and tonumber(current) and tonumber(current) < tonumber(number)
    if not current or current == ARGV[1] or is_older then
        redis.call('SET', key, number, 'PX', ARGV[2])
    end
end
"""

# KEYS: names. ARGV: milliseconds, a number for each name. Marks, and other numbers, stay.
LEARN = """
for i, key in ipairs(KEYS) do
    local current = redis.call('GET', key)
    if not current or current == ARGV[i + 1] then
        redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
    end
end
"""

logger = logging.getLogger(__name__)


class RemoteNumbers:
    """The copies of one database's numbers, for all machines that use it."""

    def __init__(self, database: str) -> None:
        digest = hashlib.blake2s(database.encode(), digest_size=6).hexdigest()
        self._prefix = f"sf-generation:{digest}:"  # which no clearing of a cache reaches
        self._pool = redis.ConnectionPool.from_url(
            settings.REDIS_URL,
            socket_timeout=settings.REDIS_OPTIONS["SOCKET_TIMEOUT"],
            socket_connect_timeout=settings.REDIS_OPTIONS["SOCKET_CONNECT_TIMEOUT"],
        )
        weakref.finalize(self, self._pool.disconnect)
        self._client = GuardedRedis(connection_pool=self._pool)
        self._settle = self._client.register_script(SETTLE)
        self._learn = self._client.register_script(LEARN)
        self._threads = threading.local()
        self._learned: dict[str, tuple[int, float]] = {}

    def watch(self, numbers: Mapping[str, int]) -> Watch:
        if not numbers:
            return lambda: True
        command = self._connection().pack_command("MGET", *map(self._key, numbers))
        wanted = [b"%d" % number for number in numbers.values()]

        def holds() -> bool:
            return self._told(command) == wanted

        return holds

    def known(self, names: Iterable[str]) -> Mapping[str, int] | None:
        wanted = list(names)
        if not wanted:
            return {}
        told = self._told(self._connection().pack_command("MGET", *map(self._key, wanted)))
        if told is None or not all(word and word.isdigit() for word in told):  # missing, or marked
            return None
        return dict(zip(wanted, map(int, told), strict=True))

    def _told(self, command: Any) -> Any:
        """Return what Redis answers to this command, None if it does not."""
        try:
            return breaker.call(self._ask, command)
        except RedisError:
            return None

    def _ask(self, command: Any) -> Any:
        connection = self._connection()
        try:
            connection.send_packed_command(command, check_health=False)
            return connection.read_response(disable_decoding=True)
        except BaseException:
            connection.disconnect()  # else the next one reads this one's answer
            raise

    def _connection(self) -> Any:
        try:
            return self._threads.own.connection
        except AttributeError:
            self._threads.own = _ThreadsOwn(self._pool.make_connection())
            return self._threads.own.connection

    def refresh(self, numbers: Mapping[str, int], asked: float) -> None:
        self.learn(numbers, asked)

    def remember(self, numbers: Mapping[str, int], asked: float) -> None:
        """Do nothing: whatever is told expires by itself, and so needs no room."""

    def learn(self, numbers: Mapping[str, int], asked: float) -> None:
        now = time.monotonic()
        if now - asked > LATEST:
            return
        fresh = {name: n for name, n in numbers.items() if not self._has_learned(name, n, now)}
        if not fresh:
            return
        if len(self._learned) > MOST_LEARNED:
            self._learned.clear()
        self._learned |= {name: (number, now) for name, number in fresh.items()}
        _try(self._learn, [self._key(name) for name in fresh], [FRESH_MS, *fresh.values()])

    def _has_learned(self, name: str, number: int, now: float) -> bool:
        """Whether this process copied the same a moment ago."""
        known, learned_at = self._learned.get(name, (None, 0.0))
        return known == number and now - learned_at < LATEST

    def mark(self, numbers: Mapping[str, int]) -> "_Mark":
        word = f"mark {secrets.token_hex(8)}"
        keys = [self._key(name) for name in numbers]
        _insist(_write_marks, keys, word, client=self._client)
        return _Mark(self, numbers, word)

    def settle(self, mark: "_Mark") -> None:
        """Put the numbers in the place of this mark; another writer's mark stays."""
        keys = [self._key(name) for name in mark.numbers]
        arguments = [mark.word, FRESH_MS, *mark.numbers.values()]
        _insist(self._settle, keys, arguments, client=self._client)

    def forget(self) -> None:
        self._learned.clear()
        keys = list(self._client.scan_iter(f"{self._prefix}*"))
        if keys:
            self._client.delete(*keys)

    def _key(self, name: str) -> str:
        return self._prefix + name


class _ThreadsOwn:
    """A connection that is closed when its thread ends."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        weakref.finalize(self, connection.disconnect)


class _Mark(NamedTuple):
    copies: RemoteNumbers
    numbers: Mapping[str, int]
    word: str

    def settle(self) -> None:
        self.copies.settle(self)


def _write_marks(keys: list[str], word: str, client: redis.Redis) -> None:
    pipeline = client.pipeline(transaction=False)
    for key in keys:
        pipeline.set(key, word, px=MARK_MS)
    pipeline.execute()


@contextmanager
def _anew() -> Iterator[redis.Redis]:
    """A client on a new connection, which does not know whether Redis is away; it waits little."""
    pool = redis.ConnectionPool.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    try:
        yield redis.Redis(connection_pool=pool)
    finally:
        pool.disconnect()


def _insist(command: Callable, *args: Any, client: redis.Redis) -> None:
    """Run it by this client, else by a new one: a writer can't wait for the end of a pause.

    Others may see Redis again before this process looks for it, and then believe what they copy.
    """
    if not _try(command, *args, client=client):
        with _anew() as another:
            _try(command, *args, client=another)


def _try(command: Callable, *args: Any, **kwargs: Any) -> bool:
    """Run it, and tell whether that succeeded; what is not told is not known for a while."""
    try:
        command(*args, **kwargs)
    except RedisError:
        logger.debug("Redis was not told of generations", exc_info=True)
        return False
    return True
