"""Endpoints against their budgets: which part each exceeds, and by how much; the worst first."""

from collections.abc import Iterable
from typing import NamedTuple

from monitoring.budgets import BUDGETS, Budget
from monitoring.services.figures import EndpointFigures


class Part(NamedTuple):
    """What an endpoint used of one part of its budget; above 1, `ratio` is too much."""

    used: float | None
    allowed: float | None
    ratio: float = 0

    @property
    def is_over(self) -> bool:
        return self.ratio > 1


class Verdict(NamedTuple):
    """An endpoint, and each part of its budget by name: `average_ms`, `p95_ms`, …"""

    endpoint: EndpointFigures
    parts: dict[str, Part]

    @property
    def ratio(self) -> float:
        """That of its worst part; 0 without a budget."""
        return max((part.ratio for part in self.parts.values()), default=0)

    @property
    def over(self) -> list[str]:
        """The names of the parts that are exceeded."""
        return [name for name, part in self.parts.items() if part.is_over]

    @property
    def has_budget(self) -> bool:
        return self.endpoint.name in BUDGETS


def verdicts(endpoints: Iterable[EndpointFigures]) -> list[Verdict]:
    """Return a verdict on each, the worst first, and of equal ones the most used."""
    found = [Verdict(one, parts_of(one, BUDGETS.get(one.name))) for one in endpoints]
    return sorted(found, key=lambda one: (-one.ratio, -one.endpoint.count))


def parts_of(measured: EndpointFigures, budget: Budget | None) -> dict[str, Part]:
    """Return what was used of each part; of a hit rate, the budget is the least."""
    used: dict[str, float | None] = {
        "average_ms": measured.avg,
        "p95_ms": measured.p95,
        "queries": measured.queries,
        "bytes": measured.bytes,
    }
    parts = {name: _part(value, budget, name) for name, value in used.items()}
    least, rate = budget.hit_rate if budget else None, measured.hit_rate
    # By what is made anew: 40 % where 20 % may be is twice as much as allowed.
    ratio = 0.0 if least is None or rate is None else (100 - rate) / (100 - least)
    parts["hit_rate"] = Part(rate, least, ratio)
    return parts


def _part(used: float | None, budget: Budget | None, name: str) -> Part:
    allowed = getattr(budget, name) if budget else None
    if allowed is None or used is None:
        return Part(used, allowed)
    # Nothing is allowed: whatever is used is over, by as much as it is.
    return Part(used, allowed, used / allowed if allowed else used and 1 + used)
