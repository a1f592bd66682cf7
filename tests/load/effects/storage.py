"""The database's own settings: journals, pragmas, connections, the time-out."""

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tests.load.effects.comparing import Way, compared, costs, table

WAYS = {
    "as here": {"journal_mode": "WAL", "synchronous": "FULL"},
    "synchronous=NORMAL": {"journal_mode": "WAL", "synchronous": "NORMAL"},
    "rollback journal": {"journal_mode": "DELETE", "synchronous": "FULL"},
}
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

#: Before the throw-away database takes its place.
SERVER = os.environ.get("DATABASE_URL", "")


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


def connections(folder: Path) -> None:
    """A query on a connection of its own, and on one of the pool; on PostgreSQL alone."""
    import psycopg
    from psycopg_pool import ConnectionPool

    if not SERVER.startswith("postgres"):
        print("\n## Connections\n\nDATABASE_URL names no PostgreSQL: not measured.")
        return

    def alone() -> None:
        with psycopg.connect(SERVER) as connection:
            connection.execute("SELECT 1")

    def checked() -> None:
        with pool.connection() as connection:
            pool.check_connection(connection)
            connection.execute("SELECT 1")

    def kept() -> None:
        with pool.connection() as connection:
            connection.execute("SELECT 1")

    with ConnectionPool(SERVER, min_size=1, max_size=6) as pool:
        ways: dict[str, Way] = {"pool, checked": checked, "pool": kept, "a new one": alone}
        cpu = {name: f"{cost:.0f}" for name, cost in costs(ways, times=20).items()}
        waited = costs(ways, times=20, clock=time.perf_counter)
    table("Connections", "way | µs of CPU here | µs (wall) | ×", compared(waited, cpu=cpu))


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
