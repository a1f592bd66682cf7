"""The site's own copies of generations: what reads and writes leave in them."""

import pytest
from django.db import connection

from softfactory.kernel.db import generations
from softfactory.kernel.db.shared import shared_numbers
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_read_copies_what_the_rows_say():
    numbers = generations.numbers("products")

    assert shared_numbers().watch(numbers)()


def test_what_was_asked_a_moment_ago_asks_no_row(django_assert_num_queries):
    with django_assert_num_queries(1):
        numbers = generations.numbers("products")
    with django_assert_num_queries(0):
        assert generations.numbers("products") == numbers


def test_a_reader_asks_the_rows_while_a_write_commits(monkeypatch):
    make_product("one")
    before, seen = generations.numbers("products"), []
    monkeypatch.setattr(
        generations.trace,
        "note_commit",
        lambda commit: (seen.append(shared_numbers().known(before)), commit()),
    )
    Product.objects.update(name="Two")

    assert seen == [None]
    assert generations.numbers("products") == generations.read(before) != before


def test_a_write_settles_before_it_is_acknowledged():
    make_product("one")
    before = generations.numbers("products")
    Product.objects.update(name="Two")

    assert not shared_numbers().watch(before)()
    after = generations.read(before)
    assert shared_numbers().watch(after)()


def test_nothing_holds_while_a_write_commits(monkeypatch):
    make_product("one")
    numbers = generations.numbers("products")
    watch, seen = shared_numbers().watch(numbers), []
    monkeypatch.setattr(
        generations.trace, "note_commit", lambda commit: (seen.append(watch()), commit())
    )
    Product.objects.update(name="Two")

    assert seen == [False]


def test_a_rollback_leaves_what_holds():
    make_product("one")
    numbers = generations.numbers("products")
    with pytest.raises(ZeroDivisionError), generations.transaction.atomic():
        Product.objects.update(name="Two")
        raise ZeroDivisionError

    assert shared_numbers().watch(numbers)()


def test_what_is_read_in_a_transaction_is_copied():
    """It sees what is committed: no transaction here sees rows as they were when it began."""
    with generations.transaction.atomic():
        numbers = generations.numbers("chefs")

    assert shared_numbers().watch(numbers)()


def test_whichever_way_a_database_is_reached_its_copies_are_the_same(monkeypatch):
    ours = shared_numbers()
    for part, other in (("HOST", "pgbouncer.example"), ("PORT", "6432")):
        monkeypatch.setitem(connection.settings_dict, part, other)
        assert shared_numbers() is ours
