"""What it costs to measure a request: CPU time with and without its meters and its log line.

    .venv/bin/python -m tests.load.cost_of_measuring [--number]

The same requests through the whole application, as it is and without MeasureMiddleware or
RequestLogMiddleware or both, in turns; the median of the rounds' differences is shown. What the
log's own thread does counts too. Ends with 1 above what measuring may cost; with --number it prints
nothing but microseconds and leaves the judgement to others.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.site import Site

MOST_MICROSECONDS = 60
ROUNDS = 41
REQUESTS = 50  # a round, of each way
PATHS = ("/api/health", "/api/coocook/chefs", "/coocook/explore")
METERS = "monitoring.middleware.MeasureMiddleware"
LOG = "softfactory.kernel.request_log.RequestLogMiddleware"
WAYS = {"neither": {METERS, LOG}, "meters": {LOG}, "log line": {METERS}, "both": set()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), f"sqlite:///{folder}/cost.sqlite3", LOG_FORMAT="json")
        site.manage("migrate", "--verbosity", "0")
        site.manage("seed_demo", "--verbosity", "0")
        os.environ.update(site.env)
        said, quiet = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)  # lines are written, but nobody wants to see them
        try:
            costs = {path: costs_of(path) for path in PATHS}
        finally:
            os.dup2(said, 2)
    middle = statistics.median(cost["both"] for cost in costs.values())
    if sys.argv[1:] == ["--number"]:
        print(middle)
        return
    print("| warm request, µs of CPU | neither | meters | log line | both |\n|---|---|---|---|---|")
    for path, cost in costs.items():
        more = " | ".join(f"{cost[name]:+.0f}" for name in ("meters", "log line", "both"))
        print(f"| {path} | {cost['neither']:.0f} | {more} |")
    print(f"\nMeasuring costs {middle:.0f} µs of CPU a request; at most {MOST_MICROSECONDS} µs.")
    sys.exit(0 if middle <= MOST_MICROSECONDS else 1)


def costs_of(path: str) -> dict[str, float]:
    """Return what a request costs that is not measured, and what each way of measuring adds."""
    ways = ways_to_ask(path)
    rounds = [{name: ask() for name, ask in ways.items()} for _round in range(ROUNDS)]
    without = statistics.median(one["neither"] for one in rounds)
    added = {name: statistics.median(one[name] - one["neither"] for one in rounds) for name in WAYS}
    return added | {"neither": without}


def ways_to_ask(path: str) -> dict[str, Callable[[], float]]:
    """Return, for each way, what asks the application; returns microseconds a request."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import RequestFactory, override_settings

    from softfactory.kernel.request_log import lines
    from softfactory.kernel.wsgi import Application

    def asking(application: Application) -> Callable[[], float]:
        def ask() -> float:
            begun = time.process_time()
            for _ in range(REQUESTS):
                environ = RequestFactory().get(path, headers={"Accept-Encoding": "br"}).environ
                response = application(environ, lambda status, headers, *rest: None)
                b"".join(response)
                response.close()
            lines.flush()
            return (time.process_time() - begun) / REQUESTS * 1e6

        ask()
        return ask

    ways = {}
    for name, left_out in WAYS.items():
        kept = [middleware for middleware in settings.MIDDLEWARE if middleware not in left_out]
        with override_settings(MIDDLEWARE=kept):
            ways[name] = asking(Application())
    return ways


if __name__ == "__main__":
    main()
