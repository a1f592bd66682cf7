"""PostgreSQL as the site configures it."""

import time
from datetime import UTC

import pytest
from django.db import (
    DataError,
    NotSupportedError,
    OperationalError,
    connection,
    transaction,
)
from psycopg_pool import ConnectionPool

from softfactory import settings
from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.postgresql import base
from softfactory.kernel.db.postgresql.base import DatabaseWrapper
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def options_of(url):
    return settings.postgresql_database(url)["OPTIONS"]


def test_a_statement_has_five_seconds():
    assert setting("statement_timeout") == "5s"


def test_no_plan_is_compiled():
    assert setting("jit") == "off"


def test_a_statement_past_its_time_is_cancelled():
    with pytest.raises(OperationalError, match="timeout"), transaction.atomic():
        make_product("half")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '200ms'")
            cursor.execute("SELECT pg_sleep(60)")

    assert not Product.objects.exists()


def test_a_created_row_comes_back_outside_of_any_transaction():
    product = Product.objects.create(slug="new", name="New")

    assert Product.objects.get() == product
    assert connection.get_autocommit()


def test_statements_are_prepared_by_the_server_only_if_the_address_says_so():
    plain = options_of("postgres://u:p@host/name")
    prepared = options_of("postgres://u:p@host/name?prepare_threshold=5")

    assert "server_side_binding" not in plain
    assert prepared["server_side_binding"] is True
    assert prepared["prepare_threshold"] == 5


class TestACursorForStatementsInOurOwnWords:
    def test_is_made_once_for_each_connection(self):
        ask("SELECT 1", [])
        first = connection.asking_cursor()
        ask("SELECT 2", [])
        assert connection.asking_cursor() is first

        connection.close()
        ask("SELECT 1", [])
        assert connection.asking_cursor() is not first
        assert connection.asking_cursor().connection is connection.connection

    def test_keeps_apart_what_was_asked(self):
        names = ask("SELECT 'a' UNION ALL SELECT 'b'", [])
        assert ask("SELECT %s::int, %s", [1, "x"]) == [(1, "x")]
        assert ask("SELECT %s, %s::int", ["x", None]) == [("x", None)]
        assert names == [("a",), ("b",)]

    def test_goes_on_after_an_error(self):
        with pytest.raises(DataError), transaction.atomic():
            ask("SELECT 1 / %s", [0])
        assert ask("SELECT 1", []) == [(1,)]

    def test_reads_times_as_django_does(self):
        words = "SELECT timestamptz '2026-03-29 03:30+02', timestamptz '1890-01-01 00:00:00.5+09'"
        with connection.cursor() as cursor:
            cursor.execute(words)
            expected = cursor.fetchone()
        [found] = ask(words, [])
        assert found == expected
        assert [one.tzinfo for one in found] == [one.tzinfo for one in expected] == [UTC, UTC]


class Server:
    """Counts how often a pool asked it whether a connection can be used."""

    def __init__(self, monkeypatch):
        self.asked = 0
        ask = ConnectionPool.check_connection
        monkeypatch.setattr(ConnectionPool, "check_connection", lambda conn: self._note(ask, conn))

    def _note(self, ask, conn):
        self.asked += 1
        ask(conn)


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


@pytest.fixture
def pooled_by():
    """Ways to the test's database by one pool, as the threads of a web process have them."""
    made = []

    def make(number=1, *, open_ones=1, max_lifetime=3600, **options):
        pool = {"min_size": open_ones, "max_size": open_ones, "timeout": 10}
        options = {"kept_seconds": 60, "pool": pool | {"max_lifetime": max_lifetime}} | options
        options = connection.settings_dict["OPTIONS"] | options
        described = connection.settings_dict | {"OPTIONS": options}
        made.extend(DatabaseWrapper(described, "pooled") for _ in range(number))
        made[0].pool.open(wait=True)
        return made

    yield make
    for way in made:
        way.close()
    made[0].close_pool()


def pid_of(way):
    with way.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def answer(way):
    """Ask as a request does: Django looks at connections before it and after it."""
    way.close_if_unusable_or_obsolete()
    pid = pid_of(way)
    way.close_if_unusable_or_obsolete()
    return pid


def end(pid):
    """Let the server end a connection, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)


def number_of(way):
    """Read the one number of a table as a request does."""
    way.close_if_unusable_or_obsolete()
    try:
        with way.cursor() as cursor:
            cursor.execute("SELECT number FROM altered")
            return cursor.fetchone()[0]
    finally:
        way.close_if_unusable_or_obsolete()


@pytest.mark.parametrize(("kept_seconds", "open_ones"), [(0, 1), (60, 2)])
class TestAConnectionOfThePool:
    @pytest.fixture
    def pooled(self, pooled_by, kept_seconds, open_ones):
        [pooled] = pooled_by(kept_seconds=kept_seconds, open_ones=open_ones)
        return pooled

    def test_is_asked_once_while_it_is_in_use(self, pooled, server):
        assert len({answer(pooled) for _ in range(5)}) == 1
        assert server.asked == 1

    def test_is_asked_again_after_a_pause(self, pooled, server, monkeypatch):
        answer(pooled)
        monkeypatch.setattr(base, "SETTLED_SECONDS", 0)
        answer(pooled)
        assert server.asked == 2

    def test_that_the_server_ended_is_replaced_before_it_is_used(self, pooled):
        ended = answer(pooled)
        end(ended)
        assert answer(pooled) != ended

    def test_that_the_server_ended_is_replaced_before_a_transaction(self, pooled):
        ended = answer(pooled)
        end(ended)
        pooled.close_if_unusable_or_obsolete()
        pooled.set_autocommit(False)
        assert pid_of(pooled) != ended
        pooled.rollback()

    def test_that_the_server_ends_at_work_is_replaced_for_the_next_request(self, pooled):
        ended = pid_of(pooled)
        end(ended)
        with pytest.raises(OperationalError):
            pid_of(pooled)
        pooled.close_if_unusable_or_obsolete()
        assert answer(pooled) != ended

    def test_fails_once_when_others_altered_what_it_prepared(
        self, pooled_by, kept_seconds, open_ones
    ):
        prepares = {"server_side_binding": True, "prepare_threshold": 0}
        [pooled] = pooled_by(kept_seconds=kept_seconds, open_ones=open_ones, **prepares)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE altered AS SELECT 1::int AS number")
            try:
                assert number_of(pooled) == 1
                cursor.execute("ALTER TABLE altered ALTER number TYPE bigint")
                with pytest.raises(NotSupportedError, match="cached plan"):
                    number_of(pooled)
                assert number_of(pooled) == 1
            finally:
                cursor.execute("DROP TABLE altered")


class TestAConnectionThatAThreadKeeps:
    def test_stays_from_request_to_request(self, pooled_by):
        [kept] = pooled_by(open_ones=2)
        for _ in range(5):
            answer(kept)
        assert kept.pool.get_stats()["requests_num"] == 1

    def test_goes_back_when_its_time_is_over(self, pooled_by, server):
        [kept] = pooled_by(open_ones=2)
        answer(kept)
        kept.close_at = 0
        kept.close_if_unusable_or_obsolete()
        assert kept.connection is None
        assert kept.pool.get_stats()["pool_available"] == 2

    def test_is_asked_if_its_time_was_over_during_a_pause(self, pooled_by, server, monkeypatch):
        [kept] = pooled_by(open_ones=2)
        answer(kept)
        monkeypatch.setattr(base, "SETTLED_SECONDS", 0.01)
        time.sleep(0.02)
        kept.close_at = 0
        answer(kept)
        assert server.asked == 2

    def test_is_replaced_by_the_pool_when_it_is_too_old(self, pooled_by):
        [kept] = pooled_by(open_ones=2, max_lifetime=0.1)
        old = answer(kept)
        time.sleep(0.1)
        kept.close_at = 0
        kept.close_if_unusable_or_obsolete()
        assert old not in {answer(kept) for _ in range(3)}

    def test_leaves_the_last_free_one_to_all(self, pooled_by):
        threads = pooled_by(8, open_ones=3)
        for _ in range(2):
            for thread in threads:
                answer(thread)
        assert sum(thread.connection is not None for thread in threads) == 2
        assert threads[0].pool.get_stats()["pool_available"] == 1

    def test_leaves_one_to_others_when_its_thread_has_ended(self, pooled_by):
        ended, *others = pooled_by(4, open_ones=2)
        answer(ended)
        assert len({answer(other) for other in others}) == 1

    def test_goes_back_with_what_was_begun_by_hand(self, pooled_by):
        [kept] = pooled_by(open_ones=2)
        with kept.cursor() as cursor:
            cursor.execute("BEGIN")
        kept.close_if_unusable_or_obsolete()
        assert kept.connection is None

    def test_is_closed_after_the_pool_was(self, pooled_by):
        kept, other = pooled_by(2, open_ones=2)
        answer(kept)
        raw = kept.connection
        other.close_pool()
        answer(kept)
        assert raw.closed


@pytest.mark.parametrize(("most", "is_kept"), [(4, False), (5, True), (6, True)])
def test_a_thread_keeps_its_connection_if_the_pool_has_one_more(monkeypatch, most, is_kept):
    monkeypatch.setattr(settings, "TESTING", False)
    monkeypatch.setattr(settings, "COMMAND", "")
    monkeypatch.setattr(settings, "WEB_THREADS", 4)
    options = options_of(f"postgres://u:p@host/name?pool_max_size={most}")
    assert bool(options["kept_seconds"]) == is_kept
