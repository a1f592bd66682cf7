"""The meters: counters and histograms that all web processes of a machine count into.

prometheus-client keeps them in mapped files, one set per process, in METERS_DIR. They are added up
by whoever reads them (`monitoring.services.totals`), so it does not matter which process answers.
The files of a process that died are kept, since what it counted happened. gunicorn's master removes
them all when it starts.
"""

import gc
import itertools
import logging
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from prometheus_client import Counter, Gauge, Histogram, values

from monitoring.mapped import LoneValue, MappedValue, move_all
from monitoring.routes import Endpoint
from softfactory.kernel.trace import CacheUse, Trace

if TYPE_CHECKING:  # clock and worker read meters, and serve nothing
    from softfactory.kernel.request_log import Answered

logger = logging.getLogger(__name__)

SECONDS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075),
    *(0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0),
)
QUERY_SECONDS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
QUERIES = (*range(11), 15, 20, 30, 50, 100)

#: Bytes written beforehand: a mapped file that finds its disk full would kill its process.
ROOM = {"histogram": 2_000_000, "counter": 1_000_000, "gauge_livesum": 65_536}

# After this, a process that caches for itself has another number of entries.
STORED = CacheUse("default", "set", "")

# The process tells about itself with the first request, and then with one in so many.
STATE_EVERY = 100

# Said here, since prometheus-client guesses it from the environment when it is first imported.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METERS_DIR)
values.ValueClass = MappedValue

# Labelled, all of them: so nothing is written before something is counted.
ROUTE = ("method", "route")
requests = Counter("softfactory_requests", "Answers given.", (*ROUTE, "status"))
request_seconds = Histogram(
    "softfactory_request_seconds", "Time to answer.", ROUTE, buckets=SECONDS
)
request_queries = Histogram(
    "softfactory_request_queries", "Queries of one request.", ROUTE, buckets=QUERIES
)
database_seconds = Counter("softfactory_database_seconds", "Time in the database.", ROUTE)
response_bytes = Counter("softfactory_response_bytes", "Bytes of bodies as sent.", ROUTE)
cached_reads = Counter("softfactory_cached_reads", "Cached reads, by origin.", (*ROUTE, "origin"))
slow_queries = Counter("softfactory_slow_queries", "Queries that took too long.", ROUTE)
query_seconds = Histogram(
    "softfactory_query_seconds", "Time of one query.", ("database",), buckets=QUERY_SECONDS
)
cache_operations = Counter(
    "softfactory_cache_operations", "Uses of a cache.", ("cache", "operation", "result")
)
cache_seconds = Counter("softfactory_cache_seconds", "Time in a cache.", ("cache",))
web = Gauge(
    "softfactory_web", "Summed over the web processes.", ("what",), multiprocess_mode="livesum"
)

_answered = itertools.count()


class EndpointMeters(NamedTuple):
    """What every answer of one endpoint is counted in."""

    seconds: Any
    queries: Any
    database_seconds: Any
    bytes: Any


class ReadyMeters(NamedTuple):
    """What every answer of one endpoint that was ready is counted in."""

    ones: tuple[tuple[Any, int], ...]
    bytes: Any
    seconds: Any
    bounds: Sequence[float]
    buckets: Sequence[Any]


@cache
def _at(endpoint: Endpoint) -> EndpointMeters:
    return EndpointMeters(
        request_seconds.labels(*endpoint),
        request_queries.labels(*endpoint),
        _value(database_seconds, *endpoint),
        _value(response_bytes, *endpoint),
    )


@cache
def _child(meter: Any, *labels: str) -> Any:
    return meter.labels(*labels)


@cache
def _value(meter: Any, *labels: str) -> Any:
    return _child(meter, *labels)._value


def _observed(histogram: Any, amount: float) -> Iterator[tuple[Any, float]]:
    """What `observe` moves: the sum, and the first bucket whose bound is not exceeded."""
    yield histogram._sum, amount
    yield histogram._buckets[bisect_left(histogram._upper_bounds, amount)], 1


def begin() -> None:
    """Count a request that is being answered from now on."""
    _value(web, "requests_in_flight").inc(1)


def end() -> None:
    """Count it as answered, whatever came of it."""
    _value(web, "requests_in_flight").inc(-1)


def count(endpoint: Endpoint, *, status: int, size: int, seconds: float, trace: Trace) -> None:
    """Count an answer: its status, the bytes of its body, the time it took, what it asked for."""
    move_all(list(_moves(endpoint, status, size, seconds, trace)))
    if STORED in trace.cache_uses and not settings.REDIS_URL:
        _child(web, "cached_items").set(caches["default"].count_entries())
    if next(_answered) % STATE_EVERY == 0:
        _tell_state()


def count_ready(ready: "Answered") -> None:
    """Count an answer that was ready: it asked the database for nothing."""
    ones, size, seconds, bounds, buckets = _at_ready(ready.route, ready.status)
    bucket = buckets[bisect_left(bounds, ready.seconds)]
    move_all((*ones, (size, ready.size), (seconds, ready.seconds), (bucket, 1)))


@cache
def _at_ready(route: str, status: int) -> ReadyMeters:
    endpoint = Endpoint("GET", route)
    meters = _at(endpoint)
    origin = "kept" if status == HTTPStatus.OK else "not_modified"
    ones = (
        _value(requests, *endpoint, str(status)),
        _value(cached_reads, *endpoint, origin),
        _value(cache_operations, "ready", "get", "hit"),
        meters.queries._buckets[0],
    )
    seconds = meters.seconds
    return ReadyMeters(
        tuple((value, 1) for value in ones),
        meters.bytes,
        seconds._sum,
        seconds._upper_bounds,
        seconds._buckets,
    )


def _moves(
    endpoint: Endpoint, status: int, size: int, seconds: float, trace: Trace
) -> Iterator[tuple[Any, float]]:
    """Yield by how much each value moves; a value is made here, before any lock is taken."""
    meters = _at(endpoint)
    yield _value(requests, *endpoint, str(status)), 1
    yield from _observed(meters.seconds, seconds)
    yield from _observed(meters.queries, len(trace.queries))
    yield meters.database_seconds, trace.database_seconds
    yield meters.bytes, size
    if trace.origin:
        yield _value(cached_reads, *endpoint, trace.origin), 1
    for query in trace.queries:
        yield from _observed(_child(query_seconds, query.database), query.seconds)
        if query.seconds * 1000 >= settings.SLOW_QUERY_MS:
            yield _value(slow_queries, *endpoint), 1
    for use, times in trace.cache_uses.items():
        yield _value(cache_operations, *use), times
    for alias, spent in trace.cache_seconds.items():
        yield _value(cache_seconds, alias), spent


def _tell_state() -> None:
    for generation, stats in enumerate(gc.get_stats()):
        _child(web, f"gc_collections_{generation}").set(stats["collections"])
    pool = getattr(connections["default"], "pool", None)
    for name, value in (pool.get_stats() if pool else {}).items():
        _child(web, name).set(value)


def make_room() -> None:
    """Take the disk's space for this process's files; without it, it counts for itself alone."""
    try:
        settings.METERS_DIR.mkdir(parents=True, exist_ok=True)
        for kind, size in ROOM.items():
            path = settings.METERS_DIR / f"{kind}_{os.getpid()}.db"
            if not path.exists():  # and when it does, whole: somebody may be reading
                path.with_suffix(".new").write_bytes(bytes(size))
                path.with_suffix(".new").rename(path)
    except OSError:
        logger.exception("%s can't be written: this process counts alone", settings.METERS_DIR)
        values.ValueClass = LoneValue
