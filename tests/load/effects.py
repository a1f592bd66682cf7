"""What each measure against slowness brings: the same work with it and without it, side by side.

    .venv/bin/python -m tests.load.effects [topic …]

Everything happens in this process, on a throw-away database of 200 chefs and 20,000 bookings. Ways
are interleaved, and the median of the rounds is shown: CPU time, except where one waits for the
disk. The last column tells how many times the first way's figure it is. docs/guide/tuning.md has
the figures and what follows from them.
"""

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.load.cost import SIZES
from tests.site import Site

ROUNDS = 7
PAGES = ("/coocook/explore", "/", "/api/coocook/chefs", "/api/schema")
WAYS = {
    "as here": {"journal_mode": "WAL", "synchronous": "FULL"},
    "synchronous=NORMAL": {"journal_mode": "WAL", "synchronous": "NORMAL"},
    "rollback journal": {"journal_mode": "DELETE", "synchronous": "FULL"},
}
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

type Way = Callable[[], object]


def costs(
    ways: Mapping[str, Way], *, times: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Return the microseconds of each way, the median of interleaved rounds."""
    spent: dict[str, list[float]] = defaultdict(list)
    for way in ways.values():
        way()
    for _round in range(ROUNDS):
        for name, way in ways.items():
            begun = clock()
            for _ in range(times):
                way()
            spent[name].append((clock() - begun) / times * 1e6)
    return {name: statistics.median(rounds) for name, rounds in spent.items()}


def table(title: str, heads: str, rows: Iterator[tuple]) -> None:
    print(f"\n## {title}\n\n| {heads} |")
    print("|" + "---|" * (heads.count("|") + 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def compared(measured: Mapping[str, float], **more: Mapping[str, object]) -> Iterator[tuple]:
    """Yield each way with its figure, what else is known of it, and how it compares."""
    first = next(iter(measured.values()))
    for name, cost in measured.items():
        yield name, *(known[name] for known in more.values()), f"{cost:.0f}", f"{cost / first:.3g}"


# --- The database ---------------------------------------------------------------------------


def opened(path: Path, **pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")
    return connection


def journals(folder: Path) -> None:
    """One small commit after another, and reading while somebody writes."""
    connections, reads = {}, {}
    for number, (name, pragmas) in enumerate(WAYS.items()):
        path = folder / f"journal-{number}.sqlite3"
        connections[name] = opened(path, **pragmas)
        connections[name].execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        reads[name] = read_while_writing(path, connections[name])

    def commit(connection: sqlite3.Connection) -> Way:
        return lambda: connection.execute("INSERT INTO t (text) VALUES (?)", ["x" * 500])

    ways = {name: commit(connection) for name, connection in connections.items()}
    measured = costs(ways, times=100, clock=time.perf_counter)
    rows = compared(measured, reads=reads)
    table("A commit", "way | reads while another commits | µs (wall) | ×", rows)


def read_while_writing(path: Path, writer: sqlite3.Connection) -> str:
    """Tell whether others can read while a writer is about to commit."""
    reader = opened(path)
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("INSERT INTO t (text) VALUES ('x')")
    try:
        reader.execute("SELECT count(*) FROM t").fetchone()
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        writer.execute("ROLLBACK")
        reader.close()
    return "go on"


def pragmas(folder: Path) -> None:
    """Reading the whole table of bookings with our settings and with SQLite's own."""
    path = Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    ours = {"cache_size": "-40000", "mmap_size": "268435456", "temp_store": "MEMORY"}
    connections = {"as here": opened(path, **ours), "SQLite's own": opened(path)}

    def read(connection: sqlite3.Connection) -> Way:
        statement = "SELECT status, sum(guests) FROM bookings_booking GROUP BY 1"
        return lambda: connection.execute(statement).fetchall()

    ways = {name: read(connection) for name, connection in connections.items()}
    table("Reading all bookings", "way | µs | ×", compared(costs(ways, times=5)))


def indexes(folder: Path) -> None:
    """The same statements with their indexes, and without."""
    from django.db import connection, transaction

    from bookings.models import Booking, Chef

    one = Booking.objects.newest_first().first()
    mine = Booking.objects.filter(customer=one.customer_id)
    cases = {
        "a customer's bookings": (mine.newest_first()[:20], ("customer", "cust_status")),
        "those that wait": (mine.filter(status="pending"), ("customer", "cust_status")),
        "what waits anywhere": (
            Booking.objects.filter(status="pending").order_by("-created_at")[:20],
            ("status", "cust_status", "chef_start"),
        ),
        "a chef's days to come": (
            Booking.objects.filter(chef=one.chef_id, starts_at__gte=one.starts_at).soonest_first(),
            ("chef_start",),
        ),
        "the best chefs": (Chef.objects.active().best_first()[:20], ("best_rated",)),
    }

    def rows() -> Iterator[tuple]:
        for name, (query, dropped) in cases.items():
            statement, parameters = query.query.sql_with_params()

            def run(statement: str = statement, parameters: tuple = parameters) -> None:
                cursor.execute(statement, parameters)
                cursor.fetchall()

            with transaction.atomic(), connection.cursor() as cursor:
                with_them, plan = costs({"": run}, times=20)[""], query.explain()
                for index in dropped:
                    cursor.execute(f"DROP INDEX {query.model._meta.db_table}_{index}")
                without, other = costs({"": run}, times=20)[""], query.explain()
                transaction.set_rollback(True)
            yield name, _said(plan), _said(other), f"{with_them:.0f}", f"{without / with_them:.3g}"

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    table("Indexes", "statement | plan | without its indexes | µs | × without", rows())


def _said(plan: str) -> str:
    return "; ".join(step.split(" ", 3)[3] for step in plan.splitlines())


def lists(folder: Path) -> None:
    """Bookings with their chefs, and chefs with their number of reviews: joined, or one by one."""
    from django.db import connection
    from django.db.models import FETCH_ONE, Count
    from django.test.utils import CaptureQueriesContext

    from bookings.models import Booking, Chef

    newest = Booking.objects.newest_first()
    best = Chef.objects.active().best_first()
    topics: dict[str, dict[str, Way]] = {
        "20 bookings with their chefs": {
            "with_chef()": lambda: [one.chef.name for one in newest.with_chef()[:20]],
            "forgotten, fetched together": lambda: [one.chef.name for one in newest[:20]],
            "one by one": lambda: [one.chef.name for one in newest.fetch_mode(FETCH_ONE)[:20]],
        },
        "20 chefs with their reviews counted": {
            "columns on the chef": lambda: [one.review_count for one in best[:20]],
            "an aggregate": lambda: [
                one.number for one in best.annotate(number=Count("reviews"))[:20]
            ],
            "one by one": lambda: [one.reviews.count() for one in best[:20]],
        },
    }
    for title, ways in topics.items():
        queries = {}
        for name, way in ways.items():
            with CaptureQueriesContext(connection) as captured:
                way()
            queries[name] = len(captured)
        rows = compared(costs(ways, times=5), queries=queries)
        table(title, "way | queries | µs | ×", rows)


def time_out(folder: Path) -> None:
    """A statement without end."""
    from django.db import OperationalError, connection

    def rows() -> Iterator[tuple]:
        begun = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute(ENDLESS)
        except OperationalError as error:
            yield "counting for ever", error, f"{time.monotonic() - begun:.2f}"

    table("The time-out of a statement", "statement | what comes of it | seconds", rows())


# --- HTTP -----------------------------------------------------------------------------------


@contextmanager
def answering() -> Iterator[Callable[..., tuple[str, dict[str, str], bytes]]]:
    """Yield `ask(path, **headers)`: the site itself, asked as a server asks it."""
    from django.test import RequestFactory

    from softfactory.wsgi import application

    def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        head: list = []
        environ = RequestFactory().get(path, headers=headers).environ
        body = application(environ, lambda status, fields: head.extend((status, dict(fields))))
        content = b"".join(body)
        body.close()
        return *head, content

    yield ask


def compression(folder: Path) -> None:
    """Bytes and CPU of each encoding."""
    from softfactory.kernel.http.bodies import ENCODERS

    def rows() -> Iterator[tuple]:
        with answering() as ask:
            for path in PAGES:
                _status, _head, body = ask(path)
                encoders = {name: partial(encode, body) for name, encode in ENCODERS.items()}
                spent = costs(encoders, times=5)
                cells = [f"{len(way())} ({spent[name]:.0f} µs)" for name, way in encoders.items()]
                yield path, len(body), *cells

    table("Compression", f"path | bytes | {' | '.join(ENCODERS)}", rows())


def cached_reads(folder: Path) -> None:
    """An answer that is made, one that was kept, and one that the client has."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with answering() as ask:

        def made(path: str) -> None:
            cache.clear()
            ask(path, accept_encoding="br")

        for path in PAGES[:3]:
            tag = ask(path, accept_encoding="br")[1]["ETag"]
            ways: dict[str, Way] = {
                "made anew": partial(made, path),
                "kept": partial(ask, path, accept_encoding="br"),
                "304": partial(ask, path, accept_encoding="br", if_none_match=tag),
            }
            queries = {}
            for name, way in ways.items():
                with CaptureQueriesContext(connection) as captured:
                    way()
                queries[name] = len(captured)
            measured = costs(ways, times=20)
            table(path, "answer | queries | µs | ×", compared(measured, queries=queries))


TOPICS: dict[str, Callable[[Path], None]] = {
    topic.__name__: topic
    for topic in (journals, pragmas, indexes, lists, time_out, compression, cached_reads)
}


def main() -> None:
    asked = sys.argv[1:] or TOPICS
    if unknown := set(asked) - TOPICS.keys():
        sys.exit(f"There is no {', '.join(unknown)}. Topics: {', '.join(TOPICS)}.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder, f"sqlite:///{folder / 'effects.sqlite3'}", LOG_REQUESTS="0")
        site.manage("migrate", "--verbosity", "0")
        site.manage("seed_demo", *SIZES)
        os.environ.update(site.env)
        import django

        django.setup()
        for topic in asked:
            TOPICS[topic](folder)


if __name__ == "__main__":
    main()
