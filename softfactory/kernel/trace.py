"""What one request did: its id, its queries, its use of the caches, the answer's origin.

A trace is filled where the work is done (database backends, caches, cached reads) and read where
it is told (Server-Timing, meters, logs). Outside of a request there is none, and nothing is noted.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from django.conf import settings

from softfactory.kernel.places import place_in_our_code

if TYPE_CHECKING:
    from django.http import HttpRequest

#: How a cached read was answered: as kept, by 304, or made anew.
type Origin = Literal["kept", "not_modified", "made"]

# SQLite is told when a transaction begins, PostgreSQL finds out by itself: it is no question.
BEGIN = "BEGIN IMMEDIATE"

#: One statement so often in a request, with other values each time, looks like an N+1.
REPEATED = 5
LATELY = 50  # queries that are looked back at


class Query(NamedTuple):
    """One statement, with places instead of values, and how long it took."""

    sql: str
    seconds: float
    database: str  # its alias


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
        "lines",
        "origin",
        "places",
        "queries",
        "request",
        "request_id",
        "tasks",
    )

    def __init__(self, request_id: str, request: "HttpRequest | None" = None) -> None:
        self.request_id = request_id
        self.request = request
        self.begun = time.perf_counter()
        self.queries: list[Query] = []
        self.database_seconds = 0.0
        self.cache_uses: Counter[CacheUse] = Counter()
        self.cache_seconds: defaultdict[str, float] = defaultdict(float)
        self.origin: Origin | None = None
        self.places: dict[str, str] = {}  # lines of our code, of queries that are slow or repeated
        self.lines: list[dict[str, str]] = []  # of the log
        self.tasks: list[str] = []  # ids of those that it enqueued

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return time.perf_counter() - self.begun

    def forget_finding(self) -> None:
        """Take out how it found what was kept, or that it did not."""
        self.origin = None
        self.cache_uses = Counter(
            {use: times for use, times in self.cache_uses.items() if use.operation != "get"}
        )

    def look_closer(self, sql: str, seconds: float) -> None:
        """Find the line of our code that asked, if the query is slow or asked again and again."""
        if sql in self.places:
            return
        is_slow = seconds * 1000 >= settings.SLOW_QUERY_MS
        if is_slow or sum(query.sql == sql for query in self.queries[-LATELY:]) >= REPEATED:
            self.places[sql] = place_in_our_code()


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """Return the trace of the request that is being answered; None outside of one."""
    return _current.get()


def begin(request_id: str, request: "HttpRequest | None" = None) -> Token:
    """Start the trace of a request, or of work done for it; `end` takes what this returns."""
    return _current.set(Trace(request_id, request))


def end(token: Token) -> None:
    """Go back to the trace before, which is none."""
    _current.reset(token)


def note_query(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    """Run a statement and note it: the innermost execute wrapper of our database backends."""
    trace = _current.get()
    if trace is None:
        return execute(sql, params, many, context)
    asked = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - asked
        trace.database_seconds += seconds
        if sql != BEGIN:
            trace.queries.append(Query(sql, seconds, context["connection"].alias))
            if seconds * 1000 >= settings.SLOW_QUERY_MS or len(trace.queries) >= REPEATED:
                trace.look_closer(sql, seconds)


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


def grouped(queries: Iterable[Query], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return equal queries as one, in the order of their first time: `sql, times, ms, place`."""
    found: dict[str, dict[str, Any]] = {}
    for query in queries:
        known = found.setdefault(query.sql, {"sql": query.sql, "times": 0, "ms": 0.0})
        known["times"] += 1
        known["ms"] += query.seconds * 1000
    for sql, known in found.items():
        known |= {"ms": round(known["ms"], 2), "place": places.get(sql, "")}
    return list(found.values())
