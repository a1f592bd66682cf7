"""What one request did: its id, its queries, its use of the caches, the answer's origin.

A trace is filled where the work is done (database backends, caches, cached reads) and read where
it is told (Server-Timing, meters, logs). Outside of a request there is none, and nothing is noted.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Any, Literal, NamedTuple

#: How a cached read was answered: as kept, by 304, or made anew.
type Origin = Literal["kept", "not_modified", "made"]

# SQLite is told when a transaction begins, PostgreSQL finds out by itself: it is no question.
BEGIN = "BEGIN IMMEDIATE"


class Query(NamedTuple):
    """One statement, with places instead of values, and how long it took."""

    sql: str
    seconds: float


class CacheUse(NamedTuple):
    """One kind of use of one cache: `result` is `hit` or `miss` for `get`, else empty."""

    alias: str
    operation: str
    result: str


class Trace:
    """What happened since `begun` (a reading of `time.perf_counter`)."""

    __slots__ = (
        "begun",
        "cache_seconds",
        "cache_uses",
        "database_seconds",
        "origin",
        "queries",
        "request_id",
    )

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.begun = time.perf_counter()
        self.queries: list[Query] = []
        self.database_seconds = 0.0
        self.cache_uses: Counter[CacheUse] = Counter()
        self.cache_seconds: Counter[str] = Counter()
        self.origin: Origin | None = None

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return time.perf_counter() - self.begun


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """Return the trace of the request that is being answered; None outside of one."""
    return _current.get()


def begin(request_id: str) -> Token:
    """Start the trace of a request; `end` takes what this returns."""
    return _current.set(Trace(request_id))


def end(token: Token) -> None:
    """Go back to the trace before, which is none."""
    _current.reset(token)


def note_query(execute: Callable, sql: str, *args: Any) -> Any:
    """Run a statement and note it: the innermost execute wrapper of our database backends."""
    trace = _current.get()
    if trace is None:
        return execute(sql, *args)
    asked = time.perf_counter()
    try:
        return execute(sql, *args)
    finally:
        seconds = time.perf_counter() - asked
        trace.database_seconds += seconds
        if sql != BEGIN:
            trace.queries.append(Query(sql, seconds))


def note_commit(commit: Callable[[], None]) -> None:
    """Commit, and note the time, which is where a disk makes a request wait."""
    trace = _current.get()
    if trace is None:
        commit()
        return
    asked = time.perf_counter()
    try:
        commit()
    finally:
        trace.database_seconds += time.perf_counter() - asked


def note_cache(use: CacheUse, seconds: float, times: int = 1) -> None:
    """Note the use of a cache, made `times` in so many seconds."""
    if trace := _current.get():
        trace.cache_uses[use] += times
        trace.cache_seconds[use.alias] += seconds


def note_origin(origin: Origin) -> None:
    """Note how a cached read was answered."""
    if trace := _current.get():
        trace.origin = origin
