"""Measures the site of its environment, and prints what it cost as JSON.

`monitoring.services.baselines.taking` starts this on a site of its own, in a process that is
neither a command nor a test, and so is set up as a web process is.
"""

import argparse
import json
import sys

import django

MARK = "throw-away"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("names", nargs="+")
    asked = parser.parse_args()
    django.setup()

    from django.conf import settings
    from django.db import connection

    from monitoring.services.baselines.measuring import measure
    from monitoring.visits import VISITS, Asker, Scene

    if not (settings.VAR_DIR / MARK).exists():
        sys.exit("This writes to its database. Run manage.py performance_baseline instead.")
    costs, calibrations = measure(
        Asker(Scene()),
        [VISITS[name] for name in asked.names],
        rounds=asked.rounds,
        requests=asked.requests,
    )
    version = ".".join(map(str, connection.get_database_version()))
    found = {
        "database": f"{connection.vendor} {version}",
        "calibration_ms": calibrations,
        "endpoints": costs,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
