"""The short way to PostgreSQL does what Django's cursors do."""

import datetime
import decimal
import threading
import time
import uuid

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from softfactory.kernel.db.postgresql.base import DatabaseWrapper
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NOON = datetime.datetime(2026, 5, 1, 12, 0, 0, 125, tzinfo=datetime.UTC)
TABLE = Product._meta.db_table
NAME = f"SELECT name FROM {TABLE} WHERE slug = %s"  # nosec B608
RENAME = f"UPDATE {TABLE} SET name = %s WHERE slug = %s"  # nosec B608
COPY = f"INSERT INTO {TABLE} SELECT * FROM {TABLE}"  # nosec B608
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT name%%'"


@pytest.fixture(params=["words", "bound", "prepared"])
def way(request):
    """A connection whose values are in the words, are bound by the server, and prepared there."""
    options = connection.settings_dict["OPTIONS"]
    if request.param != "words":
        threshold = 0 if request.param == "prepared" else None
        options = options | {"server_side_binding": True, "prepare_threshold": threshold}
    way = DatabaseWrapper(connection.settings_dict | {"OPTIONS": options}, "way")
    way.ensure_connection()
    connections["way"] = way
    yield way
    way.close()
    del connections["way"]


def run(way, query, *values):
    """Return what the short cursor finds, with errors as Django has them."""
    with way.wrap_database_errors:
        cursor = way.asking_cursor()
        cursor.execute(query, values)
        return cursor.fetchall() if query.startswith("SELECT") else cursor.rowcount


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bigint", 2**40),
        ("smallint", 7),
        ("boolean", True),
        ("text", "100 % „Öl“ \\ 'x'"),
        ("timestamptz", NOON),
        ("timestamptz", datetime.datetime(1969, 12, 31, tzinfo=datetime.UTC)),
        ("timestamptz", datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)),
        ("timestamptz", NOON.astimezone(datetime.timezone(datetime.timedelta(hours=9)))),
        ("date", NOON.date()),
        ("time", datetime.time(9, 30)),
        ("double precision", 0.1),
        ("numeric", decimal.Decimal("12.50")),
        ("uuid", uuid.UUID(int=7)),
        ("jsonb", '{"a": [1, null]}'),
        ("bytea", b"\x00\xff"),
        ("text", None),
    ],
)
def test_values_go_and_come_as_by_djangos_cursor(way, kind, value):
    query = f"SELECT %s::{kind}, 1 WHERE '%%' = '%%'"
    with way.cursor() as cursor:
        cursor.execute(query, (value,))
        expected = cursor.fetchall()

    found = run(way, query, value)

    assert found == expected
    assert type(found[0][0]) is type(expected[0][0])
    if kind == "timestamptz":
        assert found[0][0].tzinfo is datetime.UTC


def test_tells_how_many_rows_were_written(way):
    make_product("soup")
    assert run(way, RENAME, "Broth", "soup") == 1
    assert run(way, RENAME, "Broth", "stew") == 0
    assert run(way, NAME, "soup") == [("Broth",)]


def test_belongs_to_the_transaction_that_it_begins(way):
    make_product("soup", name="Soup")
    with pytest.raises(ZeroDivisionError), transaction.atomic(using="way"):
        run(way, RENAME, "Broth", "soup")
        raise ZeroDivisionError
    assert run(way, NAME, "soup") == [("Soup",)]


@pytest.mark.parametrize("way", ["words"], indirect=True)
def test_begins_in_the_trip_of_the_first_statement(way, tmp_path):
    pgconn, trips = way.connection.pgconn, tmp_path / "trips"
    with trips.open("w") as sent, transaction.atomic(using="way"):
        pgconn.trace(sent.fileno())
        run(way, NAME, "soup")
        run(way, NAME, "stew")
        pgconn.untrace()
    assert trips.read_text().count("\tQuery\t") == 2


def test_what_fails_first_leaves_nothing_begun(way):
    make_product("soup", name="Soup")
    with pytest.raises(IntegrityError), transaction.atomic(using="way"):
        run(way, COPY)
    with transaction.atomic(using="way"):
        assert run(way, RENAME, "Broth", "soup") == 1
    assert run(way, NAME, "soup") == [("Broth",)]


def test_errors_are_as_by_djangos_cursor(way):
    make_product("soup")
    with pytest.raises(IntegrityError) as found, transaction.atomic(using="way"):
        run(way, COPY)
    assert found.value.__cause__.diag.constraint_name == f"{TABLE}_pkey"
    assert run(way, NAME, "soup")


def test_time_is_limited(way):
    with pytest.raises(OperationalError, match="timeout"), transaction.atomic(using="way"):
        run(way, "SET LOCAL statement_timeout = '50ms'")
        run(way, "SELECT pg_sleep(%s)", 60)


def test_others_go_on_while_it_waits(way):
    turns = []
    waits = threading.Thread(target=run, args=(way, "SELECT pg_sleep(%s)", 0.3))
    way.inc_thread_sharing()
    waits.start()
    while waits.is_alive():
        turns.append(time.sleep(0.01))
    way.dec_thread_sharing()
    assert len(turns) > 3


def test_a_connection_that_is_lost_says_so_and_is_replaced(way):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [way.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        run(way, "SELECT 1")
    with pytest.raises(OperationalError):
        run(way, "SELECT 1")
    way.close_if_unusable_or_obsolete()
    way.ensure_connection()
    assert run(way, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("way", ["prepared"], indirect=True)
def test_what_psycopg_drops_is_prepared_anew(way):
    make_product("soup")

    def prepared():
        return run(way, PREPARED)[0][0]

    for _ in range(2):
        run(way, NAME, "soup")
        assert prepared() == 1

    with pytest.raises(ZeroDivisionError), transaction.atomic(using="way"):
        run(way, NAME, "soup")
        raise ZeroDivisionError
    assert prepared() == 0

    with way.cursor() as cursor, transaction.atomic(using="way"):
        run(way, NAME, "soup")
        cursor.execute("CREATE TEMP TABLE passing ()")
        cursor.execute("DROP TABLE passing")
        assert prepared() == 0
        run(way, NAME, "soup")
        assert prepared() == 1


@pytest.mark.parametrize("way", ["prepared"], indirect=True)
def test_a_hundred_statements_stay_prepared(way):
    for number in range(120):
        run(way, f"SELECT {number}")  # nosec B608
    [(count,)] = run(way, "SELECT count(*) FROM pg_prepared_statements")
    assert 95 < count < 105
