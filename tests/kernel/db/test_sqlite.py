"""SQLite as the site configures it: pragmas, locking, a time limit, and what writes return."""

import gc
import subprocess
import sys
import threading
import time
import weakref
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import (
    BooleanField,
    CheckConstraint,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.db.utils import IntegrityError

from bookings.models import Chef, Menu
from bookings.querysets.searching import keep_in_step
from softfactory.kernel.db.sqlite.base import Database, DatabaseFeatures
from subscriptions.models import Plan, Product
from tests.makers import make_chef, make_menu, make_product, make_user

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

COPY = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', sys.argv[2:])"
COUNT_FOR_EVER = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted)
    SELECT COUNT(*) FROM counted
"""


def plan(name):
    return {"name": name, "interval": "month", "price_amount": 1}


def pragma(name):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.fixture
def hurried():
    """The connection, which gives each statement 0.2 s."""
    connection.ensure_connection()
    connection.connection.limit_statements(0.2)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("cache_size", -40_000),
        ("mmap_size", 268_435_456),
        ("busy_timeout", 20_000),
    ],
)
def test_a_connection_is_set_up_with(name, value):
    assert pragma(name) == value


def test_the_library_has_no_wal_reset_bug():
    assert connection.Database.sqlite_version_info >= (3, 51, 3)


def test_nothing_is_left_of_a_connection_that_was_closed():
    connection.ensure_connection()
    opened = weakref.ref(connection.connection)

    connection.close()

    gc.collect()
    assert opened() is None


def test_a_statement_has_five_seconds():
    connection.ensure_connection()

    assert connection.connection.time_limit.seconds == 5


def test_a_transaction_takes_the_write_lock_at_once():
    begun, done = threading.Event(), []

    def write():
        begun.set()
        make_user("second@example.test")
        done.append("second")
        connection.close()

    second = threading.Thread(target=write)
    with transaction.atomic():
        list(Product.objects.all())  # a read only
        second.start()
        begun.wait()
        time.sleep(0.3)
        done.append("first")
    second.join()

    assert done == ["first", "second"]


def test_foreign_keys_hold():
    with pytest.raises(IntegrityError):
        Plan.objects.create(product_id=999, name="Lost", interval="month", price_amount=1)


def test_a_statement_past_its_time_is_interrupted(hurried):
    with pytest.raises(OperationalError, match="interrupted"), hurried.cursor() as cursor:
        cursor.execute(COUNT_FOR_EVER)


def test_the_connection_works_after_an_interruption(hurried):
    with pytest.raises(OperationalError), hurried.cursor() as cursor:
        cursor.execute(COUNT_FOR_EVER)

    assert Product.objects.count() == 0


def test_an_interrupted_transaction_leaves_nothing(hurried):
    with pytest.raises(OperationalError), transaction.atomic():
        make_product("half")
        with hurried.cursor() as cursor:
            cursor.execute(COUNT_FOR_EVER)

    assert not Product.objects.exists()


def test_time_between_two_statements_counts_for_neither(hurried):
    with transaction.atomic():
        make_product("slow")
        time.sleep(0.3)
        Product.objects.update(name="Slow")

    assert Product.objects.get().name == "Slow"


def test_a_created_row_comes_back_outside_of_any_transaction():
    """SQLite refuses to commit while returned rows are left; see Cursor."""
    chef = Chef.objects.create(owner=make_user(), name="New")

    assert Chef.objects.get() == chef
    assert connection.get_autocommit()


def test_rows_that_a_write_returns_are_fetched_in_every_way():
    make_product("one", plans=[plan(name) for name in "abcde"])
    sql = "UPDATE subscriptions_plan SET rank = 7 RETURNING name"

    with connection.cursor() as cursor:
        cursor.execute(sql)
        first, some, rest = cursor.fetchone(), cursor.fetchmany(2), cursor.fetchall()
        end = cursor.fetchone(), cursor.fetchmany(2), cursor.fetchall()
        cursor.execute(sql)
        iterated = list(cursor)

    assert [first, *some, *rest] == iterated == [(name,) for name in "abcde"]
    assert end == (None, [], [])


def test_a_read_after_a_returning_write_is_not_mixed_up_with_it():
    make_product("one")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE subscriptions_plan SET rank = 7 RETURNING name")
        cursor.execute("SELECT slug FROM subscriptions_product")
        assert cursor.fetchall() == [("one",)]


def test_parameters_by_name_and_many_at_once():
    product = make_product("one", plans=[plan("a")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM subscriptions_plan WHERE name = %(name)s", {"name": "a"})
        assert cursor.fetchall() == [("a",)]
        cursor.executemany(
            "UPDATE subscriptions_plan SET rank = %s WHERE name = %s", [(1, "b"), (2, "a")]
        )
        cursor.executemany("UPDATE subscriptions_plan SET rank = 9 WHERE name = %s", [])

    assert product.plans.get().rank == 2


def test_more_parameters_than_a_result_has_columns():
    """With DEBUG, Django repeats the parameters of a statement as columns."""
    sql = f"SELECT 1 IN ({', '.join(['%s'] * 3000)})"

    with connection.cursor() as cursor:
        cursor.execute(sql, range(3000))
        shown = connection.ops.last_executed_query(cursor, sql, list(range(3000)))

    assert shown.endswith("2998, 2999)")


def test_times_and_truths_come_as_what_they_are_from_columns_and_computed():
    chef = make_chef()
    again = Chef.objects.filter(pk=OuterRef("pk")).values("created_at")
    computed = Chef.objects.annotate(
        again=Subquery(again),
        latest=Max("created_at"),
        is_open=ExpressionWrapper(Q(is_active=True), BooleanField()),
    )
    columns = ("is_active", "is_open", "created_at", "again", "latest")

    *truths, read, asked_again, latest = computed.values_list(*columns).get()

    assert [type(truth) for truth in truths] == [bool, bool]
    assert read == asked_again == latest == chef.created_at
    assert read.tzinfo is not None


def test_does_not_ask_whether_it_knows_json(django_assert_num_queries):
    features = DatabaseFeatures(connection)
    with django_assert_num_queries(0):
        assert features.supports_json_field


def test_a_table_that_triggers_name_can_be_made_anew():
    chef = make_chef()
    constraint = CheckConstraint(condition=Q(title__gt=""), name="bookings_menu_tested")
    for change in ("add_constraint", "remove_constraint"):
        with connection.schema_editor() as editor:
            getattr(editor, change)(Menu, constraint)
        keep_in_step(connection)

    make_menu(chef, title="Persimmons")

    assert Chef.objects.matching("persimmon").get() == chef
    assert pragma("legacy_alter_table") == 0


def test_an_operators_own_sqlite_can_copy_the_file(tmp_path):
    copy = str(tmp_path / "copy.sqlite3")
    make_product("coocook")

    # In a process of its own, as two libraries in one lose each other's locks.
    command = [sys.executable, "-c", COPY, str(connection.settings_dict["NAME"]), copy]
    subprocess.run(command, check=True)

    with closing(Database.connect(copy)) as copied:
        assert copied.execute("SELECT slug FROM subscriptions_product").fetchall() == [("coocook",)]
