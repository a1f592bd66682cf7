"""Shows what requests cost as the tables grow a thousandfold, on SQLite or DATABASE_URL's server.

    .venv/bin/python -m tests.load.growth [--times 1 10 100 1000] [--only WORD]

Each size has a database and a process of its own. Their rounds are interleaved, so that whatever
else the computer does hits all alike; the median of the rounds is shown. Exits with 1 if a route
that the performance guide names costs more than 1.3 times as much at the largest size.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from tests.load.growth import SIZES
from tests.site import ROOT, Site, throw_away_database

ROUNDS = 5
MOST = 1.3
HELD = ("list", "detail", "slots", "own bookings")


class Size:
    """A database so many times as large as the smallest one, and the process that asks it."""

    def __init__(self, stack: ExitStack, folder: Path, times: int) -> None:
        is_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
        vendor = "postgresql" if is_postgresql else "sqlite"
        folder.mkdir()
        site = Site(folder, stack.enter_context(throw_away_database(vendor, folder)))
        quiet = {"LOG_REQUESTS": "0", "STORY_PERCENT": "0", "SLOW_REQUEST_MS": "100000"}
        site.env |= {"REDIS_URL": "", **quiet}
        self.chefs, self.bookings = (SIZES[name] * times for name in ("chefs", "bookings"))
        begun = time.monotonic()
        site.manage("seed_demo", *(f"--{name}={number}" for name, number in SIZES.items()))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.load.growth.probe", str(times)],
            env=site.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(self._end)
        self.routes = json.loads(self.process.stdout.readline())
        print(f"{self} made in {time.monotonic() - begun:.0f} s", flush=True)

    def __str__(self) -> str:
        return f"{self.chefs:,} chefs, {self.bookings:,} bookings"

    def ask(self, route: str) -> list[float]:
        self.process.stdin.write(f"{route}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def _end(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100, 1000])
    parser.add_argument("--only", default="", help="routes with this word in their name")
    options = parser.parse_args()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sizes = [Size(stack, scratch / str(times), times) for times in sorted(options.times)]
        routes = [name for name in sizes[0].routes if options.only in name]
        costs = defaultdict(list)
        for _round in range(ROUNDS):
            for route in routes:
                for size in sizes:
                    costs[route, size].append(size.ask(route))
    sys.exit(report(routes, sizes, costs))


def medians(rounds: list) -> list[float]:
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def report(routes: list[str], sizes: list[Size], costs: dict) -> int:
    print("\nµs of CPU (of queries) for each request, cold\n")
    print("| |", " | ".join(map(str, sizes)), "| × CPU | queries |")
    print("|---|" + "---|" * (len(sizes) + 2))
    grown = []
    for route in routes:
        found = [
            [statistics.median(x) for x in zip(*costs[route, size], strict=True)] for size in sizes
        ]
        growth = found[-1][0] / found[0][0]
        cells = [f"{cpu:,.0f} ({queries:,.0f})" for cpu, queries, _count in found]
        print(f"| {route} |", " | ".join(cells), f"| {growth:.2f} | {found[-1][2]:.0f} |")
        if route in HELD and growth > MOST:
            grown.append(route)
    if grown:
        print(f"\nMore than {MOST} times as much: {', '.join(grown)}")
    return bool(grown)


if __name__ == "__main__":
    main()
