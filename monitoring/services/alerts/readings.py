"""What each rule's metric is now."""

from collections.abc import Callable, Mapping
from datetime import datetime

from monitoring.models import AlertRule
from monitoring.services.figures import Figures, figures
from monitoring.services.invariants import violations
from monitoring.services.tasks import queue

Metric = AlertRule.Metric

OF_REQUESTS: Mapping[str, Callable[[Figures], float | None]] = {
    Metric.API_RESPONSE_TIME: lambda seen: seen.response_time.avg,
    Metric.API_RESPONSE_TIME_P95: lambda seen: seen.response_time.p95,
    Metric.DB_QUERY_TIME: lambda seen: seen.db_query_time.avg,
    Metric.CACHE_HIT_RATE: lambda seen: seen.cache_hit_rate,
    Metric.ERROR_RATE: lambda seen: seen.error_rate,
}


class Readings:
    """Values of one instant; figures of the same window are made once."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._figures: dict[int, Figures] = {}

    def value_of(self, rule: AlertRule) -> float | None:
        """Return the rule's value; None if there is nothing to judge by."""
        match rule.metric:
            case Metric.TASK_QUEUE_AGE:
                return queue(now=self._now)["oldest_seconds"]
            case Metric.INVARIANT_VIOLATIONS:
                counted = [number for number in violations().values() if number is not None]
                return float(sum(counted)) if counted else None
            case Metric.MEMORY_USAGE:
                return self._over(rule.window_seconds).memory_mb or None
        seen = self._over(rule.window_seconds)
        if not seen.requests or seen.requests < rule.least_requests:
            return None
        if rule.metric == Metric.SLO_BURN:
            return self._burn_rate(rule)
        return OF_REQUESTS[rule.metric](seen)

    def _over(self, seconds: int) -> Figures:
        if seconds not in self._figures:
            self._figures[seconds] = figures(now=self._now, seconds=seconds)
        return self._figures[seconds]

    def _burn_rate(self, rule: AlertRule) -> float:
        """How many times too fast the budget is spent, over the window where that is slower.

        Both windows are above a threshold if, and only if, the slower one is.
        """
        budget = 1 - (rule.objective or 0) / 100
        over = [self._over(seconds) for seconds in rule.windows]
        return min(seen.errors / seen.requests / budget if seen.requests else 0.0 for seen in over)
