"""What each rule's metric is now."""

from datetime import datetime, timedelta

from monitoring.models import AlertRule
from monitoring.services.invariants import violations
from monitoring.services.series import Series, series
from monitoring.services.tasks import queue

Metric = AlertRule.Metric

#: Metrics of requests, by the name of the figure.
OF_REQUESTS = {
    Metric.API_RESPONSE_TIME: "avg",
    Metric.API_RESPONSE_TIME_P95: "p95",
    Metric.DB_QUERY_TIME: "query_avg",
    Metric.CACHE_HIT_RATE: "hit_rate",
    Metric.ERROR_RATE: "error_rate",
}


class Readings:
    """Values of one instant; the figures of a window are made once."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._figures: dict[int, Series] = {}

    def value_of(self, rule: AlertRule) -> float | None:
        """Return the rule's value; None if there is nothing to judge by."""
        match rule.metric:
            case Metric.TASK_QUEUE_AGE:
                return queue(now=self._now)["oldest_seconds"]
            case Metric.INVARIANT_VIOLATIONS:
                counted = [number for number in violations().values() if number is not None]
                return float(sum(counted)) if counted else None
            case Metric.MEMORY_USAGE:
                return self._over(rule.window_seconds).whole["memory_mb"]
        seen = self._over(rule.window_seconds)
        if not seen.requests or seen.requests < rule.least_requests:
            return None
        if rule.metric == Metric.SLO_BURN:
            return self._burn_rate(rule)
        return seen.whole[OF_REQUESTS[Metric(rule.metric)]]

    def _over(self, seconds: int) -> Series:
        if seconds not in self._figures:
            start = self._now - timedelta(seconds=seconds)
            self._figures[seconds] = series(start=start, end=self._now, now=self._now, points=1)
        return self._figures[seconds]

    def _burn_rate(self, rule: AlertRule) -> float:
        """How many times too fast the budget is spent, over the window where that is slower.

        Both windows are above a threshold if, and only if, the slower one is.
        """
        budget = 100 - (rule.objective or 0)
        over = [self._over(seconds) for seconds in rule.windows]
        return min((seen.whole["error_rate"] or 0.0) / budget for seen in over)
