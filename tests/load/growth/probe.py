"""A process that has one database, makes it large, and measures requests when it is told to.

    python -m tests.load.growth.probe TIMES

Reads the name of a route by the line, and answers with what one such request costs: microseconds
of CPU, microseconds of queries, and queries, the medians of some. Each is cold: the generations
have moved before it.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import django
from django.db import connection, transaction
from django.test import Client

REQUESTS = 15  # a round


def routes() -> dict[str, tuple[str, str]]:
    """Return path and token of each route, by name. They are about the demo's own people."""
    from bookings.filters import CHEF_ORDERS
    from bookings.models import Booking, Chef
    from softfactory.demo.seed import seed
    from softfactory.kernel import clock
    from softfactory.kernel.api.pagination import Cursor
    from tests.load.growth import SIZES

    people = seed(**SIZES, now=clock.now())
    chef = people.chefs[0].id
    token = {user.role: user.token for user in reversed(people.users)}
    middle = Chef.objects.active().newest_first()[Chef.objects.active().count() // 2]
    order = CHEF_ORDERS["newest"]
    cursor = Cursor([str(middle.created_at), middle.pk], backwards=False).encode(order)
    own = Booking.objects.filter(customer=people.users[0].id).newest_first()[0].pk
    chefs, bookings = "/api/coocook/chefs", "/api/coocook/bookings"
    day = clock.now().date()
    return {
        "list": (chefs, ""),
        "list, from the middle on": (f"{chefs}?{urlencode({'cursor': cursor})}", ""),
        **{f"list, {name}": (f"{chefs}?sort={name}", "") for name in CHEF_ORDERS},
        "list of a cuisine": (f"{chefs}?cuisine=korean", ""),
        "list for 12 guests": (f"{chefs}?guests=12", ""),
        "list, free today": (f"{chefs}?available_on={day}", ""),
        "list, free in a week": (f"{chefs}?available_on={day + timedelta(days=7)}", ""),
        "list, by a word": (f"{chefs}?q=butter", ""),
        "detail": (f"{chefs}/{chef}", ""),
        "slots": (f"{chefs}/{chef}/slots", ""),
        "own bookings": (bookings, token["customer"]),
        "an owner's bookings": (bookings, token["chef"]),
        "one booking": (f"{bookings}/{own}", people.users[0].token),
        "explore page": ("/coocook/explore", ""),
        "explore page of a cuisine": ("/coocook/explore?cuisine=Korean", ""),
        "explore page, the second": ("/coocook/explore?page=2", ""),
        "explore page, by price": ("/coocook/explore?sort=price", ""),
        "chef page": (f"/coocook/chefs/{chef}", ""),
    }


class Stopwatch:
    """What queries took since it was made."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queries = 0

    def __call__(self, execute: Callable, *args: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.seconds += time.perf_counter() - begun
            self.queries += 1


def measured(client: Client, path: str, token: str) -> tuple[float, float, int]:
    """Ask once; return seconds of CPU, seconds of queries, and queries."""
    with transaction.atomic():
        connection.moved |= {"chefs", "calendar", "products"}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    watch, begun = Stopwatch(), time.process_time()
    with connection.execute_wrapper(watch):
        answer = client.get(path, headers=headers)
    used = time.process_time() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
    return used, watch.seconds, watch.queries


def main() -> None:
    django.setup()
    from tests.load.growth.copies import multiply

    multiply(int(sys.argv[1]))
    asked, client = routes(), Client()
    print(json.dumps(list(asked)), flush=True)
    for line in sys.stdin:
        rounds = [measured(client, *asked[line.strip()]) for _ in range(REQUESTS)]
        cpu, queries, count = map(statistics.median, zip(*rounds, strict=True))
        print(json.dumps([cpu * 1e6, queries * 1e6, count]), flush=True)


if __name__ == "__main__":
    main()
