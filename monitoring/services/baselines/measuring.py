"""Measuring: every visit again and again, in rounds, so that a disturbance meets all alike."""

import json
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from monitoring.budgets import BUDGETS
from monitoring.visits import Answer, Visit, move_generations

CALIBRATED_EVERY = 8  # visits
WARM_TIMES = 4  # as many requests, since they are quick and so more easily disturbed

type Costs = Mapping[str, Any]


class Asks(Protocol):
    """What makes a visit."""

    def ask(self, visit: Visit, before: Callable[[], None] = ...) -> Answer: ...


def nothing() -> None:
    """Leave everything as it is kept."""


def calibrate() -> float:
    """Return the CPU milliseconds of a piece of work like a request's: objects, text, sorting."""
    begun = time.process_time()
    for number in range(40):
        rows: list[dict[str, Any]] = [
            {"id": n, "name": f"Chef {n * number}", "rate": n / 7} for n in range(100)
        ]
        rows.sort(key=lambda row: row["name"])
        json.loads(json.dumps(rows))
    return (time.process_time() - begun) * 1000


def measure(
    asker: Asks, visits: Sequence[Visit], *, rounds: int, requests: int
) -> tuple[dict[str, Costs], list[float]]:
    """Return the costs of each visit by name, and the calibration of each round in ms.

    A first round goes unmeasured: it loads what the process then has.
    """
    answers: dict[tuple[str, str], list[list[Answer]]] = defaultdict(list)
    calibrations = []
    for visit in visits:
        asker.ask(visit, move_generations)
    for _round in range(rounds):
        speeds = []
        for number, visit in enumerate(visits):
            if number % CALIBRATED_EVERY == 0:
                speeds.append(calibrate())
            for state in _states(visit):
                answers[visit.name, state].append(_several(asker, visit, state, requests))
        calibrations.append(round(min(speeds), 3))
    costs = {visit.name: _costs_of(visit, answers) for visit in visits}
    return costs, calibrations


def _states(visit: Visit) -> Iterable[str]:
    return ("cold", "warm") if _is_kept(visit) else ("cold",)


def _is_kept(visit: Visit) -> bool:
    budget = BUDGETS.get(visit.name)
    return budget is not None and budget.hit_rate is not None


def _several(asker: Asks, visit: Visit, state: str, requests: int) -> list[Answer]:
    if state == "cold":
        return [asker.ask(visit, move_generations) for _ in range(requests)]
    asker.ask(visit)  # which makes what is kept
    return [asker.ask(visit, nothing) for _ in range(requests * WARM_TIMES)]


def _costs_of(visit: Visit, answers: Mapping[tuple[str, str], list[list[Answer]]]) -> Costs:
    budget = BUDGETS.get(visit.name)
    return {
        "cold": _summary(answers[visit.name, "cold"]),
        "warm": _summary(answers[visit.name, "warm"]) if _is_kept(visit) else None,
        "budget": budget and budget._asdict(),
    }


def _summary(rounds: list[list[Answer]]) -> dict[str, Any]:
    answers = [answer for some in rounds for answer in some]
    return {
        "wall_ms": _spread([answer.seconds for answer in answers]),
        "cpu_ms": _spread([answer.cpu_seconds for answer in answers]),
        "queries": round(statistics.median(answer.queries for answer in answers)),
        "bytes": round(statistics.median(answer.bytes for answer in answers)),
        # Whatever else the computer does adds to some of them, and takes from none.
        "rounds_cpu_ms": [
            _ms(_percentile(sorted(answer.cpu_seconds for answer in some), 0.25)) for some in rounds
        ],
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "min": _ms(ordered[0]),
        "mean": _ms(statistics.fmean(ordered)),
        "median": _ms(statistics.median(ordered)),
        "p95": _ms(_percentile(ordered, 0.95)),
        "p99": _ms(_percentile(ordered, 0.99)),
    }


def _percentile(ordered: list[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
