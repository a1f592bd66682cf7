"""What a load run came to: `run.json`, made from what Locust counted and what was sampled.

The file is one object; units are in the names, and null means "not known", or "none".

    format          1; moves when a reader has to change
    started_at      RFC 3339
    seconds         how long Locust ran
    users           what was asked for; of a shape, the most at a time
    spawn_rate      so many more a second
    shape           "steady", "steps", "spike" or "soak"
    command         how to run the same again
    passed          whether every verdict passed
    verdicts        [{what, measured, limit, unit, passed}]; `limit` is the most that passes
    total           all requests but those for files: {requests, failures, failure_percent,
                    average_ms, median_ms, p95_ms, p99_ms, max_ms, rps}
    files           the same, of files alone; those with a hash in their name come from nginx
    routes          [{method, route, bytes, and the same as `total`}], the most asked first;
                    `route` as `monitoring.routes` names it, "static" for files; `bytes` of a
                    body on average, unpacked
    errors          [{method, route, error, count}], the most frequent first
    stages          of a shape, else []: [{name, users, seconds, requests, failures,
                    failure_percent, rps, median_ms, p95_ms, p99_ms}], without files, each from
                    when all its users were there and had settled
    within_targets  of the stages up to the first that missed a target, the last that did not
    breaking_point  the stage from which on all went beyond the stop criterion
    stop_criterion  {p95_ms, failure_percent}
    memory_mb       of the site: {max, last, max_by_process: {web, nginx},
                    points: [[second, MB]]}, what processes share counted once
    cpu_percent     of the site: {total, by_process}, where 100 is one core; `others` of the
                    machine that neither site nor Locust took; `ms_per_request` the site's
                    milliseconds of CPU for each request but those for files, which says the
                    same however busy the machine is
    client          Locust's own {cpu_percent, memory_mb}
    bookings        {acknowledged, let_go, double}; let go are those cancelled or declined
    violations      {invariant: n}, as `manage.py verify` counted afterwards
    site            {database, cache, proxy, processes, threads, users, chefs, bookings}, of
                    which `users` are the customers in the database
    versions        {python, django, gunicorn, locust, nginx, database}
    commit          of the checkout; `is_dirty` if that was changed since
    machine         {cores, memory_mb, system, load_before}, the last one being the load average
                    of the minute before
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.load.stages import percentile

FORMAT = 1
FILES = "static"


class NoRun(Exception):
    """A file that is no run.json, or one of another format."""


@dataclass
class Tally:
    """Requests of one kind: how many, how many failed, how many took how many milliseconds."""

    requests: int = 0
    failures: int = 0
    milliseconds: float = 0.0
    bytes: int = 0
    times: Counter[float] = field(default_factory=Counter)

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> Self:
        """Return what `locustfile.py` wrote of a route; JSON made texts of its times."""
        times = Counter({float(time): n for time, n in counted["times"].items()})
        numbers = (counted[name] for name in ("requests", "failures", "milliseconds", "bytes"))
        return cls(*numbers, times)

    def add(self, other: Self) -> None:
        self.requests += other.requests
        self.failures += other.failures
        self.milliseconds += other.milliseconds
        self.bytes += other.bytes
        self.times.update(other.times)

    def figures(self, seconds: float) -> dict[str, Any]:
        """Return the figures of these requests, made within so many seconds."""
        return {
            "requests": self.requests,
            "failures": self.failures,
            "failure_percent": _share(self.failures, self.requests),
            "average_ms": round(self.milliseconds / self.requests, 1) if self.requests else 0.0,
            "median_ms": percentile(self.times, 50),
            "p95_ms": percentile(self.times, 95),
            "p99_ms": percentile(self.times, 99),
            "max_ms": max(self.times, default=0.0),
            "rps": round(self.requests / seconds, 1),
        }


def counted(routes: Iterable[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    """Return `total`, `files` and `routes` from what was counted for each route."""
    pages, files, rows = Tally(), Tally(), []
    for route in routes:
        tally = Tally.of(route)
        (files if route["route"] == FILES else pages).add(tally)
        size = round(tally.bytes / tally.requests) if tally.requests else 0
        named = {"method": route["method"], "route": route["route"]}
        rows.append(named | tally.figures(seconds) | {"bytes": size})
    rows.sort(key=lambda row: (-row["requests"], row["route"], row["method"]))
    return {"total": pages.figures(seconds), "files": files.figures(seconds), "routes": rows}


def within(stages: list[dict[str, Any]], *, p95_ms: float, failure_percent: float) -> Any:
    """Return the last stage before the first that went beyond; None if that was the first."""
    kept = None
    for stage in stages:
        if stage["p95_ms"] > p95_ms or stage["failure_percent"] > failure_percent:
            break
        kept = stage
    return kept


def read(path: Path) -> dict[str, Any]:
    """Return a run; raises NoRun."""
    try:
        run = json.loads(path.read_text())
        its_format = run["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoRun(f"{path} is no run of `make load`.") from error
    if its_format != FORMAT:
        raise NoRun(f"{path} has format {its_format}, this reads {FORMAT}. Run `make load` again.")
    return run


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0.0
