"""The part about what the site's own samples tell: the last days, and who took the time in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from monitoring.budgets import BUDGETS, TARGETS
from monitoring.services.figures import EndpointFigures, endpoints_between
from monitoring.services.reports.document import Bars, Chart, Finding, Part, Series, Table, Verdict
from monitoring.services.reports.numbers import NONE, number
from monitoring.services.series import Series as Sampled
from monitoring.services.series import series

MOST_POINTS = 120
MOST_ROUTES = 25
#: Percent of a route's time from which on the database is what it waits for.
MOSTLY = 50
#: Of a page that is read less often, no hit rate is judged.
LEAST_READS = 100


class History(NamedTuple):
    """What the samples of all hosts tell: over time, and by endpoint."""

    sampled: Sampled
    endpoints: list[EndpointFigures]


def read_history(*, now: datetime, days: int) -> History | None:
    """Return the history of the last days; None if nothing was asked in them."""
    start = now - timedelta(days=days)
    sampled = series(start=start, end=now, now=now, points=MOST_POINTS)
    if sampled.latest is None or not sampled.requests:
        return None
    # A site that is young has short steps.
    first = min(at for at in sampled.columns["at"] if at is not None)
    start = max(start, datetime.fromtimestamp(first, now.tzinfo))
    if sampled.latest - start < timedelta(days=days) / 2:
        sampled = series(start=start, end=now, now=now, points=MOST_POINTS)
    return History(sampled, endpoints_between(start=start, end=now, now=now))


def verdicts(history: History | None) -> Iterator[Verdict]:
    """Yield the targets that hold for the site as it is used."""
    whole = history.sampled.whole if history else {}
    for what, name, target, unit in (
        ("average, as used", "avg", TARGETS.average_ms, "ms"),
        ("p95, as used", "p95", TARGETS.p95_ms, "ms"),
        ("query", "query_avg", TARGETS.query_ms, "ms"),
        ("errors, as used", "error_rate", TARGETS.error_rate, "%"),
    ):
        value = whole.get(name)
        passed = None if value is None else value <= target
        yield Verdict(what, number(value, unit), f"≤ {number(target, unit)}", "history", passed)
    rate = whole.get("hit_rate")
    passed = None if rate is None else rate >= TARGETS.hit_rate
    least = f"≥ {number(TARGETS.hit_rate, '%')}"
    yield Verdict("cache hit rate", number(rate, "%"), least, "history", passed)


def part(history: History) -> Part:
    """Return the chapter on the last days."""
    sampled = history.sampled
    hosts = len(sampled.hosts)
    chapter = Part("As it is used")
    chapter.text.append(
        f"{number(sampled.requests)} answers from {sampled.start:%Y-%m-%d %H:%M} to"
        f" {sampled.latest:%Y-%m-%d %H:%M} UTC, of {hosts}"
        f" {'machine' if hosts == 1 else 'machines'}."
    )
    chapter.figures += [
        _chart(sampled, "Time to answer", "ms", TARGETS.p95_ms, p50="p50", p95="p95", p99="p99"),
        _chart(sampled, "Answers", "/s", requests_per_second="answers"),
        _chart(sampled, "Errors and cache hits", "%", error_rate="errors", hit_rate="cache hits"),
        _chart(sampled, "Memory", "MB", TARGETS.memory_mb, memory_mb="all processes"),
        _chart(sampled, "CPU, of one core", "%", cpu_percent="all processes"),
        Bars(
            "Where the time goes: average × answers, by route",
            [(one.name, share, f"{share:.0%}") for one, share in _shares(history)[:8]],
        ),
    ]
    chapter.tables.append(_routes(history))
    return chapter


def _chart(
    sampled: Sampled, title: str, unit: str, limit: float | None = None, **lines: str
) -> Chart:
    """A chart of these columns, under these names."""
    at = sampled.columns["at"]
    drawn = [
        Series(name, [(x or 0, y) for x, y in zip(at, column, strict=True) if y is not None])
        for name, column in ((name, sampled.columns[key]) for key, name in lines.items())
    ]
    return Chart(title, unit, drawn, limit)


def _shares(history: History) -> list[tuple[EndpointFigures, float]]:
    """The routes with their shares of the time of all answers, the largest first."""
    spent = [(one, one.count * (one.avg or 0)) for one in history.endpoints]
    whole = sum(ms for _one, ms in spent) or 1.0
    return sorted(((one, ms / whole) for one, ms in spent), key=lambda pair: -pair[1])


def _routes(history: History) -> Table:
    heads = ("route", "answers", "average", "p95", "queries", "in the database", "hits", "beyond")
    rows = [
        (
            one.name,
            number(one.count),
            number(one.avg, "ms"),
            number(one.p95, "ms"),
            number(one.queries),
            number(one.database_share, "%"),
            number(one.hit_rate, "%"),
            ", ".join(_beyond(one)) or NONE,
        )
        for one, _share in _shares(history)[:MOST_ROUTES]
    ]
    return Table(heads, rows, "Routes, by the time that they take")


def _beyond(one: EndpointFigures) -> Iterator[str]:
    """Yield which parts of its budget an endpoint exceeds."""
    budget = BUDGETS.get(one.name)
    if budget is None:
        return
    for name, value, limit in (
        ("average", one.avg, budget.average_ms),
        ("p95", one.p95, budget.p95_ms),
        ("queries", one.queries, budget.queries),
        ("bytes", one.bytes, budget.bytes),
    ):
        if (value or 0) > limit:
            yield name
    if budget.hit_rate and one.count >= LEAST_READS and (one.hit_rate or 0) < budget.hit_rate:
        yield "hit rate"


def findings(history: History | None) -> Iterator[Finding]:
    """Yield what takes the time, and where something waits."""
    if history is None:
        return
    shares = _shares(history)
    yield _heaviest(*shares[0])
    yield from (_made_anew(*pair) for pair in shares if "hit rate" in _beyond(pair[0]))
    threads = settings.WEB_CONCURRENCY * settings.WEB_THREADS * len(history.sampled.hosts)
    in_flight = history.sampled.whole["requests_in_flight"] or 0
    if in_flight >= threads:
        yield Finding(
            "Requests wait for a thread",
            f"history: {number(in_flight)} in flight at once, {threads} threads.",
            "Shorter requests first; then WEB_CONCURRENCY, up to the number of cores.",
            0.8,
        )


def _heaviest(route: EndpointFigures, share: float) -> Finding:
    in_database = route.database_share or 0
    waits = in_database >= MOSTLY
    return Finding(
        f"{route.name} takes {share:.0%} of all the time, most of it"
        f" {'the database' if waits else 'Python'}",
        f"history: {number(route.count)} answers of {number(route.avg, 'ms')} on average,"
        f" {number(route.queries)} queries each, {number(in_database, '%')} of the time in the"
        f" database; hit rate {number(route.hit_rate, '%')}.",
        "Its queries and their plans." if waits else "Its CPU: a profile by silk.",
        share,
    )


def _made_anew(route: EndpointFigures, share: float) -> Finding:
    return Finding(
        f"{route.name} is made anew too often",
        f"history: {number(route.hit_rate, '%')} of {number(route.count)} reads were kept.",
        "What writes to the tables that it is made from, and how often.",
        share * (1 - (route.hit_rate or 0) / 100),
    )
