"""What silk and the debug toolbar cost: CPU time of a request when both are off, and on.

    .venv/bin/python -m tests.load.cost_of_profiling

Each way is a process of its own, on a demo database of its own; they take turns.
"""

import os
import statistics
import subprocess
import sys
import tempfile

WAYS = {
    "off": {},
    "silk, no request": {"SILK": "1", "SILK_PERCENT": "0"},
    "silk, every request": {"SILK": "1", "SILK_PERCENT": "100"},
    "toolbar": {"DEBUG": "1"},
}
ROUNDS = 3
REQUESTS = 100

MEASURE = f"""
import time, django
django.setup()
from django.conf import settings
from django.test import Client
settings.LOG_REQUESTS = settings.STORIES = False
client = Client(headers={{"Sec-Fetch-Mode": "navigate"}})
ask = lambda: client.get("/api/auth/me")
for _ in range(30): ask()
begun = time.process_time()
for _ in range({REQUESTS}): ask()
print((time.process_time() - begun) / {REQUESTS} * 1e6)
"""


def run(folder: str, way: dict[str, str], *arguments: str) -> str:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "softfactory.settings",
        "SOFTFACTORY_DEMO": "1",
        "VAR_DIR": folder,
        "LOG_FORMAT": "lines",
        "SLOW_REQUEST_MS": "100000",
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=env | way, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return done.stdout.decode()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(folder, {"SILK": "1"}, "manage.py", "migrate", "--verbosity", "0")
        found = {name: [] for name in WAYS}
        for _round in range(ROUNDS):
            for name, way in WAYS.items():
                found[name].append(float(run(folder, way, "-c", MEASURE)))
    for name, each in found.items():
        print(f"{name:<20} {statistics.median(each):8.0f} µs  (least {min(each):.0f})")


if __name__ == "__main__":
    main()
