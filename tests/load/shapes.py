"""How many people there are at a time, as Locust asks for it; `stages.py` has the plans.

Users, spawn rate and run time of the command line or the UI say how many at most, how quickly they
come, and how long it takes in all.
"""

from collections import Counter

from locust import LoadTestShape
from locust.util.timespan import parse_timespan

from tests.load.outcome import FILES
from tests.load.stages import PLANS, Limit, Measured, Totals, Walk

USUAL_USERS, USUAL_RATE, USUAL_SECONDS = 100, 10, 300


class PlannedShape(LoadTestShape):
    """Goes through one of the plans."""

    abstract = True
    use_common_options = True
    limit: Limit | None = None
    walk: Walk | None = None

    def reset_time(self) -> None:
        super().reset_time()
        self.walk = None

    def tick(self) -> tuple[int, float] | None:
        options = self.runner.environment.parsed_options
        if self.walk is None:
            users = int(options.num_users or USUAL_USERS)
            self.walk = Walk(self.plan(users, _seconds(options.run_time)), self.limit)
        users = self.walk.users_at(
            self.get_run_time(), present=self.get_current_user_count(), totals=self._totals
        )
        return None if users is None else (users, float(options.spawn_rate or USUAL_RATE))

    @property
    def measured(self) -> list[Measured]:
        return self.walk.measured if self.walk else []

    @property
    def broken_at(self) -> Measured | None:
        return self.walk.broken_at if self.walk else None

    def _totals(self) -> Totals:
        """Everything but the files, which would make any time look short."""
        entries = [e for e in self.runner.stats.entries.values() if e.name != FILES]
        times: Counter[float] = Counter()
        for entry in entries:
            times.update(entry.response_times)
        requests = sum(entry.num_requests for entry in entries)
        return Totals(requests, sum(entry.num_failures for entry in entries), times)


class Steps(PlannedShape):
    """More and more, until it breaks."""

    plan = staticmethod(PLANS["steps"])
    limit = Limit()


class Spike(PlannedShape):
    """Few, all at once, few again."""

    plan = staticmethod(PLANS["spike"])


class Soak(PlannedShape):
    """All of them for a long time."""

    plan = staticmethod(PLANS["soak"])


SHAPES = {"steps": Steps, "spike": Spike, "soak": Soak}


def _seconds(run_time: str | int | None) -> float:
    return parse_timespan(run_time) if isinstance(run_time, str) else run_time or USUAL_SECONDS
