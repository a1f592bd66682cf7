"""What a run came to, as it is written and read again."""

import json

import pytest

from tests.load import outcome
from tests.load.outcome import NoRun

CHEFS = {
    "method": "GET",
    "route": "/api/coocook/chefs",
    "requests": 4,
    "failures": 1,
    "milliseconds": 100.0,
    "bytes": 8000,
    "times": {"10": 3, "70": 1},
}
BOOKINGS = CHEFS | {
    "method": "POST",
    "route": "/api/coocook/bookings",
    "requests": 1,
    "failures": 0,
}
BOOKINGS |= {"milliseconds": 300.0, "times": {"300": 1}}
FILES = CHEFS | {"route": "static", "requests": 10, "failures": 0, "times": {"1": 10}}


def test_files_are_counted_apart_from_what_the_site_makes():
    counted = outcome.counted([BOOKINGS, CHEFS, FILES], seconds=2)
    assert counted["total"] == {
        "requests": 5,
        "failures": 1,
        "failure_percent": 20.0,
        "average_ms": 80.0,
        "median_ms": 10.0,
        "p95_ms": 300.0,
        "p99_ms": 300.0,
        "max_ms": 300.0,
        "rps": 2.5,
    }
    assert (counted["files"]["requests"], counted["files"]["p95_ms"]) == (10, 1.0)


def test_routes_are_told_one_by_one_the_most_asked_first():
    rows = outcome.counted([BOOKINGS, CHEFS, FILES], seconds=2)["routes"]
    assert [row["route"] for row in rows] == [
        "static",
        "/api/coocook/chefs",
        "/api/coocook/bookings",
    ]
    assert (rows[1]["method"], rows[1]["bytes"], rows[1]["p95_ms"]) == ("GET", 2000, 70.0)


def test_nothing_asked_is_no_error():
    counted = outcome.counted([], seconds=1)
    assert counted["routes"] == []
    assert (counted["total"]["requests"], counted["total"]["average_ms"]) == (0, 0.0)


def test_within_is_the_last_stage_before_the_first_miss():
    times = [(10, 20, 0.0), (20, 90, 0.1), (30, 160, 0.0), (40, 100, 0.0)]
    stages = [{"users": u, "p95_ms": p95, "failure_percent": f} for u, p95, f in times]
    targets = {"p95_ms": 150, "failure_percent": 0.1}
    assert outcome.within(stages, **targets) == stages[1]
    assert outcome.within(stages[2:], **targets) is None
    assert outcome.within([], **targets) is None


def test_reads_what_was_written(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"format": outcome.FORMAT, "users": 5}))
    assert outcome.read(path)["users"] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "is no run"),
        ("{", "is no run"),
        ("[]", "is no run"),
        ("{}", "is no run"),
        ('{"format": 99}', "format 99"),
    ],
)
def test_refuses_what_is_no_run(tmp_path, text, said):
    path = tmp_path / "run.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(NoRun, match=said):
        outcome.read(path)
