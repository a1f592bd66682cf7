"""What samples of a busy month take: room in the database, and CPU time to draw a chart of them.

It writes a month of samples of 30 endpoints into the database of DATABASE_URL, which is to be an
empty one that nobody needs:

VAR_DIR=/tmp/month .venv/bin/python -m tests.load.a_month_of_samples
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "softfactory.settings")
os.environ.setdefault("SOFTFACTORY_DEMO", "1")

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from monitoring.budgets import BUDGETS  # noqa: E402
from monitoring.meters import QUERIES, QUERY_SECONDS, SECONDS  # noqa: E402
from monitoring.models import Sample  # noqa: E402
from monitoring.services.figures import endpoints_between  # noqa: E402
from monitoring.services.samples import KEPT  # noqa: E402
from monitoring.services.series import series  # noqa: E402
from monitoring.services.system import database_bytes  # noqa: E402
from monitoring.services.totals import Packed, summary_of  # noqa: E402
from softfactory.kernel import clock  # noqa: E402

ENDPOINTS = sorted(BUDGETS)[:30]
REQUESTS_PER_SECOND = 50
ROUNDS = 5


def counted(seconds: int, chance: random.Random) -> Packed:
    """What 30 endpoints count in so many seconds, the first of them most."""
    tally: Packed = {name: _answers(rank, seconds, chance) for rank, name in enumerate(ENDPOINTS)}
    tally["database default"] = {
        "seconds": {
            str(float(bound)): chance.randint(1, 9 * seconds) for bound in QUERY_SECONDS[:9]
        },
        "seconds_sum": {"": round(chance.random() * seconds, 6)},
    }
    for cache in ("default", "limits", "sessions"):
        tally[f"cache {cache}"] = {
            "operation": {use: chance.randint(1, 9 * seconds) for use in ("get hit", "get miss")},
            "seconds_sum": {"": round(chance.random(), 6)},
        }
    return tally


def _answers(rank: int, seconds: int, chance: random.Random) -> dict[str, dict[str, float]]:
    number = max(int(REQUESTS_PER_SECOND * seconds / (rank + 2) / 3), 2)
    quickest = chance.randint(0, 5)
    buckets = _spread(number, SECONDS[quickest : quickest + 7], chance)
    failed = chance.randint(0, 1)
    return {
        "status": {"200": number - failed, **({"404": failed} if failed else {})},
        "seconds": buckets,
        "seconds_sum": {"": round(number * 0.02 * chance.random(), 6)},
        "queries": _spread(number, QUERIES[rank % 4 : rank % 4 + 3], chance),
        "queries_sum": {"": 2 * number},
        "database_seconds": {"": round(number * 0.002 * chance.random(), 6)},
        "bytes": {"": number * chance.randint(900, 9000)},
        **({"origin": _spread(number, ("kept", "made"), chance)} if rank % 3 == 0 else {}),
    }


def _spread(number: int, bounds: tuple, chance: random.Random) -> dict[str, float]:
    found: dict[str, float] = {}
    for bound in chance.choices(bounds, k=min(number, 60)):
        name = bound if isinstance(bound, str) else str(float(bound))
        found[name] = found.get(name, 0) + number / min(number, 60)
    return {name: int(value) or 1 for name, value in found.items()}


def samples(resolution: int, now: datetime) -> Iterator[Sample]:
    """A host's samples of this resolution, as many as are kept."""
    chance = random.Random(resolution)
    length = timedelta(seconds=resolution)
    for number in range(int(KEPT[Sample.Resolution(resolution)] / length)):
        tally = counted(resolution, chance)
        yield Sample(
            host="one:/srv/softfactory/var",
            resolution=resolution,
            starts_at=now - (number + 1) * length,
            ends_at=now - number * length,
            tally=tally,
            summary=summary_of(tally),
            gauges={
                "memory_mb": 210.5 + chance.random(),
                "cpu_seconds": 91.5 + chance.random(),
                "cpu_percent": round(chance.random() * 90, 1),
                "num_threads": 31,
                "processes": 5,
                "database_bytes": 40_000_000,
                "requests_in_flight": chance.randint(0, 9),
            },
        )


def cpu_of(what: str, **asked: object) -> str:
    """Milliseconds of CPU of this process, the median of a few rounds."""
    rounds = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        WORK[what](**asked)
        rounds.append(time.process_time() - begun)
    return f"{statistics.median(rounds) * 1000:.0f} ms"


WORK = {"series": series, "endpoints": endpoints_between}


def main() -> None:
    call_command("migrate", verbosity=0)
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    for resolution in KEPT:
        before = database_bytes()
        rows = list(samples(resolution, now))
        Sample.objects.bulk_create(rows, batch_size=500)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database_bytes() - before
        print(f"{resolution} s: {len(rows)} samples, {size / 1e6:.0f} MB")
    for hours in (1, 6, 24, 7 * 24, 30 * 24):
        asked = {"start": now - timedelta(hours=hours), "end": now, "now": now}
        print(
            f"{hours} h: site {cpu_of('series', **asked)},"
            f" one endpoint {cpu_of('series', **asked, route=ENDPOINTS[0])},"
            f" all endpoints {cpu_of('endpoints', **asked)}"
        )


if __name__ == "__main__":
    main()
