"""The newest baseline is judged by its budgets, and compared with the one before."""

import json

import pytest

from monitoring.budgets import BUDGETS
from tests.monitoring.reports.making import text_of, verdict
from tests.monitoring.test_baselines import CHEFS, baseline

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(tmp_path):
    """`taken(day, **costs)` is a baseline of that day, in its file."""

    def take(day, *, load=0.4, **costing):
        found = baseline(**costing) | {"taken_at": f"2026-11-{day}T09:30:00+00:00"}
        found["machine"] = {"cores": 2, "load": load}
        found["endpoints"][CHEFS]["budget"] = BUDGETS[CHEFS]._asdict()
        (tmp_path / "baselines").mkdir(exist_ok=True)
        (tmp_path / "baselines" / f"{day}.json").write_text(json.dumps(found))

    return take


def test_judges_by_the_budgets(report, taken):
    taken(24, cpu_ms=5)
    assert verdict(report(), "endpoints within budget").passed

    taken(25, cpu_ms=500)
    judged = verdict(report(), "endpoints within budget")
    assert (judged.passed, judged.measured) == (False, "0 of 1")


def test_says_what_changed_beyond_noise(report, taken):
    taken(24, cpu_ms=5, queries=2)
    taken(25, cpu_ms=15, queries=3, seed=5)
    (part, *_others) = report().parts

    assert "0 better, 4 worse" in text_of(report(), "Each endpoint alone")
    rows = next(one.rows for one in part.tables if one.title == "Changes")
    assert (CHEFS, "queries, cold", "worse", "2", "3", "× 1.50") in rows
    assert len(part.figures[0].series[0].points) == 2


def test_noise_is_no_change(report, taken):
    taken(24, seed=1)
    taken(25, seed=9)

    assert "0 better, 0 worse" in text_of(report(), "Each endpoint alone")


def test_names_the_endpoint_that_is_nearest_to_its_budget(report, taken):
    taken(25, cpu_ms=45)

    (finding, *_others) = report().findings
    assert finding.title.startswith(f"{CHEFS} uses")
    assert "mostly computing" in finding.evidence


def test_tells_waiting_from_a_busy_machine(report, taken, tmp_path):
    for load, said in (
        (0.4, "mostly waiting;"),
        (9, "waiting for a processor (load 9 on 2 cores)"),
    ):
        taken(25, load=load, cpu_ms=45)
        path = tmp_path / "baselines" / "25.json"
        found = json.loads(path.read_text())
        cold = found["endpoints"][CHEFS]["cold"]
        cold["cpu_ms"] = {name: ms / 3 for name, ms in cold["cpu_ms"].items()}
        path.write_text(json.dumps(found))

        assert said in report().findings[0].evidence
