"""How long finding chefs takes: `python -m tests.load.search_times` with a seeded site's settings.

Prints for each kind of search the median of some runs in ms, its queries, and how many were found.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

RUNS = 15


def timed(work: Callable[[], Any]) -> tuple[float, int, Any]:
    """Return the median in ms, the queries of one run, and what it returned."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        result = work()
    times = []
    for _run in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), len(queries), result


def main() -> None:
    """Search in every way that explore offers."""
    from bookings.models import Chef
    from bookings.views.results import Results
    from softfactory.kernel import clock

    day: date = clock.now().date() + timedelta(days=9)
    searches = {
        "everybody": {},
        "one word": {"q": "pancake"},
        "two words": {"q": "market seoul"},
        "a name's middle": {"q": "ara"},
        "Korean, two letters": {"q": "한식"},
        "Korean, four letters": {"q": "서울에서"},
        "nobody": {"q": "xylophone"},
        "word, cuisine, guests, rating": {
            "q": "market",
            "cuisine": "Italian",
            "guests": 6,
            "min_rating": 400,
        },
        "on a day, for six": {"available_on": day, "guests": 6},
        "word, on a day, for six": {"q": "market", "available_on": day, "guests": 6},
        "cheapest": {"sort": "price"},
        "soonest free": {"sort": "soonest"},
    }
    print(f"{Chef.objects.count()} chefs, the first page of 20")
    for name, wanted in searches.items():

        def search(wanted: dict[str, Any] = wanted) -> list[Any]:
            return Results(wanted, now=clock.now())[0:21]

        ms, queries, rows = timed(search)
        total = rows[0].total if rows else 0
        print(
            f"{name:32} {ms:8.1f} ms {queries:3} queries {total if total is not None else '?':>6}"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "softfactory.settings")
    django.setup()
    main()
