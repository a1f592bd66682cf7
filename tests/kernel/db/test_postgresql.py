"""PostgreSQL as the site configures it."""

import pytest
from django.db import OperationalError, connection, transaction
from psycopg_pool import ConnectionPool

from softfactory.kernel.db.postgresql import base
from softfactory.kernel.db.postgresql.base import DatabaseWrapper
from softfactory.settings import postgresql_database
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def test_a_statement_has_five_seconds():
    assert setting("statement_timeout") == "5s"


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
    plain = postgresql_database("postgres://u:p@host/name")["OPTIONS"]
    prepared = postgresql_database("postgres://u:p@host/name?prepare_threshold=5")["OPTIONS"]

    assert "server_side_binding" not in plain
    assert prepared["server_side_binding"] is True
    assert prepared["prepare_threshold"] == 5


class Server:
    """Counts how often a pool asked it whether a connection can be used."""

    def __init__(self, monkeypatch):
        self.asked = 0
        ask = ConnectionPool.check_connection
        monkeypatch.setattr(ConnectionPool, "check_connection", lambda conn: self._note(ask, conn))

    def _note(self, ask, conn):
        self.asked += 1
        ask(conn)


class TestAConnectionOfThePool:
    @pytest.fixture
    def server(self, monkeypatch):
        return Server(monkeypatch)

    @pytest.fixture
    def pooled(self, monkeypatch):
        """A way to the test's database by a pool of one connection, as a web process has one."""
        options = connection.settings_dict["OPTIONS"] | {
            "pool": {"min_size": 1, "max_size": 1, "timeout": 10}
        }
        made = DatabaseWrapper(connection.settings_dict | {"OPTIONS": options}, "pooled")
        yield made
        made.close()
        made.close_pool()

    def ask(self, pooled):
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        pooled.close()
        return pid

    def test_is_asked_once_while_it_is_in_use(self, pooled, server):
        assert len({self.ask(pooled) for _ in range(5)}) == 1
        assert server.asked == 1

    def test_is_asked_again_after_a_pause(self, pooled, server, monkeypatch):
        self.ask(pooled)
        monkeypatch.setattr(base, "SETTLED_SECONDS", 0)
        self.ask(pooled)
        assert server.asked == 2

    def test_that_the_server_ended_is_replaced_before_it_is_used(self, pooled):
        ended = self.ask(pooled)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
            assert cursor.fetchone() == (True,)
        assert self.ask(pooled) != ended
