"""Two sides that do the same work, in turns: what each spends, and what that means for a target."""

import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.load.bench import cpu, wire
from tests.load.bench.serving import Server
from tests.load.stages import percentile

GOOD = {200, 201, 304}
SETTLING = 8  # requests; what a thread's first one costs, or a process's, is not counted


class Work(NamedTuple):
    """So many requests to a server in each round, from so many clients at a time."""

    server: Server
    request: Callable[[], bytes]
    clients: int = 1
    requests: int = 120


class Round(NamedTuple):
    """What a number of requests took: CPU seconds of each, apart and with the database's."""

    alone: float
    with_database: float
    asked: wire.Asked


class Line(NamedTuple):
    """One line of the table."""

    what: str
    ours: str
    theirs: str
    against: str
    measured: float | None
    target: str
    passed: bool | None  # None: nothing is demanded, or nothing could be measured

    def as_json(self) -> dict[str, object]:
        return self._asdict()


class Measured(NamedTuple):
    """All rounds of a comparison."""

    ours: list[Round]
    theirs: list[Round]


class Comparison(NamedTuple):
    """A line of the target table.

    `speed`: theirs / ours is at least this; `cost`: ours / theirs is at most this;
    `milliseconds`: ours takes at most so many. Without any of them it is there for scale.
    """

    what: str
    against: str
    ours: Work
    theirs: Work | None = None
    speed: float | None = None
    cost: float | None = None
    milliseconds: float | None = None
    counts_database: bool = False
    further: Callable[[Measured], Iterable[Line]] = lambda measured: ()


def measure(work: Work) -> Round:
    """Do it; raises RuntimeError unless all answers are good."""
    client = wire.Client(work.server.port, work.clients)
    try:
        client.ask(max(SETTLING, 2 * work.clients), work.request)
        before = _look(work.server)
        asked = client.ask(work.requests, work.request)
        after = _look(work.server)
    finally:
        client.close()
    if bad := {status: n for status, n in asked.statuses.items() if status not in GOOD}:
        raise RuntimeError(f"port {work.server.port} answered {bad}")
    alone, database = (cpu.spent(b, a) / work.requests for b, a in zip(before, after, strict=True))
    return Round(alone, alone + database, asked)


def _look(server: Server) -> tuple[cpu.Times, cpu.Times]:
    return cpu.times(server.pids()), cpu.times(server.database())


def in_turns(comparisons: Sequence[Comparison], rounds: int) -> list[Measured]:
    """Do all that is to be compared again and again, each piece of work once in a round.

    Every other round goes backwards, so that nobody always comes after the same one.
    """
    works = list(dict.fromkeys(work for one in comparisons for work in (one.ours, one.theirs)))
    found: dict[Work | None, list[Round]] = {work: [] for work in works}
    for number in range(rounds):
        print(f"Round {number + 1} of {rounds} …", file=sys.stderr, flush=True)
        for work in works[:: -1 if number % 2 else 1]:
            if work is not None:
                found[work].append(measure(work))
    return [Measured(found[one.ours], found[one.theirs]) for one in comparisons]


def line_of(comparison: Comparison, measured: Measured) -> Line:
    """Return what the rounds came to: the middle one of what each side took, and of the ratios."""
    ours, theirs = (_costs(comparison, rounds) for rounds in measured)
    if comparison.milliseconds is not None:
        value, target = statistics.median(ours) * 1000, f"≤ {comparison.milliseconds:g} ms"
        passed = value <= comparison.milliseconds
    elif comparison.cost is not None:
        value = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        target, passed = f"≤ {comparison.cost:g}", value <= comparison.cost
    else:
        value = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
        target, passed = "", None
        if comparison.speed is not None:
            target, passed = f"≥ {comparison.speed:g}", value >= comparison.speed
    times = [f"{statistics.median(some) * 1e6:.0f}" if some else "" for some in (ours, theirs)]
    return Line(comparison.what, *times, comparison.against, value, target, passed)


def _costs(comparison: Comparison, rounds: Sequence[Round]) -> list[float]:
    return [one.with_database if comparison.counts_database else one.alone for one in rounds]


def spread(rounds: Iterable[Round]) -> tuple[float, float]:
    """Return median and p95 of how long clients waited, in seconds."""
    times = Counter(seconds for one in rounds for seconds in one.asked.seconds)
    return percentile(times, 50), percentile(times, 95)
