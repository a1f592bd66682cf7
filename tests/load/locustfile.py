"""Load on the site, for Locust: who comes, and in which shape.

    .venv/bin/locust -f tests/load/locustfile.py --host http://localhost:8000

LOAD_SHAPE=steps, spike or soak chooses a shape, LOAD_PEOPLE a file with who takes part, and
LOAD_RESULT a file for what Locust itself does not tell; `make load` sets all of
them, and docs/guide/load-testing.md explains them.
"""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

import gevent
from locust import events
from locust.env import Environment
from locust.stats import StatsEntry, StatsError

from tests.load.journeys.guests import Guest
from tests.load.journeys.owners import Owner
from tests.load.journeys.person import acknowledged, cast
from tests.load.journeys.programs import Program
from tests.load.journeys.staff import Staff
from tests.load.journeys.visitors import Visitor
from tests.load.people import NobodyToPlay
from tests.load.shapes import SHAPES

logger = logging.getLogger(__name__)

__all__ = ["Guest", "Owner", "Program", "Staff", "Visitor"]

# Locust takes the one shape that it finds here; its UI offers several with --class-picker.
if chosen := os.environ.get("LOAD_SHAPE"):
    if chosen not in SHAPES:
        sys.exit(f"LOAD_SHAPE is {chosen!r}. Set it to {', '.join(SHAPES)}, or to nothing.")
    globals()[SHAPES[chosen].__name__] = SHAPES[chosen]
elif "--class-picker" in sys.argv:
    globals().update({shape.__name__: shape for shape in SHAPES.values()})


@events.test_start.add_listener
def find_people(environment: Environment, **_event: Any) -> None:
    """Look up who takes part; without anybody, say what to do and end."""
    try:
        cast(environment.host)
    except NobodyToPlay as nobody:
        logger.error("%s", nobody)
        environment.process_exit_code = 1
        runner = environment.runner
        gevent.spawn(runner.quit if environment.parsed_options.headless else runner.stop)


@events.quitting.add_listener
def write_result(environment: Environment, **_event: Any) -> None:
    """Write what was counted, for each route and stage, and how many bookings were made."""
    path = os.environ.get("LOAD_RESULT")
    if not path:
        return
    stats, shape = environment.stats, environment.shape_class
    broken_at = shape.broken_at if shape else None
    result = {
        "seconds": round((stats.last_request_timestamp or 0) - stats.start_time, 1),
        "routes": [_counted(entry) for entry in stats.entries.values()],
        "errors": [_error(error) for error in stats.errors.values()],
        "stages": [stage.as_json() for stage in shape.measured] if shape else [],
        "breaking_point": broken_at.as_json() if broken_at else None,
        "bookings": {
            "acknowledged": acknowledged.booked_count,
            "let_go": acknowledged.let_go_count,
            "double": acknowledged.double_count,
        },
    }
    result["errors"].sort(key=lambda error: -error["count"])
    Path(path).write_text(json.dumps(result))


def _counted(entry: StatsEntry) -> dict[str, Any]:
    return {
        "method": entry.method,
        "route": entry.name,
        "requests": entry.num_requests,
        "failures": entry.num_failures,
        "milliseconds": entry.total_response_time,
        "bytes": entry.total_content_length,
        "times": entry.response_times,
    }


def _error(error: StatsError) -> dict[str, Any]:
    return {
        "method": error.method,
        "route": error.name,
        "error": str(error.error),
        "count": error.occurrences,
    }
