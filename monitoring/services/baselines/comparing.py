"""Comparing two baselines: what changed beyond noise, and beyond how quick the computer was.

CPU time is compared in units of the run's calibration, so that a slower computer is no
regression. Rounds that differ among themselves widen what counts as noise. One query more is a
regression always.
"""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from monitoring.services.baselines.taking import Baseline

#: Less than this share is never told, whatever the rounds say: two runs differ by so much.
LEAST_CPU = 0.2
#: Nor is less than this share of a calibration, which is some tens of microseconds.
LEAST_UNITS = 0.005
SIGMAS = 3
LEAST_BYTES = 0.05  # share; names, dates and what was counted compress differently each day
FEW_BYTES = 64


class Verdict(StrEnum):
    """What a change is."""

    WORSE = "worse"
    BETTER = "better"
    NEW = "new"
    GONE = "gone"


class Change(NamedTuple):
    """What changed of an endpoint: `measure` is `cpu_ms`, `queries` or `bytes`, empty if all."""

    verdict: Verdict
    endpoint: str
    state: str = ""
    measure: str = ""
    before: float | None = None
    after: float | None = None

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return f"{self.endpoint} is {self.verdict}."
        change = (self.after / self.before - 1) * 100 if self.before else math.inf
        return (
            f"{self.endpoint} {self.state}: {self.measure} {self.before:g} → {self.after:g}"
            f" ({change:+.0f} %), {self.verdict}."
        )


def compare(before: Baseline, after: Baseline) -> list[Change]:
    """Return what changed beyond noise, regressions first.

    CPU times of `after` are told as they would have been on the computer of `before`. Raises
    ValueError for baselines of other formats, sizes or databases: they can't be compared.
    """
    for name in ("format", "sizes"):
        if before[name] != after[name]:
            raise ValueError(f"They differ in {name}: {before[name]} and {after[name]}.")
    if before["database"].split()[0] != after["database"].split()[0]:
        raise ValueError("They were taken on different databases.")
    known, found = before["endpoints"], after["endpoints"]
    changes = [Change(Verdict.NEW, name) for name in found.keys() - known.keys()]
    for name in known.keys() & found.keys():
        for state in ("cold", "warm"):
            if known[name][state] and found[name][state]:
                changes += _changes(name, state, (known[name], before), (found[name], after))
    order = list(Verdict)
    return sorted(changes, key=lambda change: (order.index(change.verdict), *change[1:4]))


def gone(before: Baseline, after: Baseline) -> list[Change]:
    """Return the endpoints that were measured before and are not any more."""
    names = before["endpoints"].keys() - after["endpoints"].keys()
    return [Change(Verdict.GONE, name) for name in sorted(names)]


def regressions(changes: Sequence[Change]) -> list[Change]:
    """Return those that nobody wants."""
    return [change for change in changes if change.verdict == Verdict.WORSE]


type _Side = tuple[Mapping[str, Any], Baseline]


def _changes(name: str, state: str, before: _Side, after: _Side) -> Iterator[Change]:
    old, new = before[0][state], after[0][state]
    if old["queries"] != new["queries"]:
        yield _change(name, state, "queries", old["queries"], new["queries"])
    spare = max(FEW_BYTES, LEAST_BYTES * old["bytes"])
    if abs(new["bytes"] - old["bytes"]) > spare:
        yield _change(name, state, "bytes", old["bytes"], new["bytes"])
    a, b = _in_units(old, before[1]), _in_units(new, after[1])
    was, now = statistics.median(a), statistics.median(b)
    if abs(now - was) > max(
        SIGMAS * math.hypot(_error(a), _error(b)), LEAST_CPU * was, LEAST_UNITS
    ):
        unit = _unit(before[1])
        yield _change(name, state, "cpu_ms", round(was * unit, 3), round(now * unit, 3))


def _change(name: str, state: str, measure: str, before: float, after: float) -> Change:
    verdict = Verdict.WORSE if after > before else Verdict.BETTER
    return Change(verdict, name, state, measure, before, after)


def _in_units(costs: Mapping[str, Any], baseline: Baseline) -> list[float]:
    """The rounds' CPU times, in units of the calibration."""
    unit = _unit(baseline)
    return [spent / unit for spent in costs["rounds_cpu_ms"]]


def _unit(baseline: Baseline) -> float:
    """The lower quartile of the calibrations: what else ran adds to some, and takes from none."""
    found = sorted(baseline["calibration_ms"])
    return found[(len(found) - 1) // 4]


def _error(values: Sequence[float]) -> float:
    """The standard error of their median, by the deviations' median, which outliers don't move."""
    middle = statistics.median(values)
    deviation = 1.4826 * statistics.median(abs(value - middle) for value in values)
    return 1.2533 * deviation / math.sqrt(len(values))
