"""What a request costs: CPU time and queries of the main endpoints and pages, beside bare WSGI.

    .venv/bin/python -m tests.load.cost

CPU time is that of the server's processes, per request, over one kept-alive connection; the rounds
of all routes are interleaved and the median of the rounds is shown. Cold means that the generations
moved before each request. Queries are counted in this process, on the same database.
"""

import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from typing import NamedTuple

from softfactory.kernel import clock
from tests.site import ROOT, Site, free_port

ROUNDS = 5
REQUESTS = 200  # a round
SIZES = ("--users", "200", "--chefs", "200", "--bookings", "20000")


class Route(NamedTuple):
    """Something to ask for, and whether answers are kept between two requests."""

    name: str
    path: str
    token: str = ""
    is_kept: bool = True
    bodies: Iterator[dict] | None = None  # of a POST


def cpu_seconds(master: int) -> float:
    """CPU time of a server's workers so far."""
    ticks = 0
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for pid in children:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(connection: http.client.HTTPConnection, route: Route) -> None:
    headers = {"Accept-Encoding": "gzip"}
    if route.token:
        headers["Authorization"] = f"Bearer {route.token}"
    method, body = "GET", None
    if route.bodies is not None:
        method, body = "POST", json.dumps(next(route.bodies))
        headers["Content-Type"] = "application/json"
    connection.request(method, route.path, body, headers)
    response = connection.getresponse()
    answer = response.read()
    if response.status not in (200, 201):
        raise RuntimeError(f"{route.name}: {response.status} {answer[:300]!r}")


def round_of(
    route: Route, port: int, master: int, before_each: Callable[[], None] = lambda: None
) -> float:
    """Microseconds of the server's CPU per request, over one round."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    before_each()
    ask(connection, route)
    begun = cpu_seconds(master)
    for _ in range(REQUESTS):
        before_each()
        ask(connection, route)
    used = cpu_seconds(master) - begun
    connection.close()
    return used / REQUESTS * 1e6


def routes(people: dict) -> list[Route]:
    chef = people["chefs"][0]["id"]
    customer = next(user for user in people["users"] if user["role"] == "customer")
    return [
        Route("GET /api/coocook/chefs", "/api/coocook/chefs"),
        Route("GET /api/coocook/chefs/{id}", f"/api/coocook/chefs/{chef}"),
        Route("GET …/{id}/slots, 7 days", f"/api/coocook/chefs/{chef}/slots"),
        Route("GET /api/platform/products", "/api/platform/products"),
        Route("GET /coocook/explore", "/coocook/explore"),
        Route("GET /coocook/chefs/{id}", f"/coocook/chefs/{chef}"),
        Route("GET /api/coocook/bookings", "/api/coocook/bookings", customer["token"], False),
        Route(
            "POST /api/coocook/bookings",
            "/api/coocook/bookings",
            customer["token"],
            False,
            free_starts(people["open_chefs"]),
        ),
    ]


def free_starts(chefs: list[int]) -> Iterator[dict]:
    """Bodies that book one free start after another."""
    first = datetime.combine(clock.now().date(), midnight(), tzinfo=UTC)
    for day in range(3, 80):
        for hour in range(0, 24, 2):
            for chef in chefs:
                starts_at = first + timedelta(days=day, hours=hour)
                yield {"chef_id": chef, "starts_at": starts_at.isoformat(), "guests": 2}


def open_chefs(site: Site, owner: str, count: int) -> list[int]:
    """Chefs that work around the clock, for a booking to find room."""
    rate = {"amount": 10_000, "currency": "KRW"}
    rates = dict.fromkeys(("hourly_rate", "session_rate", "price_per_guest"), rate)
    hours = {
        "timezone": "UTC",
        "rules": [{"weekday": d, "starts_at": "00:00", "ends_at": "00:00"} for d in range(7)],
        "exceptions": [],
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "minimum_notice_minutes": 0,
        "horizon_days": 90,
        "durations": [2],
        "slot_step_minutes": 30,
    }
    made = []
    for number in range(count):
        body = {"name": f"Open {number}", "cuisine": "Korean", "location": "Seoul", **rates}
        chef = site.call("POST", "/api/coocook/chefs", body | {"timezone": "UTC"}, token=owner)
        path = f"/api/coocook/chefs/{chef.json()['id']}/availability"
        site.call("PUT", path, hours, token=owner, headers={"If-Match": "*"})
        made.append(chef.json()["id"])
    return made


def count_queries(route: Route, move: Callable[[], None]) -> tuple[int, int | None]:
    """Queries of a request, cold and warm (None for what is never kept)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    headers = {"Authorization": f"Bearer {route.token}"} if route.token else {}
    counts = []
    for before in (move, lambda: None):
        before()
        with CaptureQueriesContext(connection) as queries:
            if route.bodies is None:
                answer = Client().get(route.path, headers=headers)
            else:
                answer = Client().post(
                    route.path, next(route.bodies), "application/json", headers=headers
                )
        if answer.status_code not in (200, 201):
            raise RuntimeError(f"{route.name}: {answer.status_code}")
        counts.append(sum(query["sql"] not in ("BEGIN IMMEDIATE", "COMMIT") for query in queries))
    return counts[0], counts[1] if route.is_kept else None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "cost.sqlite3"
        site = Site(Path(folder), f"sqlite:///{database}")
        site.manage("migrate", "--verbosity", "0")
        people = json.loads(site.manage("seed_demo", *SIZES, "--json"))
        site.start()
        bare_port = free_port()
        command = [sys.executable, "-m", "gunicorn", "tests.load.bare", "--bind"]
        apart = site.env | {"VAR_DIR": f"{folder}/bare"}  # it would clear the site's meters
        bare = subprocess.Popen([*command, f"127.0.0.1:{bare_port}"], env=apart, cwd=ROOT)
        writer = sqlite3.connect(database, autocommit=True, timeout=20)

        def move() -> None:
            writer.execute("UPDATE kernel_generation SET number = number + 1")

        try:
            time.sleep(2)
            owner = next(user["token"] for user in people["users"] if user["role"] == "chef")
            people["open_chefs"] = open_chefs(site, owner, 12)
            report(site, bare_port, bare.pid, routes(people), move)
        finally:
            bare.terminate()
            site.kill()


def report(
    site: Site, bare_port: int, bare: int, asked: list[Route], move: Callable[[], None]
) -> None:
    import django

    os.environ.update(site.env | {"LOG_REQUESTS": "0"})
    django.setup()
    costs: dict[str, list[float]] = defaultdict(list)
    for _round in range(ROUNDS):
        costs["bare"].append(round_of(Route("bare", "/"), bare_port, bare))
        for route in asked:
            master = site.server.pid
            if route.is_kept:
                costs[f"{route.name} warm"].append(round_of(route, site.port, master))
            costs[f"{route.name} cold"].append(round_of(route, site.port, master, move))
    floor = statistics.median(costs["bare"])
    print(f"bare WSGI, 8 kB: {floor:.0f} µs of CPU\n")
    print("| | queries cold | warm | CPU cold, µs | × bare | CPU warm, µs | × bare |")
    print("|---|---|---|---|---|---|---|")
    for route in asked:
        cold_queries, warm_queries = count_queries(route, move)
        cold = statistics.median(costs[f"{route.name} cold"])
        line = [route.name, cold_queries, warm_queries or "", f"{cold:.0f}", f"{cold / floor:.1f}"]
        if route.is_kept:
            warm = statistics.median(costs[f"{route.name} warm"])
            line += [f"{warm:.0f}", f"{warm / floor:.1f}"]
        else:
            line += ["", ""]
        print("| " + " | ".join(map(str, line)) + " |")


if __name__ == "__main__":
    main()
