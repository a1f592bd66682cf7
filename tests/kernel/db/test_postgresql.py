"""PostgreSQL as the site configures it."""

import pytest
from django.db import OperationalError, connection, transaction

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
