"""A baseline, and what changed since another, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitoring.services.baselines.comparing import Change, Verdict
from monitoring.services.baselines.taking import Baseline

HEAD = (
    "| endpoint | | queries | bytes | CPU ms | p95 | wall ms: min | mean | median | p95 | p99 |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
)
TITLES = {
    Verdict.WORSE: "Worse",
    Verdict.BETTER: "Better",
    Verdict.NEW: "Not measured before",
    Verdict.GONE: "Not measured any more",
}


def as_markdown(baseline: Baseline) -> str:
    """Return a table, a row for each endpoint, cold and warm."""
    sizes = ", ".join(f"{number} {name}" for name, number in baseline["sizes"].items())
    told = (
        f"Taken {baseline['taken_at']} at {(baseline['commit'] or 'no commit')[:12]}"
        f"{', changed since' if baseline['is_dirty'] else ''}: {baseline['database']}, {sizes};"
        f" {baseline['rounds']} rounds of {baseline['requests']} requests."
    )
    rows = [row for name, costs in baseline["endpoints"].items() for row in _rows(name, costs)]
    return "\n".join([told, "", *HEAD, *rows])


def _rows(name: str, costs: Mapping[str, Any]) -> Iterator[str]:
    for state in ("cold", "warm"):
        if measured := costs[state]:
            cpu, wall = measured["cpu_ms"], measured["wall_ms"]
            times = [cpu["median"], cpu["p95"], *wall.values()]
            cells = [name, state, measured["queries"], measured["bytes"]]
            yield f"| {' | '.join([*map(str, cells), *(f'{ms:.2f}' for ms in times)])} |"


def changes_as_markdown(changes: Sequence[Change]) -> str:
    """Return the changes as lists by what they are."""
    if not changes:
        return "Nothing changed beyond noise."
    lines = []
    for verdict, title in TITLES.items():
        if some := [change for change in changes if change.verdict == verdict]:
            lines += [f"{title}:", "", *(f"- {change}" for change in some), ""]
    return "\n".join(lines).rstrip()
