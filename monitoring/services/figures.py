"""The site's figures over a stretch of time: what was answered, how fast, and at which cost.

They are made of the samples of all hosts, and of what this host counted since its last one. So
they are the same whichever process makes them, and miss at most what other hosts counted in the
last 10 seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitoring.meters import QUERY_SECONDS, SECONDS
from monitoring.models import Reading
from monitoring.services.samples import moved_since
from monitoring.services.spreads import Spread, spread
from monitoring.services.stretches import told
from monitoring.services.system import memory_mb, this_host
from monitoring.services.totals import Tally, added, counting_since, read_meters, unpack

# An hour of fine ones; beyond, longer ones are as true and quicker to add up.
MOST_SAMPLES = 360
SILENT_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class EndpointFigures:
    """One endpoint: `count` and `errors` (5xx) of the stretch, times in ms, bytes a body.

    `database_share` is the percentage of its time that it spent in the database.
    """

    method: str
    route: str
    count: int
    errors: int
    avg: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    queries: float
    most_queries: int
    bytes: int
    hit_rate: float | None
    database_share: float | None
    total: int

    @property
    def name(self) -> str:
        return f"{self.method} {self.route}"


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; times in ms, rates in percent (None before the first request)."""

    seconds: float
    requests: int
    errors: int
    response_time: Spread
    db_query_time: Spread
    queries: float | None
    most_queries: int | None
    hits: int
    misses: int
    memory_mb: float
    in_flight: int
    caches: dict[str, dict[str, float]] = field(default_factory=dict)
    endpoints: list[EndpointFigures] = field(default_factory=list)

    @property
    def error_rate(self) -> float | None:
        """The share of answers that were our failure (5xx)."""
        return percent(self.errors, self.requests)

    @property
    def cache_hit_rate(self) -> float | None:
        """The share of cached reads that were not made anew."""
        return percent(self.hits, self.hits + self.misses)

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


def figures(*, now: datetime, seconds: int = 300) -> Figures:
    """Return the figures of the last `seconds`, of all hosts."""
    asked = now - timedelta(seconds=seconds)
    rows = told(start=asked, end=now, now=now, most=MOST_SAMPLES)
    start = min((row.starts_at for row in rows), default=now)
    readings = {reading.host: reading for reading in Reading.objects.all()}
    here = readings.get(this_host())
    counted, standing = read_meters()
    tally = unpack(added(row.counted for row in rows))
    tally.update(moved_since(here, counted))
    ever = counted_ever(readings, counted, now)
    start = min(start, here.taken_at if here else counting_since(now))
    return _figures(
        tally,
        ever,
        seconds=(now - start).total_seconds(),
        memory_mb=memory_mb() + elsewhere(readings, now, "memory_mb"),
        in_flight=standing.get("requests_in_flight", 0)
        + elsewhere(readings, now, "requests_in_flight"),
    )


def endpoints_between(
    *, start: datetime, end: datetime, now: datetime, host: str = ""
) -> list[EndpointFigures]:
    """Return what every endpoint did between, of all hosts or of one; one query."""
    rows = told(start=start, end=end, now=now, most=MOST_SAMPLES)
    counted = added(row.counted for row in rows if host in ("", row.host))
    subjects = _by_subject(unpack(counted))
    return [_endpoint(name, of, of) for name, of in subjects.items() if of["status"]]


def counted_ever(readings: Mapping[str, Reading], here: Tally, now: datetime) -> Tally:
    """Return what was counted since the servers started, here and on the hosts that still tell."""
    ever = Counter(here)
    for reading in _others(readings, now):
        ever.update(unpack(reading.tally))
    return ever


def _others(readings: Mapping[str, Reading], now: datetime) -> Iterable[Reading]:
    return (
        reading
        for host, reading in readings.items()
        if host != this_host() and now - reading.taken_at < SILENT_AFTER
    )


def elsewhere(readings: Mapping[str, Reading], now: datetime, gauge: str) -> float:
    """Return what the other hosts last told of a gauge, added up."""
    return sum(reading.gauges.get(gauge, 0) for reading in _others(readings, now))


def _figures(
    tally: Tally, ever: Tally, *, seconds: float, memory_mb: float, in_flight: float
) -> Figures:
    subjects, seen = _by_subject(tally), _by_subject(ever)
    routes = {subject for subject, measure, _detail in (tally | ever) if measure == "status"}
    endpoints = [_endpoint(name, subjects[name], seen[name]) for name in routes]
    everything = _merged(subjects[name] for name in routes)
    queries = _merged(of for name, of in subjects.items() if name.startswith("database "))
    answers = _count(everything["status"])
    hits, misses = _origins(everything)
    return Figures(
        seconds=seconds,
        requests=answers,
        errors=_errors(everything["status"]),
        response_time=spread(everything["seconds"], everything["seconds_sum"], SECONDS),
        db_query_time=spread(queries["seconds"], queries["seconds_sum"], QUERY_SECONDS),
        queries=_mean(everything["queries_sum"], answers),
        most_queries=_highest_bucket(everything["queries"]),
        hits=hits,
        misses=misses,
        memory_mb=memory_mb,
        in_flight=int(in_flight),
        caches={
            name.removeprefix("cache "): {**of["operation"], "seconds": of["seconds_sum"][""]}
            for name, of in subjects.items()
            if name.startswith("cache ")
        },
        endpoints=sorted(endpoints, key=lambda one: -one.total),
    )


#: Measure → detail → number; seconds are numbers too, whatever a Counter's type says.
type Measures = defaultdict[str, Counter[str]]


def _measures() -> Measures:
    return defaultdict(Counter)


def _by_subject(tally: Tally) -> defaultdict[str, Measures]:
    subjects: defaultdict[str, Measures] = defaultdict(_measures)
    for (subject, measure, detail), number in tally.items():
        subjects[subject][measure][detail] += number
    return subjects


def _merged(several: Iterable[Measures]) -> Measures:
    merged = _measures()
    for measures in several:
        for measure, counts in measures.items():
            merged[measure].update(counts)
    return merged


def _endpoint(name: str, measures: Measures, ever: Measures) -> EndpointFigures:
    method, _space, route = name.partition(" ")
    count = _count(measures["status"])
    times = spread(measures["seconds"], measures["seconds_sum"], SECONDS)
    hits, misses = _origins(measures)
    return EndpointFigures(
        method=method,
        route=route,
        count=count,
        errors=_errors(measures["status"]),
        avg=times.avg,
        p50=times.p50,
        p95=times.p95,
        p99=times.p99,
        queries=round(_mean(measures["queries_sum"], count) or 0, 2),
        most_queries=_highest_bucket(measures["queries"]) or 0,
        bytes=round(_mean(measures["bytes"], count) or 0),
        hit_rate=percent(hits, hits + misses),
        database_share=percent(
            measures["database_seconds"][""], sum(measures["seconds_sum"].values())
        ),
        total=_count(ever["status"]),
    )


def _count(counts: Mapping[str, float]) -> int:
    return round(sum(counts.values()))


def _errors(statuses: Mapping[str, float]) -> int:
    return round(sum(number for status, number in statuses.items() if status.startswith("5")))


def _origins(measures: Measures) -> tuple[int, int]:
    made = round(measures["origin"]["made"])
    return _count(measures["origin"]) - made, made


def _mean(sums: Mapping[str, float], count: int) -> float | None:
    return sum(sums.values()) / count if count else None


def percent(part: float, whole: float) -> float | None:
    """Return a share in percent; None of nothing."""
    return round(part / whole * 100, 2) if whole else None


def _highest_bucket(buckets: Mapping[str, float]) -> int | None:
    """The upper bound of the highest bucket with anything in it; 101 above all of them."""
    bounds = [min(float(bound), 101) for bound, number in buckets.items() if number]
    return int(max(bounds)) if bounds else None
