"""The figures over time: what the site, or one endpoint, did in each step, as columns of a chart.

Steps are made of samples by adding up what they counted. A percentile is that of all that was
counted in its step, and never an average of percentiles.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitoring.meters import QUERY_SECONDS, SECONDS
from monitoring.services.spreads import spread
from monitoring.services.stretches import Told, resolution_of, told
from monitoring.services.totals import DATABASE, SITE, Measured, Measures

MOST_POINTS = 800
# A summary is quick to read; the tally of all endpoints takes several times as long.
MOST_SUMMARIES, MOST_TALLIES = 2200, 800

#: Seconds that a step may last.
STEPS = (10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)

#: Of one step or of all: a name of `NAMES` → its value, None where nothing was measured.
type Point = dict[str, float | None]

#: Rates are per second, shares in percent, times in ms, memory in MB; 100 % is one processor.
OF_ANSWERS = (
    *("requests_per_second", "error_rate", "refused_rate", "avg", "p50", "p95", "p99"),
    *("hit_rate", "queries", "database_ms", "bytes"),
)
OF_SITE = ("query_avg", "query_p95", "memory_mb", "cpu_percent", "requests_in_flight")
NAMES = OF_ANSWERS + OF_SITE
GAUGES = ("memory_mb", "cpu_percent", "requests_in_flight")


@dataclass(frozen=True, slots=True)
class Series:
    """`columns["at"]` are seconds since 1970, when each step began; the others are as long.

    Where nothing was sampled a row of None stands in, once. `whole` is the point of all of it,
    `statuses` and `seconds` are its counts by status and by bucket.
    """

    start: datetime
    end: datetime
    step: int
    hosts: list[str]
    columns: dict[str, list[float | None]]
    whole: Point
    requests: int
    statuses: dict[str, float]
    seconds: dict[str, float]
    latest: datetime | None


@dataclass(slots=True)
class Step:
    """What was counted in a step, and by whom."""

    starts_at: datetime
    ends_at: datetime
    answers: Measured = field(default_factory=Measured)
    queries: Measured = field(default_factory=Measured)
    lasted: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    answered: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    gauges: defaultdict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, row: Told, subject: str) -> None:
        """Count a sample in."""
        measures = row.counted.get(subject, {})
        self.answers.add(measures)
        self.queries.add(row.counted.get(DATABASE, {}))
        self.lasted[row.host] += (row.ends_at - row.starts_at).total_seconds()
        self.answered[row.host] += sum(measures.get("status", {}).values())
        highest = self.gauges[row.host]
        for name in GAUGES:
            if name in row.gauges:
                highest[name] = max(row.gauges[name], highest.get(name, 0))
        self.ends_at = max(self.ends_at, row.ends_at)

    def point(self) -> Point:
        """Return its figures; gauges are the highest of each host, summed over the hosts."""
        rate = sum(self.answered[host] / lasted for host, lasted in self.lasted.items())
        rates: Point = {"requests_per_second": round(rate, 3)}
        return rates | figures_of(self.answers) | _of_queries(self.queries) | self._standing()

    def _standing(self) -> Point:
        return {
            name: round(sum(values), 1) if values else None
            for name in GAUGES
            for values in [[of[name] for of in self.gauges.values() if name in of]]
        }


def series(
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    route: str = "",
    host: str = "",
    points: int = MOST_POINTS,
) -> Series:
    """Return what happened between, in at most about `points` steps; one query.

    `route` names one endpoint (`GET /coocook/explore`), `host` one host; without, all count.
    """
    most = MOST_TALLIES if route else MOST_SUMMARIES
    rows = told(start=start, end=end, now=now, most=most, column="tally" if route else "summary")
    hosts = sorted({row.host for row in rows})
    rows = [row for row in rows if host in ("", row.host)]
    resolution = resolution_of(start=start, end=end, now=now, most=most)
    step = _step((end - start).total_seconds(), resolution, points)
    steps = _steps(rows, step, route or SITE)
    whole = _whole(steps, start)
    names = OF_ANSWERS if route else NAMES
    total = whole.point()
    return Series(
        start=start,
        end=end,
        step=step,
        hosts=hosts,
        columns=_columns(steps, step, names),
        whole={name: total[name] for name in names},
        requests=round(sum(whole.answered.values())),
        statuses=dict(sorted(whole.answers.get("status", {}).items())),
        seconds=whole.answers.get("seconds", {}),
        latest=rows[-1].ends_at if rows else None,
    )


def _step(stretch: float, resolution: int, points: int) -> int:
    wide_enough = (s for s in STEPS if s >= resolution and stretch / s <= points)
    return next(wide_enough, STEPS[-1])


def _steps(rows: list[Told], step: int, subject: str) -> dict[int, Step]:
    """Each sample in the step that holds its middle: they last about 10 s, and are no grid."""
    steps: dict[int, Step] = {}
    for row in rows:
        middle = (row.starts_at.timestamp() + row.ends_at.timestamp()) / 2
        # One that lasts longer than it should was taken after nobody took any.
        usual = row.ends_at - timedelta(seconds=1.5 * row.resolution)
        is_late = row.starts_at < usual
        at = int(row.ends_at.timestamp() - 1 if is_late else middle) // step * step
        begun = max(row.starts_at, usual)
        found = steps.setdefault(at, Step(begun, row.ends_at))
        found.add(row, subject)
    return steps


def _whole(steps: Mapping[int, Step], start: datetime) -> Step:
    whole = Step(start, start)
    for one in steps.values():
        whole.answers.add(one.answers)
        whole.queries.add(one.queries)
        for host, seconds in one.lasted.items():
            whole.lasted[host] += seconds
            whole.answered[host] += one.answered[host]
        for host, gauges in one.gauges.items():
            of = whole.gauges[host]
            of |= {name: max(value, of.get(name, 0)) for name, value in gauges.items()}
    return whole


def _columns(
    steps: Mapping[int, Step], length: int, names: tuple[str, ...]
) -> dict[str, list[float | None]]:
    columns: dict[str, list[float | None]] = {name: [] for name in ("at", *names)}
    before: Step | None = None
    for at, one in sorted(steps.items()):
        if before and (one.starts_at - before.ends_at).total_seconds() > length:
            _append(columns, {"at": before.ends_at.timestamp() // length * length + length})
        _append(columns, {"at": at, **one.point()})
        before = one
    return columns


def _append(columns: dict[str, list[float | None]], point: Point) -> None:
    for name, column in columns.items():
        column.append(point.get(name))


def figures_of(answers: Measures) -> Point:
    """Return the figures of what was answered: times in ms, shares in percent."""
    statuses = answers.get("status", {})
    count = sum(statuses.values())
    times = spread(answers.get("seconds", {}), answers.get("seconds_sum", {}), SECONDS)
    origins = answers.get("origin", {})
    reads = sum(origins.values())
    return {
        "error_rate": _share(_of_class("5", statuses), count),
        "refused_rate": _share(_of_class("4", statuses), count),
        "avg": times.avg,
        "p50": times.p50,
        "p95": times.p95,
        "p99": times.p99,
        "hit_rate": _share(reads - origins.get("made", 0), reads),
        "queries": _mean(answers, "queries_sum", count),
        "database_ms": _mean(answers, "database_seconds", count, times=1000),
        "bytes": _mean(answers, "bytes", count),
    }


def _of_queries(queries: Measures) -> Point:
    times = spread(queries.get("seconds", {}), queries.get("seconds_sum", {}), QUERY_SECONDS)
    return {"query_avg": times.avg, "query_p95": times.p95}


def _of_class(first: str, statuses: Mapping[str, float]) -> float:
    return sum(number for status, number in statuses.items() if status.startswith(first))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole * 100, 3) if whole else None


def _mean(answers: Measures, measure: str, count: float, times: float = 1) -> float | None:
    return round(answers.get(measure, {}).get("", 0) / count * times, 3) if count else None
