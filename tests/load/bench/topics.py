"""The target table: what is compared with what, and which ratio is wanted."""

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count, cycle

from softfactory.kernel import clock
from tests.load.bench import wire
from tests.load.bench.comparing import Comparison, Line, Measured, Work, spread
from tests.load.bench.seeded import Seeded
from tests.load.bench.servers import Ground
from tests.load.bench.serving import Server
from tests.load.cost_of_measuring import MOST_MICROSECONDS
from tests.load.sampler import Sampler
from tests.load.stages import percentile
from tests.open_chefs import HOURS
from tests.site import ROOT

COMPRESSED = {"Accept-Encoding": "gzip"}
CHEFS = "/api/coocook/chefs"
BOOKINGS = "/api/coocook/bookings"
PEOPLE = 1_000
STAY = 10  # seconds
BOOKERS = 8
MOST_MEGABYTES = 220
LOCKED = "database is locked"
# A kept answer takes a quarter of a millisecond: fewer of them could all fall into one disturbance.
KEPT_REQUESTS = 600

OWN_QUERIES = f"""
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
headers = {{"Authorization": "Bearer %s"}}
Client().get("{BOOKINGS}", headers=headers)
with CaptureQueriesContext(connection) as queries:
    Client().get("{BOOKINGS}", headers=headers)
print(len(queries))
"""


def always(request: bytes) -> Callable[[], bytes]:
    return lambda: request


def public_paths(seeded: Seeded) -> dict[str, str]:
    """Return what everybody may read, by name."""
    chef = seeded.people["chefs"][0]["id"]
    day = (clock.now() + timedelta(days=3)).date()
    return {
        "list of chefs": CHEFS,
        "a chef": f"{CHEFS}/{chef}",
        "products": "/api/platform/products",
        "slots of a day": f"{CHEFS}/{chef}/slots?from={day}&to={day}",
        "explore page": "/coocook/explore",
        "chef page": f"/coocook/chefs/{chef}",
    }


def warm(ground: Ground) -> Iterator[Comparison]:
    """Public reads that are kept, and what they are without their headers."""
    yield from _warm(ground, ground.sqlite, "warm", 0.80)


def redis(ground: Ground) -> Iterator[Comparison]:
    """The same where several machines share a Redis."""
    yield from _warm(ground, ground.redis, "warm, Redis", 0.45)


def _warm(ground: Ground, seeded: Seeded, how: str, target: float) -> Iterator[Comparison]:
    for name, path in public_paths(seeded).items():
        sent = wire.written("GET", path, COMPRESSED)
        ours = Work(seeded.server, always(sent), requests=KEPT_REQUESTS)
        answer = _kept(seeded, sent)
        bare = _bare(ground, ground.bare.learn(answer), COMPRESSED)
        yield Comparison(f"{how}: {name}", "bare WSGI", ours, bare, speed=target)
        if path == CHEFS:
            body = ground.bare.learn(answer, headers=False)
            alone = _bare(ground, body, COMPRESSED)
            yield Comparison(f"{how}: {name}", "bare WSGI, body alone", ours, alone)


def unchanged(ground: Ground) -> Iterator[Comparison]:
    """304 for a matching ETag."""
    seeded = ground.sqlite
    tag = dict(_kept(seeded, wire.written("GET", CHEFS, COMPRESSED)).headers)["ETag"]
    headers = COMPRESSED | {"If-None-Match": tag}
    sent = wire.written("GET", CHEFS, headers)
    answer = _kept(seeded, sent, status=304)
    bare = _bare(ground, ground.bare.learn(answer), headers)
    ours = Work(seeded.server, always(sent), requests=KEPT_REQUESTS)
    yield Comparison("304: list of chefs", "bare WSGI", ours, bare, speed=0.80)


def cold(ground: Ground) -> Iterator[Comparison]:
    """The list of chefs, made anew for each request."""
    seeded = ground.sqlite
    fast = ground.fast(seeded)
    usual, _tokens = ground.usual(seeded)
    ours = _moved(seeded, seeded.server, CHEFS)
    for path, name, target in (
        ("/chefs", "FastAPI + SQLAlchemy", 1.0),
        ("/chefs/columns", "FastAPI, columns, no models", None),
    ):
        theirs = _moved(seeded, fast, path)
        yield Comparison("cold: list of chefs", name, ours, theirs, speed=target)
    for path, name in (
        ("/plain/chefs", "plain Django view"),
        ("/ninja/chefs", "Django Ninja"),
        ("/drf/chefs", "REST framework, defaults"),
        ("/drf/kept-chefs", "REST framework, cache_page"),
    ):
        theirs = _moved(seeded, usual, path)
        yield Comparison("cold: list of chefs", name, ours, theirs)


def cold_postgresql(ground: Ground) -> Iterator[Comparison]:
    """The same on PostgreSQL, whose own CPU time counts on both sides."""
    seeded = ground.postgresql
    ours = _moved(seeded, seeded.server, CHEFS)
    theirs = _moved(seeded, ground.fast(seeded), "/chefs")
    what, against = "cold: list of chefs, PostgreSQL", "FastAPI + SQLAlchemy"
    yield Comparison(what, against, ours, theirs, speed=1.2, counts_database=True)
    yield Comparison(what, f"{against}, database left out", ours, theirs)


def explore(ground: Ground) -> Iterator[Comparison]:
    """The page of chefs when the page is not kept, but its fragments are."""
    seeded = ground.sqlite
    usual, _tokens = ground.usual(seeded)
    ours = _moved(seeded, seeded.server, "/coocook/explore")
    theirs = _moved(seeded, usual, "/plain/explore")
    what = "cold: explore page"
    yield Comparison(what, "plain template page", ours, theirs, cost=0.25)


def own(ground: Ground) -> Iterator[Comparison]:
    """The last twenty bookings of a customer, by token."""
    seeded = ground.sqlite
    token = seeded.tokens("customer")[0]
    ours = Work(seeded.server, always(wire.written("GET", BOOKINGS, _signed(token))))

    def queries(_measured: Measured) -> Iterator[Line]:
        script = OWN_QUERIES % token
        number = int(seeded.site.manage("shell", "-v0", "-c", script))
        yield Line("one's own bookings", "", "", "queries", number, "≤ 3", number <= 3)

    yield Comparison("one's own bookings", "", ours, milliseconds=1.6, further=queries)


def booking(ground: Ground) -> Iterator[Comparison]:
    """Bookings by eight clients at a time."""
    yield _booking(ground, ground.sqlite, "SQLite", 0.65)


def booking_postgresql(ground: Ground) -> Iterator[Comparison]:
    """The same on PostgreSQL."""
    yield _booking(ground, ground.postgresql, "PostgreSQL", 0.45)


def _booking(ground: Ground, seeded: Seeded, database: str, target: float) -> Comparison:
    what = f"booking POST, {BOOKERS} clients, {database}"
    usual, tokens = ground.usual(seeded)
    our_tokens = cycle(seeded.tokens("customer")[:BOOKERS])
    starts, their_starts, numbers = seeded.free_starts(), seeded.free_starts(), count()

    def ours() -> bytes:
        body = next(starts) | {"duration_hours": HOURS}
        headers = _signed(next(our_tokens)) | {"Idempotency-Key": f"bench-{next(numbers)}"}
        return wire.written("POST", BOOKINGS, headers, json.dumps(body).encode())

    def theirs() -> bytes:
        body = next(their_starts) | {"duration_hours": HOURS}
        body["chef"] = body.pop("chef_id")
        headers = {"Authorization": f"Token {next(tokens)}"}
        return wire.written("POST", "/drf/bookings", headers, json.dumps(body).encode())

    def waits(measured: Measured) -> Iterator[Line]:
        (middle, p95), (_middle, their_p95) = map(spread, measured)
        times = [f"{seconds * 1000:.1f} ms" for seconds in (p95, their_p95)]
        ratio = p95 / middle
        yield Line(what, *times, "p95 beside its median", ratio, "≤ 6", ratio <= 6)
        if seeded.server.database():
            whole = [
                statistics.median(one.with_database for one in rounds) * 1e6 for rounds in measured
            ]
            counted = "usual DRF, database counted"
            yield Line(what, *(f"{n:.0f}" for n in whole), counted, whole[0] / whole[1], "", None)
        else:
            locked = seeded.site.log.read_text().count(LOCKED)
            yield Line(what, "", "", f"“{LOCKED}”", locked, "≤ 0", locked == 0)

    return Comparison(
        what,
        "usual DRF, row lock",
        Work(seeded.server, ours, BOOKERS, requests=80),
        Work(usual, theirs, BOOKERS, requests=80),
        cost=target,
        further=waits,
    )


def nginx(ground: Ground) -> Iterator[Comparison]:
    """A public list behind the shipped nginx, which may keep it for a second."""
    seeded = ground.sqlite
    sent = wire.written("GET", CHEFS, COMPRESSED)
    bare = _bare(ground, ground.bare.learn(_kept(seeded, sent)), COMPRESSED)
    front = Work(ground.nginx(seeded), always(sent), clients=8, requests=1000)
    alone = bare._replace(clients=8, requests=300)
    yield Comparison("list of chefs behind nginx", "bare WSGI", front, alone, speed=8)


def clients(ground: Ground) -> Iterator[Line]:
    """A thousand people through nginx, who read what is kept, then what is their own."""
    seeded = ground.sqlite
    front = ground.nginx(seeded)
    kept = [wire.written("GET", path, COMPRESSED) for path in public_paths(seeded).values()]
    own, bookings = (
        [
            wire.written("GET", path, COMPRESSED | _signed(token))
            for token in seeded.tokens("customer")
        ]
        for path in ("/api/auth/me", BOOKINGS)
    )
    nginx, *_others = front.pids()
    with Sampler({"nginx": nginx, "web": seeded.site.server.pid}) as sampler:
        for name, requests, most in (
            ("kept", kept, 10),
            ("never kept", own, 50),
            ("own bookings", bookings, None),
        ):
            what = f"{PEOPLE} clients, {name}"
            command = [sys.executable, "-m", "tests.load.bench.crowd"]
            command += [str(front.port), str(PEOPLE), str(STAY)]
            sent = json.dumps([request.decode() for request in requests])
            met = json.loads(subprocess.check_output(command, cwd=ROOT, input=sent, text=True))
            failures = sum(met["failures"].values())
            asked = f"failures of {failures + len(met['seconds'])}"
            yield Line(what, "", "", asked, failures, "≤ 0", failures == 0)
            times = Counter(seconds * 1000 for seconds in met["seconds"])
            middle, p95 = percentile(times, 50), percentile(times, 95)
            target, passed = (f"≤ {most} ms", p95 <= most) if most else ("", None)
            yield Line(what, f"{middle:.1f} ms", "", "p95", p95, target, passed)
    memory = sampler.result()["memory_mb"]["max"]
    target = f"≤ {MOST_MEGABYTES} MB"
    yield Line(f"{PEOPLE} clients", "", "", "nginx + web", memory, target, memory <= MOST_MEGABYTES)


def measuring(_ground: Ground) -> Iterator[Line]:
    """What counting and logging a request costs; see `cost_of_measuring`."""
    command = [sys.executable, "-m", "tests.load.cost_of_measuring", "--number"]
    cost = float(subprocess.check_output(command, cwd=ROOT))
    passed = cost <= MOST_MICROSECONDS
    target = f"≤ {MOST_MICROSECONDS} µs"
    yield Line("measuring a request", f"{cost:.0f}", "", "not measuring", cost, target, passed)


def _kept(seeded: Seeded, sent: bytes, *, status: int = 200) -> wire.Answer:
    """Ask twice, and return what was kept."""
    wire.ask_once(seeded.site.port, sent)
    answer = wire.ask_once(seeded.site.port, sent)
    if answer.status != status:
        raise RuntimeError(f"{sent!r}: {answer.status} {answer.body[:300]!r}")
    return answer


def _bare(ground: Ground, path: str, headers: dict[str, str]) -> Work:
    sent = always(wire.written("GET", path, headers))
    return Work(ground.bare.server, sent, requests=KEPT_REQUESTS)


def _moved(seeded: Seeded, server: Server, path: str) -> Work:
    """A read before which something changed, and whose answer is not compressed."""
    sent = wire.written("GET", path)

    def request() -> bytes:
        seeded.move()
        return sent

    return Work(server, request, requests=60)


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
