"""Results to report on, as their producers write them, and what a report says of them."""

import json

from tests.load import outcome
from tests.load.judgement import judge
from tests.load.run import LIMITS

HOSTILE = '<script>alert("x")</script> | `x` [a](javascript:x)'
TIMES = {"5": 90, "40": 8, "400": 2}


def make_run(folder, name="one", *, slower=1, **overrides):
    """A load run as `make load` writes it, in `folder`; its times are so many times longer."""
    times = {str(float(ms) * slower): n for ms, n in TIMES.items()}
    milliseconds = sum(float(ms) * n for ms, n in times.items())
    counted = {
        "requests": 100,
        "failures": 0,
        "milliseconds": milliseconds,
        "bytes": 9,
        "times": times,
    }
    stage = {"seconds": 9, "requests": 50, "failures": 0, "failure_percent": 0, "median_ms": 5}
    run = {
        "format": outcome.FORMAT,
        "started_at": "2026-11-25T09:00:00+00:00",
        "seconds": 10,
        "users": 20,
        "shape": "steady",
        "command": "make load USERS=20",
        "errors": [],
        "stages": [],
        "within_targets": None,
        "breaking_point": None,
        "stop_criterion": {"p95_ms": 1000, "failure_percent": 1},
        "memory_mb": {"max": 250, "last": 240, "max_by_process": {}, "points": []},
        "cpu_percent": {"total": 80, "by_process": {"web": 70}, "others": 3, "ms_per_request": 9},
        "client": {"cpu_percent": 20, "memory_mb": 80},
        "bookings": {"acknowledged": 3, "let_go": 0, "double": 0},
        "violations": {"bookings.overlaps": 0},
        "site": {
            "database": "sqlite",
            "cache": "local memory",
            "proxy": "nginx",
            "processes": 2,
            "threads": 4,
        },
        "commit": "0123456789abcdef",
        "is_dirty": False,
        "machine": {"cores": 2, "load_before": 0.1},
        **outcome.counted(
            [
                {"method": "GET", "route": "/coocook/explore", **counted},
                {"method": "GET", "route": "static", **counted, "times": {"1": 100}},
            ],
            10,
        ),
    }
    if overrides.pop("is_stepped", False):
        run["shape"] = "steps"
        run["stages"] = [
            {"name": f"step {n}", "users": n * 10, "rps": n * 8, "p95_ms": n * 90, "p99_ms": n * 99}
            | stage
            for n in range(1, 13)
        ]
        run["within_targets"], run["breaking_point"] = run["stages"][0], run["stages"][-1]
    run |= overrides
    run["verdicts"] = [one.as_json() for one in judge(run, LIMITS)]
    path = folder / "load" / name / "run.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(run))
    return run


def verdict(report, what):
    return next(one for one in report.verdicts if one.what == what)


def text_of(report, title):
    return " ".join(next(part.text for part in report.parts if part.title == title))
