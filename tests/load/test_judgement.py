"""Whether a run passed."""

import pytest

from tests.load.judgement import Targets, Verdict, judge, table

TARGETS = Targets(failure_percent=0.1, p95_ms=150, average_ms=50, memory_mb=300)
TIMES = {"p95_ms": 149.0, "average_ms": 49.0}
STAGES = [{"p95_ms": 40.0}, {"p95_ms": 900.0}, {"p95_ms": 45.0}]


def run_of(**overrides):
    """A run that keeps everything, just so."""
    run = {
        "shape": "steady",
        "stages": [],
        "breaking_point": None,
        "total": {"requests": 1000, "failures": 2, **TIMES},
        "files": {"requests": 1000, "failures": 0},
        "memory_mb": {"max": 300.0},
        "bookings": {"double": 0},
        "violations": {"overlapping bookings": 0},
    }
    return run | overrides


def failed(run, **options):
    return [verdict.what for verdict in judge(run, TARGETS, **options) if not verdict.passed]


def test_what_keeps_everything_passes():
    assert failed(run_of()) == []


@pytest.mark.parametrize(
    ("overrides", "what"),
    [
        ({"total": {"requests": 1000, "failures": 3, **TIMES}}, "failures"),
        ({"total": {"requests": 1000, "failures": 0, **TIMES, "p95_ms": 151}}, "p95"),
        ({"total": {"requests": 1000, "failures": 0, **TIMES, "average_ms": 51}}, "average"),
        ({"memory_mb": {"max": 300.1}}, "memory"),
        ({"bookings": {"double": 1}}, "double bookings"),
        ({"violations": {"overlapping bookings": 3, "holds": 0}}, "violated invariants"),
        (
            {
                "total": {"requests": 0, "failures": 0, **TIMES},
                "files": {"requests": 0, "failures": 0},
            },
            "runs without a request",
        ),
    ],
)
def test_each_miss_fails_by_itself(overrides, what):
    assert failed(run_of(**overrides)) == [what]


def test_untimed_judges_only_the_answers():
    slow = {"requests": 1000, "failures": 2, "p95_ms": 9000, "average_ms": 5000}
    run = run_of(total=slow, memory_mb={"max": 900})
    assert failed(run, is_timed=False) == []
    assert failed(run | {"bookings": {"double": 1}}, is_timed=False) == ["double bookings"]


def test_steps_are_not_judged_by_what_happened_where_they_broke():
    broken = {"requests": 1000, "failures": 500, "p95_ms": 9000, "average_ms": 5000}
    run = run_of(shape="steps", total=broken, breaking_point=STAGES[1])
    assert failed(run) == []
    assert failed(run | {"violations": {"overlapping bookings": 1}}) == ["violated invariants"]


def test_spike_is_judged_by_the_stage_behind_it():
    slow = {"requests": 1000, "failures": 0, "p95_ms": 800, "average_ms": 300}
    run = run_of(shape="spike", total=slow, stages=STAGES)
    assert failed(run) == []
    assert failed(run | {"stages": STAGES[:2]}) == ["p95"]


def test_table_says_what_failed():
    lines = table([Verdict("p95", 180.0, 150, "ms"), Verdict("failures", 0.0, 0.1, "%")])
    _head, slow, fine = lines.splitlines()
    assert slow.split() == ["p95", "180", "ms", "150", "ms", "FAILED"]
    assert fine.split() == ["failures", "0", "%", "0.1", "%", "passed"]
