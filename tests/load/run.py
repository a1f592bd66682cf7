"""Runs the load test from end to end: `make load USERS=200 RUN_TIME=2m`.

Starts the site on a throw-away folder behind the shipped nginx, lets Locust loose, stops everything
whatever happens, writes `run.json` beside Locust's CSV and HTML, prints what passed and what did
not, and exits with 1 if anything failed. docs/guide/load-testing.md is the page about it.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from monitoring.budgets import TARGETS
from softfactory.kernel import clock
from tests.load import circumstances, outcome
from tests.load.judgement import Targets, judge
from tests.load.printed import printed
from tests.load.sampler import Sampler
from tests.load.stages import PLANS, Limit
from tests.load.stand import Stand, standing
from tests.site import ROOT

LIMITS = Targets(TARGETS.error_rate, TARGETS.p95_ms, TARGETS.average_ms, TARGETS.memory_mb)
STEADY = "steady"
LAST_WORDS = 20  # seconds for journeys to end; a booking whose answer is not read is not checked


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--users", type=int, default=50, help="people at a time")
    parser.add_argument("--run-time", default="1m", help="such as 90s, 2m, 1h30m")
    parser.add_argument("--spawn-rate", type=float, default=0, help="a second; a tenth of them")
    parser.add_argument("--shape", choices=[STEADY, *PLANS], default=STEADY)
    parser.add_argument("--chefs", type=int, default=200)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--out", type=Path, help="folder of the results")
    parser.add_argument("--direct", action="store_true", help="without nginx")
    parser.add_argument("--untimed", action="store_true", help="judge answers, not times")
    asked = parser.parse_args()
    asked.spawn_rate = asked.spawn_rate or max(1, asked.users / 10)
    asked.customers = max(100, asked.users)
    return asked


def main() -> None:
    asked = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    started_at = clock.now()
    out = asked.out or ROOT / "var" / "load" / f"{started_at:%Y%m%dT%H%M%SZ}"
    out.mkdir(parents=True, exist_ok=True)
    machine = circumstances.machine()
    sizes = {"users": asked.customers, "chefs": asked.chefs, "bookings": asked.bookings}
    with tempfile.TemporaryDirectory(prefix="softfactory-load-") as name:
        folder = Path(name)
        print(f"Preparing {asked.chefs} chefs and {asked.bookings} bookings …", flush=True)
        with standing(folder, sizes=sizes, is_direct=asked.direct) as stand:
            print(f"{asked.users} users on {stand.address} for {asked.run_time} …", flush=True)
            try:
                measured = load(stand, asked, out)
            finally:
                _keep_logs(folder, out)
            measured |= {
                "violations": stand.verify(),
                "site": circumstances.site(stand) | sizes,
                "versions": circumstances.versions(stand),
            }
    run = described(asked, started_at, measured | {"machine": machine})
    (out / "run.json").write_text(json.dumps(run, indent=1) + "\n")
    print(printed(run))
    print(f"\n{out}")
    sys.exit(0 if run["passed"] else 1)


def load(stand: Stand, asked: argparse.Namespace, out: Path) -> dict[str, Any]:
    """Let Locust loose, and return what it counted and what the site took for it."""
    result = stand.folder / "locust.json"
    env = os.environ | {
        "LOAD_PEOPLE": str(stand.folder / "people.json"),
        "LOAD_RESULT": str(result),
        "LOAD_SHAPE": "" if asked.shape == STEADY else asked.shape,
        "PYTHONWARNINGS": "ignore",  # of Locust's own libraries
    }
    command = [
        *(sys.executable, "-m", "locust", "-f", "tests/load/locustfile.py"),
        *("--host", stand.address, "--headless", "--only-summary", "--loglevel", "WARNING"),
        *("--users", str(asked.users), "--spawn-rate", f"{asked.spawn_rate:g}"),
        *("--run-time", asked.run_time, "--stop-timeout", str(LAST_WORDS)),
        *("--csv", str(out / "locust"), "--html", str(out / "locust.html")),
    ]
    roots = {"web": stand.site.server.pid}
    roots |= {name: process.pid for name, process in stand.processes.items()}
    with (out / "locust.log").open("w") as log:
        locust = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            with (
                Sampler(roots) as site,
                Sampler({"locust": locust.pid}) as client,
                circumstances.busy() as busy,
            ):
                locust.wait()
        finally:
            if locust.poll() is None:
                locust.kill()
    if not result.exists():
        raise SystemExit(f"Locust did not finish:\n{(out / 'locust.log').read_text()}")
    taken, its = site.result(), client.result()
    cpu = {"site": taken["cpu_percent"]["total"], "client": its["cpu_percent"]["total"]}
    figures = {"cpu_percent": cpu["client"], "memory_mb": its["memory_mb"]["max"]}
    taken["cpu_percent"]["others"] = max(0.0, round(busy.percent - sum(cpu.values()), 1))
    return json.loads(result.read_text()) | taken | {"client": figures}


def described(
    asked: argparse.Namespace, started_at: datetime, measured: dict[str, Any]
) -> dict[str, Any]:
    """Return the run as `outcome.py` describes it."""
    limit = Limit()
    stages = measured["stages"]
    counted = outcome.counted(measured.pop("routes"), measured["seconds"])
    cpu_ms = 10 * measured["cpu_percent"]["total"] * measured["seconds"]
    measured["cpu_percent"]["ms_per_request"] = round(
        cpu_ms / max(1, counted["total"]["requests"]), 2
    )
    run = {
        "format": outcome.FORMAT,
        "started_at": started_at.isoformat(timespec="seconds"),
        "seconds": measured["seconds"],
        "users": asked.users,
        "spawn_rate": asked.spawn_rate,
        "shape": asked.shape,
        "command": command_of(asked),
        **counted,
        **measured,
        "within_targets": outcome.within(
            stages, p95_ms=LIMITS.p95_ms, failure_percent=LIMITS.failure_percent
        ),
        "stop_criterion": {"p95_ms": limit.p95_ms, "failure_percent": limit.failure_percent},
        **circumstances.checkout(),
    }
    verdicts = judge(run, LIMITS, is_timed=not asked.untimed)
    run["verdicts"] = [verdict.as_json() for verdict in verdicts]
    run["passed"] = all(verdict.passed for verdict in verdicts)
    return run


def command_of(asked: argparse.Namespace) -> str:
    """Return how to run the same again."""
    values = {
        "USERS": asked.users,
        "RUN_TIME": asked.run_time,
        "SPAWN_RATE": f"{asked.spawn_rate:g}",
        "SHAPE": asked.shape,
        "CHEFS": asked.chefs,
        "BOOKINGS": asked.bookings,
    }
    return " ".join(["make load", *(f"{name}={value}" for name, value in values.items())])


def _keep_logs(folder: Path, out: Path) -> None:
    """Keep what the site said while it was under load."""
    for path in (*folder.glob("*.log"), *folder.glob("nginx/*.log")):
        if path.stat().st_size:
            shutil.copy(
                path, out / f"{path.parent.name if path.parent != folder else 'site'}-{path.name}"
            )


def _leave(_number: int, _frame: object) -> NoReturn:
    sys.exit("load: stopped from outside")


if __name__ == "__main__":
    main()
