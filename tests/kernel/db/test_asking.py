"""Statements in words of our own: all that Django's cursors are for happens to them too."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from softfactory.kernel.db import generations
from softfactory.kernel.db.asking import ask, do
from subscriptions.models import Product
from tests.makers import make_product
from tests.traced import asked_in

pytestmark = pytest.mark.django_db(transaction=True)

RENAME = f"UPDATE {Product._meta.db_table} SET name = %s WHERE slug = %s"  # nosec B608
NAMES = f"SELECT name FROM {Product._meta.db_table} WHERE slug = %s"  # nosec B608
COPY = f"INSERT INTO {Product._meta.db_table} SELECT * FROM {Product._meta.db_table}"  # nosec B608


@pytest.fixture(autouse=True)
def soup():
    return make_product("soup", name="Soup")


@pytest.fixture(params=["alone", "looked at"])
def looked_at(request):
    """Nobody looks on, or somebody does."""
    if request.param == "alone":
        yield
        return
    with CaptureQueriesContext(connection):
        yield


def test_returns_rows_and_how_many_were_written(looked_at):
    assert do(RENAME, ["Broth", "soup"]) == 1
    assert ask(NAMES, ["soup"]) == [("Broth",)]
    assert ask(NAMES, ["stew"]) == []


def test_a_write_moves_its_generation(looked_at):
    before = generations.numbers("products")
    do(RENAME, ["Broth", "soup"])
    assert generations.numbers("products") != before


def test_a_write_that_is_taken_back_moves_nothing(looked_at):
    before = generations.numbers("products")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        do(RENAME, ["Broth", "soup"])
        assert generations.numbers("products") is None
        raise ZeroDivisionError
    assert generations.numbers("products") == before
    assert ask(NAMES, ["soup"]) == [("Soup",)]


def test_errors_are_djangos(looked_at):
    with pytest.raises(IntegrityError):
        do(COPY, [])


def test_a_broken_transaction_refuses(looked_at):
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        ask(NAMES, ["soup"])


def test_opens_a_connection_that_was_closed(looked_at):
    connection.close()
    assert ask(NAMES, ["soup"]) == [("Soup",)]


def test_the_trace_hears_of_it(looked_at):
    assert asked_in(lambda: ask(NAMES, ["soup"])) == [NAMES]


def test_who_looks_on_sees_it():
    with CaptureQueriesContext(connection) as seen:
        ask(NAMES, ["soup"])
    assert len(seen) == 1

    others = []

    def look(execute, sql, *args):
        others.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(look):
        ask(NAMES, ["soup"])
    assert others == [NAMES]
