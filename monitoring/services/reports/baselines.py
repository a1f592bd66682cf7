"""The part about baselines: what each endpoint costs alone, and what changed since the last one.

Reads what `manage.py performance_baseline` writes; `monitoring.services.baselines` describes it.
"""

import statistics
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from monitoring.services.baselines.comparing import Change, compare
from monitoring.services.baselines.comparing import Verdict as Changed
from monitoring.services.reports.document import Chart, Finding, Part, Series, Table, Verdict
from monitoring.services.reports.inputs import Measured
from monitoring.services.reports.numbers import NONE, instant, number

MOST_ENDPOINTS = 40
SAID = {"cpu_ms": "CPU", "queries": "queries", "bytes": "bytes"}
UNITS = {"cpu_ms": "ms"}


def verdicts(baselines: list[Measured]) -> Iterator[Verdict]:
    """Yield whether every endpoint keeps to its budget."""
    if not baselines:
        yield Verdict("endpoints within budget", NONE, "all", "baseline", None)
        return
    endpoints = _budgeted(baselines[0])
    within = [name for name, costs in endpoints.items() if not beyond(costs)]
    measured = f"{len(within)} of {len(endpoints)}"
    passed = len(within) == len(endpoints)
    yield Verdict("endpoints within budget", measured, "all", _source(baselines[0]), passed)


def beyond(costs: Mapping[str, Any]) -> list[str]:
    """Return which parts of its budget an endpoint exceeds, when nothing is kept."""
    cold, budget = costs["cold"], costs["budget"]
    used = {
        "average_ms": cold["wall_ms"]["mean"],
        "p95_ms": cold["wall_ms"]["p95"],
        "queries": cold["queries"],
        "bytes": cold["bytes"],
    }
    return [part.removesuffix("_ms") for part, value in used.items() if value > budget[part]]


def part(baselines: list[Measured]) -> Part:
    """Return the chapter on the newest baseline."""
    newest = baselines[0]
    chapter = Part("Each endpoint alone")
    sizes = ", ".join(f"{number(size)} {name}" for name, size in newest["sizes"].items())
    chapter.text.append(
        f"{instant(newest['taken_at'])}, {newest['database']}, {sizes}; {newest['rounds']} rounds"
        f" of {newest['requests']} requests, on {newest['machine']['cores']} cores with a load of"
        f" {number(newest['machine']['load'])} before. Commit {str(newest['commit'])[:10]}"
        f"{', changed since' if newest['is_dirty'] else ''}. Cold: nothing is kept; warm: what may"
        " be kept is."
    )
    if len(baselines) > 1:
        chapter.figures.append(_over_time(baselines))
        _add_changes(chapter, baselines[1], newest)
    else:
        chapter.text.append("There is no earlier baseline to compare with.")
    chapter.tables.append(_endpoints(newest))
    return chapter


def findings(baselines: list[Measured]) -> Iterator[Finding]:
    """Yield the endpoint that is nearest to its budget of time, or furthest beyond."""
    if not baselines:
        return
    shares = {name: _share_of_budget(costs) for name, costs in _budgeted(baselines[0]).items()}
    if not shares:
        return
    name = max(shares, key=lambda one: shares[one])
    cold = baselines[0]["endpoints"][name]["cold"]
    wall, cpu = cold["wall_ms"]["median"], cold["cpu_ms"]["median"]
    what, look_at = _spent(baselines[0], cpu / wall if wall else 1.0)
    yield Finding(
        f"{name} uses {shares[name]:.0%} of its budget of time when nothing is kept",
        f"{_source(baselines[0])}: median {number(wall, 'ms')}, of which {number(cpu, 'ms')} of"
        f" CPU, so it is mostly {what}; {number(cold['queries'])} queries.",
        look_at,
        min(shares[name], 1) * 0.3,
    )


def _spent(baseline: Measured, computing: float) -> tuple[str, str]:
    """What an endpoint does with its time, and so what to look at."""
    machine = baseline["machine"]
    if computing >= 0.5:
        return "computing", "A profile of it: silk."
    if machine["load"] > machine["cores"]:
        busy = f"load {number(machine['load'])} on {machine['cores']} cores"
        return f"waiting for a processor ({busy})", "A baseline on a machine with nothing else."
    return "waiting", "Its queries, and what they wait for."


def _budgeted(baseline: Measured) -> dict[str, Measured]:
    return {name: costs for name, costs in baseline["endpoints"].items() if costs["budget"]}


def _share_of_budget(costs: Measured) -> float:
    return costs["cold"]["wall_ms"]["mean"] / costs["budget"]["average_ms"]


def _source(baseline: Measured) -> str:
    return f"baseline of {instant(baseline['taken_at'])}"


def _endpoints(baseline: Measured) -> Table:
    heads = ("endpoint", "median", "p95", "CPU", "warm CPU", "queries", "bytes", "beyond")
    rows = []
    by_cost = sorted(
        baseline["endpoints"].items(), key=lambda pair: -pair[1]["cold"]["cpu_ms"]["median"]
    )
    for name, costs in by_cost[:MOST_ENDPOINTS]:
        cold, warm, budget = costs["cold"], costs["warm"], costs["budget"]
        times = cold["wall_ms"]["median"], cold["wall_ms"]["p95"], cold["cpu_ms"]["median"]
        counts = [
            f"{number(cold[key])} of {number(budget[key])}" if budget else number(cold[key])
            for key in ("queries", "bytes")
        ]
        kept = number(warm["cpu_ms"]["median"], "ms") if warm else NONE
        over = ", ".join(beyond(costs)) if budget else ""
        rows.append((name, *(number(ms, "ms") for ms in times), kept, *counts, over or NONE))
    title = f"Endpoints by CPU; the first {MOST_ENDPOINTS}" if len(by_cost) > len(rows) else ""
    return Table(heads, rows, title or "Endpoints by CPU")


def _over_time(baselines: list[Measured]) -> Chart:
    """The CPU of the endpoints that all baselines have, in units of each one's calibration."""
    common = set.intersection(*(set(one["endpoints"]) for one in baselines))

    def line(name: str, state: str) -> Series:
        points = [
            (datetime.fromisoformat(one["taken_at"]).timestamp(), _units(one, common, state))
            for one in reversed(baselines)
        ]
        return Series(name, points)

    lines = [line("nothing kept", "cold"), line("kept", "warm")]
    return Chart("CPU of all endpoints, in calibrations", "", lines)


def _units(baseline: Measured, names: set[str], state: str) -> float:
    unit = statistics.median(baseline["calibration_ms"])
    costs = [baseline["endpoints"][name][state] for name in names]
    return sum(one["cpu_ms"]["median"] for one in costs if one) / unit


def _add_changes(chapter: Part, before: Measured, newest: Measured) -> None:
    try:
        found = [one for one in compare(before, newest) if one.before is not None]
    except ValueError as error:
        chapter.text.append(f"The {_source(before)} can't be compared: {error}")
        return
    worse = sum(one.verdict == Changed.WORSE for one in found)
    chapter.text.append(
        f"Compared with the {_source(before)} (commit {str(before['commit'])[:10]}), beyond noise:"
        f" {len(found) - worse} better, {worse} worse."
    )
    if found:
        heads = ("endpoint", "measure", "", "before", "now", "change")
        chapter.tables.append(Table(heads, [_row(one) for one in found], "Changes", names=3))


def _row(change: Change) -> tuple[str, ...]:
    unit = UNITS.get(change.measure, "")
    before, after = change.before or 0, change.after or 0
    ratio = f"× {after / before:.2f}" if before else NONE
    measure = f"{SAID.get(change.measure, change.measure)}, {change.state}"
    values = number(change.before, unit), number(change.after, unit)
    return change.endpoint, measure, str(change.verdict), *values, ratio
