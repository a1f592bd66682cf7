"""What a process keeps of what it read, and for how long."""

import pytest

from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept, forget_everything
from tests.makers import make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept():
    """One value, made of products as they are now."""
    kept = Kept(most=2)
    kept.keep("a", "value", generations.numbers("products"))
    return kept


def test_is_found_while_nothing_is_written(kept):
    assert kept.get("a") == "value"
    assert kept.get("b") is None


def test_is_not_found_after_a_write(kept):
    make_product()

    assert kept.get("a") is None


def test_is_not_kept_without_numbers(kept):
    kept.keep("b", "of a transaction that is not committed", None)

    assert kept.get("b") is None


def test_is_asked_of_the_rows_when_no_copy_knows(kept):
    entry = kept._entries["a"]
    kept._entries["a"] = entry._replace(holds=lambda: False)
    assert kept.get("a") == "value"

    make_product()
    assert kept.get("a") is None


def test_the_oldest_makes_room(kept):
    for key in ("b", "c"):
        kept.keep(key, key, generations.numbers("products"))

    assert [kept.get(key) for key in "abc"] == [None, "b", "c"]


def test_is_forgotten_alone_or_with_everything(kept):
    kept.keep("b", "other", generations.numbers("products"))

    kept.forget("a")
    assert [kept.get(key) for key in "ab"] == [None, "other"]
    forget_everything()
    assert kept.get("b") is None
