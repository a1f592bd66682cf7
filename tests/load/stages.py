"""How many people come when: plans of stages, what was measured in each, and when it is enough.

Nothing here knows Locust; `shapes.py` asks once a second how many people there should be.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

STEPS = 10
FEWEST = 20  # requests that say something about a stage
PATIENCE = 2  # stages in a row beyond the limit; a single one may be somebody else's doing
SETTLING = 1 / 5  # of a stage, when all are there but have just come


@dataclass(frozen=True)
class Stage:
    """So many people for so many seconds."""

    name: str
    users: int
    seconds: float


type Plan = Callable[[int, float], list[Stage]]


def steps(users: int, seconds: float) -> list[Stage]:
    """Ten equal steps up to `users`, which divide the time among them."""
    return [
        Stage(f"step {n}", max(1, users * n // STEPS), seconds / STEPS) for n in range(1, STEPS + 1)
    ]


def spike(users: int, seconds: float) -> list[Stage]:
    """A tenth of them, then all at once, then a tenth again, for a third of the time each."""
    calm = max(1, users // 10)
    return [
        Stage("before", calm, seconds / 3),
        Stage("spike", users, seconds / 3),
        Stage("after", calm, seconds / 3),
    ]


def soak(users: int, seconds: float) -> list[Stage]:
    """All of them, all the time, measured in six parts: what grows or slows shows between them."""
    return [Stage(f"part {n}", users, seconds / 6) for n in range(1, 7)]


PLANS: dict[str, Plan] = {"steps": steps, "spike": spike, "soak": soak}


@dataclass(frozen=True)
class Totals:
    """Everything since the beginning: requests, failures, how many took how many milliseconds."""

    requests: int
    failures: int
    times: Mapping[float, int]


@dataclass(frozen=True)
class Measured:
    """What happened in a stage, from when all of its people were there and had settled."""

    name: str
    users: int
    seconds: float
    requests: int
    failures: int
    failure_percent: float
    rps: float
    median_ms: float
    p95_ms: float
    p99_ms: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Limit:
    """Beyond this the site has broken: nobody waits so long, or too many are turned away."""

    p95_ms: float = 1000
    failure_percent: float = 1

    def is_passed(self, measured: Measured) -> bool:
        """Tell whether a stage went beyond it."""
        return measured.requests >= FEWEST and (
            measured.p95_ms > self.p95_ms or measured.failure_percent > self.failure_percent
        )


class Walk:
    """Goes through a plan, second by second, and measures each stage."""

    def __init__(self, plan: list[Stage], limit: Limit | None = None) -> None:
        self._plan = plan
        self._limit = limit
        self._stage = 0
        self._ends = plan[0].seconds
        self._complete_since: float | None = None
        self._begun: tuple[float, Totals] | None = None
        self.measured: list[Measured] = []
        self._beyond = 0  # stages in a row, up to the last one

    def users_at(self, now: float, *, present: int, totals: Callable[[], Totals]) -> int | None:
        """Return how many people there should be, None when it is over.

        `now` counts from the beginning of the walk, `present` is how many there are.
        """
        if now >= self._ends:
            self._close(now, totals())
            self._stage += 1
            if self._beyond == PATIENCE or self._stage == len(self._plan):
                return None
            self._ends += self._plan[self._stage].seconds
        stage = self._plan[self._stage]
        if present != stage.users:
            self._complete_since = None
        elif self._complete_since is None:
            self._complete_since = now
        is_settled = self._complete_since is not None and (
            now - self._complete_since >= SETTLING * stage.seconds
        )
        if self._begun is None and is_settled:
            self._begun = (now, totals())
        return stage.users

    @property
    def broken_at(self) -> Measured | None:
        """The stage from which on all went beyond the limit."""
        return self.measured[-self._beyond] if self._beyond else None

    def _close(self, now: float, after: Totals) -> None:
        """Measure the stage that ends, if all of its people came in time."""
        stage = self._plan[self._stage]
        if self._begun is not None and now > self._begun[0]:
            begun, before = self._begun
            measured = measure(stage, now - begun, before, after)
            self.measured.append(measured)
            is_beyond = self._limit is not None and self._limit.is_passed(measured)
            self._beyond = self._beyond + 1 if is_beyond else 0
        self._begun = self._complete_since = None


def measure(stage: Stage, seconds: float, before: Totals, after: Totals) -> Measured:
    """Return what happened between two totals."""
    times = Counter(after.times)
    times.subtract(before.times)
    requests = after.requests - before.requests
    failures = after.failures - before.failures
    return Measured(
        name=stage.name,
        users=stage.users,
        seconds=round(seconds, 1),
        requests=requests,
        failures=failures,
        failure_percent=round(100 * failures / requests, 3) if requests else 0.0,
        rps=round(requests / seconds, 1),
        median_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
        p99_ms=percentile(times, 99),
    )


def percentile(times: Mapping[float, int], percent: float) -> float:
    """Return the time within which so many percent were answered; 0 of nothing."""
    wanted = sum(times.values()) * percent / 100
    seen = 0
    for time in sorted(times):
        seen += times[time]
        if seen >= wanted and seen:
            return float(time)
    return 0.0
