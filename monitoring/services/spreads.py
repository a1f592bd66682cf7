"""How a quantity spreads, from the histogram that counted it."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The exact average, and percentiles as interpolated inside of their bucket, in ms.

    Each is None without anything measured.
    """

    avg: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


def spread(
    buckets: Mapping[str, float], sums: Mapping[str, float], bounds: Sequence[float]
) -> Spread:
    """Return the spread in ms of what was observed in seconds, in buckets with these bounds."""
    counts = sorted((float(bound), number) for bound, number in buckets.items() if number)
    count = sum(number for _bound, number in counts)
    if not count:
        return Spread()
    return Spread(
        avg=round(sum(sums.values()) / count * 1000, 3),
        p50=_percentile(counts, count * 0.50, bounds),
        p95=_percentile(counts, count * 0.95, bounds),
        p99=_percentile(counts, count * 0.99, bounds),
    )


def _percentile(
    counts: Sequence[tuple[float, float]], rank: float, bounds: Sequence[float]
) -> float:
    """The value below which `rank` of the observations lie; beyond the last bound, that bound."""
    below = 0.0
    for bound, number in counts:
        if below + number >= rank:
            lower = _lower(bound, bounds)
            upper = lower if math.isinf(bound) else bound
            return round((lower + (upper - lower) * (rank - below) / number) * 1000, 3)
        below += number
    raise ValueError("The rank is higher than the count.")


def _lower(bound: float, bounds: Sequence[float]) -> float:
    index = bisect_left(bounds, bound)
    return bounds[index - 1] if index else 0.0
