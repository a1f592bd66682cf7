"""The part about load runs: how much the site bears, where it breaks, what changed.

Reads the `run.json` that `make load` writes; tests/load/outcome.py describes it.
"""

from collections.abc import Iterator
from typing import Any

from monitoring.budgets import BUDGETS, TARGETS
from monitoring.services.reports.changes import Quantity, changes, table
from monitoring.services.reports.document import Bars, Chart, Finding, Part, Series, Table, Verdict
from monitoring.services.reports.inputs import Measured
from monitoring.services.reports.numbers import NONE, instant, number

#: Percent of what there is, from which on a processor counts as full.
FULL = 85
MOST_ROUTES = 25
#: Percent of a core that others may take before times are theirs as much as the site's.
DISTURBED = 25
TIMES = (
    Quantity("average_ms", "average", "ms", 3),
    Quantity("p95_ms", "p95", "ms", 10),
    Quantity("rps", "requests", "/s", 1, more_is_better=True),
)
QUANTITIES = (
    Quantity("failure_percent", "failures", "%", 0.05),
    Quantity("mb", "memory", "MB", 20),
    Quantity("cpu", "CPU of a request", "ms", 0.5),
)


def verdicts(runs: list[Measured]) -> Iterator[Verdict]:
    """Yield what the newest run was judged by, and how many people the newest steps bore."""
    if runs:
        for said in runs[0]["verdicts"]:
            measured, limit = (number(said[key], said["unit"]) for key in ("measured", "limit"))
            yield Verdict(said["what"], measured, f"≤ {limit}", _source(runs[0]), said["passed"])
    steps = _newest_steps(runs)
    if steps is None:
        yield Verdict("users", NONE, f"≥ {TARGETS.users}", "make load SHAPE=steps", None)
        return
    kept = steps["within_targets"]
    users = kept["users"] if kept else 0
    passed = users >= TARGETS.users
    # Who asked for fewer, and saw them all served, has not found the end.
    if not passed and steps["stages"] and kept == steps["stages"][-1]:
        yield Verdict("users", f"≥ {users}", f"≥ {TARGETS.users}", _source(steps), None)
        return
    yield Verdict("users", str(users), f"≥ {TARGETS.users}", _source(steps), passed)


def part(runs: list[Measured]) -> Part:
    """Return the chapter on the newest run, and on the newest steps."""
    run = runs[0]
    total, site, machine = run["total"], run["site"], run["machine"]
    chapter = Part("Under load")
    chapter.text.append(
        f"{run['shape'].capitalize()}, {number(run['users'])} users, {number(run['seconds'], 's')},"
        f" {instant(run['started_at'])}: {number(total['requests'])} requests,"
        f" {number(total['rps'])} a second. {site['database']}, {site['cache']},"
        f" {site['proxy'] or 'no proxy'}, {site['processes']} processes with {site['threads']}"
        f" threads, on {machine['cores']} cores with a load of {number(machine['load_before'])}"
        f" before. Commit {str(run['commit'])[:10]}{', changed since' if run['is_dirty'] else ''}."
    )
    if _others(run) > DISTURBED:
        chapter.text.append(
            f"Others took {number(_others(run), '%')} of a core meanwhile: read these times as"
            " upper bounds."
        )
    chapter.text.append(f"Again: {run['command']}")
    chapter.figures.append(_share(run))
    chapter.tables.append(_routes(run))
    if steps := _newest_steps(runs):
        _add_steps(chapter, steps)
    _add_changes(chapter, runs)
    if run["errors"]:
        rows = [(f"{e['method']} {e['route']}", e["error"], str(e["count"])) for e in run["errors"]]
        chapter.tables.append(Table(("route", "what failed", "times"), rows, "Failures", names=2))
    return chapter


def findings(runs: list[Measured]) -> Iterator[Finding]:
    """Yield what held the newest run up."""
    if runs:
        yield from _limits(runs[0])
        yield from _memory(runs[0])
        yield _heaviest(runs[0])


def _limits(run: Measured) -> Iterator[Finding]:
    """What had no more to give: web processes, the machine, the client, or something else."""
    cpu, cores, processes = run["cpu_percent"], run["machine"]["cores"], run["site"]["processes"]
    web, client, others = (
        cpu["by_process"].get("web", 0),
        run["client"]["cpu_percent"],
        _others(run),
    )
    evidence = f"{_source(run)}: {_cpu(run)}; {cores} cores are {cores * 100} %."
    if web >= FULL * processes:
        yield Finding(
            "Every web process is busy computing",
            evidence,
            "What the routes below take, the largest share first; then more processes or cores.",
            0.95,
        )
    elif cpu["total"] + client + others >= FULL * cores:
        yield Finding(
            "The machine's processors are full, and not by the site alone",
            evidence,
            "Run Locust elsewhere and let nothing else run; then measure again.",
            0.9,
        )
    elif run["total"]["p95_ms"] > TARGETS.p95_ms:
        yield Finding(
            "Requests wait, with processors idle",
            evidence,
            "Locks: SQLite's one writer, rows that many write; then threads and the pool.",
            0.9,
        )
    if client >= FULL:
        yield Finding(
            "The load test's own client was at its limit",
            evidence,
            "Its times are too long. Spread it over processes or machines.",
            0.85,
        )


def _memory(run: Measured) -> Iterator[Finding]:
    """Who takes the memory, if it is too much."""
    memory = run["memory_mb"]
    if memory["max"] <= TARGETS.memory_mb:
        return
    most = sorted(memory["max_by_process"].items(), key=lambda pair: -pair[1])
    yield Finding(
        f"The site takes {memory['max'] / TARGETS.memory_mb:.0%} of the memory that it may",
        f"{_source(run)}: {', '.join(f'{name} {number(mb, "MB")}' for name, mb in most)}.",
        "What each process loads when it starts; then how many there are. A slope is a leak.",
        0.6,
    )


def _heaviest(run: Measured) -> Finding:
    """The route that takes most of the time."""
    (name, share, _shown), *_others = _share(run).rows
    row = next(one for one in run["routes"] if _name(one) == name)
    return Finding(
        f"{name} takes {share:.0%} of all the time under load",
        f"{_source(run)}: {number(row['requests'])} requests of {number(row['average_ms'], 'ms')}"
        f" on average, p95 {number(row['p95_ms'], 'ms')}.",
        "Its queries and its CPU: the chapters below, /api/monitoring/metrics, silk.",
        share,
    )


def _others(run: Measured) -> float:
    """Percent of a core that neither the site nor its visitors took."""
    return run["cpu_percent"].get("others") or 0.0


def _cpu(run: Measured) -> str:
    used = run["cpu_percent"]["by_process"] | {
        "Locust": run["client"]["cpu_percent"],
        "others": _others(run),
    }
    return ", ".join(f"{name} {number(percent, '%')}" for name, percent in used.items())


def _name(row: Measured) -> str:
    return f"{row['method']} {row['route']}"


def _source(run: Measured) -> str:
    return f"load run of {instant(run['started_at'])}"


def _newest_steps(runs: list[Measured]) -> Measured | None:
    return next((run for run in runs if run["shape"] == "steps"), None)


def _share(run: Measured) -> Bars:
    """How the time of all answers is divided among the routes."""
    spent = {_name(row): row["requests"] * row["average_ms"] for row in run["routes"]}
    whole = sum(spent.values()) or 1.0
    rows = [
        (name, ms / whole, f"{ms / whole:.0%}")
        for name, ms in sorted(spent.items(), key=lambda pair: -pair[1])[:8]
    ]
    return Bars("Where the time goes: average × requests, by route", rows)


def _routes(run: Measured) -> Table:
    heads = ("route", "requests", "failures", "average", "median", "p95", "p99", "budget of p95")
    rows = []
    for row in run["routes"][:MOST_ROUTES]:
        budget = BUDGETS.get(_name(row))
        times = [number(row[key], "ms") for key in ("average_ms", "median_ms", "p95_ms", "p99_ms")]
        over = " !" if budget and row["p95_ms"] > budget.p95_ms else ""
        limit = f"{number(budget.p95_ms, 'ms')}{over}" if budget else NONE
        counts = number(row["requests"]), number(row["failure_percent"], "%")
        rows.append((_name(row), *counts, *times, limit))
    return Table(heads, rows, "Routes; ! is above its budget")


def _add_steps(chapter: Part, run: Measured) -> None:
    stages, kept, broken = run["stages"], run["within_targets"], run["breaking_point"]

    def line(key: str) -> list[tuple[float, float]]:
        return [(stage["users"], stage[key]) for stage in stages]

    if broken:
        stop = run["stop_criterion"]
        chapter.text.append(
            f"Breaking point: {number(broken['users'])} users, {number(broken['rps'])} requests a"
            f" second, p95 {number(broken['p95_ms'], 'ms')},"
            f" {number(broken['failure_percent'], '%')} failures ({_source(run)}). It breaks beyond"
            f" {number(stop['p95_ms'], 'ms')} or {number(stop['failure_percent'], '%')}."
        )
    else:
        chapter.text.append(f"It did not break ({_source(run)}).")
    last = f"{number(kept['users'])} users, {number(kept['rps'])} a second" if kept else "no step"
    chapter.text.append(f"Within the targets: {last}.")
    latency = [Series(name, line(f"{name}_ms")) for name in ("median", "p95", "p99")]
    chapter.figures += [
        Chart("Time to answer, as more come", "ms", latency, TARGETS.p95_ms, across="users"),
        Chart("Throughput", "/s", [Series("requests", line("rps"))], across="users"),
    ]


def _add_changes(chapter: Part, runs: list[Measured]) -> None:
    run = runs[0]
    before = next((one for one in runs[1:] if _circumstances(one) == _circumstances(run)), None)
    if before is None:
        chapter.text.append("There is no earlier run of the same kind to compare with.")
        return
    is_disturbed = max(_others(before), _others(run)) > DISTURBED
    quantities = QUANTITIES if is_disturbed else (*TIMES, *QUANTITIES)
    found = changes(_subjects(before), _subjects(run), quantities)
    chapter.text.append(
        f"Compared with the {_source(before)} (commit {str(before['commit'])[:10]}):"
        f" {_counted(found)}. Less than a fifth is taken for chance."
        f"{' Times were not compared, since others were at work.' if is_disturbed else ''}"
    )
    if found:
        chapter.tables.append(table(found, number=number))


def _counted(found: list) -> str:
    better = sum(one.is_better for one in found)
    return f"{better} better, {len(found) - better} worse" if found else "nothing changed"


def _circumstances(run: Measured) -> tuple[Any, ...]:
    site = run["site"]
    parts = ("database", "cache", "proxy", "processes", "threads", "chefs", "bookings")
    return run["shape"], run["users"], *(site.get(part) for part in parts)


def _subjects(run: Measured) -> dict[str, dict[str, Any]]:
    cpu = run["cpu_percent"].get("ms_per_request")
    whole = {**run["total"], "mb": run["memory_mb"]["max"], "cpu": cpu}
    return {"all": whole} | {_name(row): row | {"rps": None} for row in run["routes"]}
