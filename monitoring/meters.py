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
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from prometheus_client import Counter, Gauge, Histogram, values

from monitoring.routes import Endpoint
from softfactory.kernel.trace import Trace

logger = logging.getLogger(__name__)

SECONDS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075),
    *(0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0),
)
QUERY_SECONDS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
QUERIES = (*range(11), 15, 20, 30, 50, 100)

#: Bytes written beforehand: a mapped file that finds its disk full would kill its process.
ROOM = {"histogram": 2_000_000, "counter": 1_000_000, "gauge_livesum": 65_536}

# The process tells about itself with the first request, and then with one in so many.
STATE_EVERY = 100

# Said here, since prometheus-client guesses it from the environment when it is first imported.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METERS_DIR)
values.ValueClass = values.MultiProcessValue()

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


@cache
def _at(endpoint: Endpoint) -> EndpointMeters:
    return EndpointMeters(
        request_seconds.labels(*endpoint),
        request_queries.labels(*endpoint),
        database_seconds.labels(*endpoint),
        response_bytes.labels(*endpoint),
    )


@cache
def _child(meter: Any, *labels: str) -> Any:
    return meter.labels(*labels)


def begin() -> None:
    """Count a request that is being answered from now on."""
    _child(web, "requests_in_flight").inc()


def end() -> None:
    """Count it as answered, whatever came of it."""
    _child(web, "requests_in_flight").dec()


def count(endpoint: Endpoint, *, status: int, size: int, seconds: float, trace: Trace) -> None:
    """Count an answer: its status, the bytes of its body, the time it took, what it asked for."""
    meters = _at(endpoint)
    _child(requests, *endpoint, str(status)).inc()
    meters.seconds.observe(seconds)
    meters.queries.observe(len(trace.queries))
    meters.database_seconds.inc(trace.database_seconds)
    meters.bytes.inc(size)
    if trace.origin:
        _child(cached_reads, *endpoint, trace.origin).inc()
    for query in trace.queries:
        _child(query_seconds, query.database).observe(query.seconds)
        if query.seconds * 1000 >= settings.SLOW_QUERY_MS:
            _child(slow_queries, *endpoint).inc()
    for use, times in trace.cache_uses.items():
        _child(cache_operations, *use).inc(times)
    for alias, spent in trace.cache_seconds.items():
        _child(cache_seconds, alias).inc(spent)
    if next(_answered) % STATE_EVERY == 0:
        _tell_state()


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
        values.ValueClass = values.MutexValue
