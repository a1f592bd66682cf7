"""Whether a load run passed: its figures against the targets, and nothing sold twice.

What is judged depends on the shape. `steps` goes to where the site breaks, so that the breaking
point is its result and no time is judged; after a `spike` it is the last stage that has to be good.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

#: The stage of a shape whose times are judged; of other shapes, the whole run.
JUDGED_STAGE = {"spike": -1}
NO_TIMES = {"steps"}


class Targets(NamedTuple):
    """The most that passes; `monitoring.budgets` has the numbers."""

    failure_percent: float
    p95_ms: float
    average_ms: float
    memory_mb: float


class Verdict(NamedTuple):
    """Something that was measured, beside the most that passes."""

    what: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def passed(self) -> bool:
        return self.measured <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "passed": self.passed}


def judge(run: Mapping[str, Any], targets: Targets, *, is_timed: bool = True) -> list[Verdict]:
    """Return the verdicts on a run, whose parts are as `outcome.py` describes them.

    Without `is_timed`, only whether the answers were right.
    """
    return [
        *_on_answers(run, targets),
        *(_on_costs(run, targets) if is_timed and run["shape"] not in NO_TIMES else ()),
    ]


def _on_answers(run: Mapping[str, Any], targets: Targets) -> Iterator[Verdict]:
    total, files = run["total"], run["files"]
    asked = total["requests"] + files["requests"]
    yield Verdict("runs without a request", int(asked == 0), 0)
    if run["breaking_point"] is None:  # else some were meant to fail
        failed = 100 * (total["failures"] + files["failures"]) / max(asked, 1)
        yield Verdict("failures", round(failed, 3), targets.failure_percent, "%")
    yield Verdict("double bookings", run["bookings"]["double"], 0)
    yield Verdict("violated invariants", sum(map(bool, run["violations"].values())), 0)


def _on_costs(run: Mapping[str, Any], targets: Targets) -> Iterator[Verdict]:
    stage = JUDGED_STAGE.get(run["shape"])
    times = run["total"] if stage is None or not run["stages"] else run["stages"][stage]
    yield Verdict("p95", times["p95_ms"], targets.p95_ms, "ms")
    if "average_ms" in times:
        yield Verdict("average", times["average_ms"], targets.average_ms, "ms")
    yield Verdict("memory", run["memory_mb"]["max"], targets.memory_mb, "MB")


def table(verdicts: list[Verdict]) -> str:
    """Return the verdicts as lines of text."""
    lines = [f"{'':24}{'measured':>12}{'at most':>12}"]
    for verdict in verdicts:
        measured, limit = (
            f"{n:g} {verdict.unit}".strip() for n in (verdict.measured, verdict.limit)
        )
        word = "passed" if verdict.passed else "FAILED"
        lines.append(f"{verdict.what:24}{measured:>12}{limit:>12}  {word}")
    return "\n".join(lines)
