"""Money: exact, of one currency, and written as people write it."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from softfactory.kernel.money import DEFAULT_CURRENCY, EXPONENTS, Money

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


def test_the_default_is_won():
    assert Money(150_000) == Money(150_000, "KRW")
    assert DEFAULT_CURRENCY == "KRW"


@pytest.mark.parametrize("amount", [1.5, "1", True, None, Decimal(1)])
def test_an_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError):
        Money(amount)


@pytest.mark.parametrize("currency", ["XXX", "krw", "", None])
def test_a_currency_is_one_that_is_used(currency):
    with pytest.raises(ValueError, match="no currency"):
        Money(1, currency)


def test_arithmetic():
    assert Money(3) + Money(4) == Money(7)
    assert Money(3) - Money(4) == Money(-1)
    assert Money(3) * 4 == 4 * Money(3) == Money(12)
    assert -Money(3) == Money(-3)
    assert Money(3) < Money(4) <= Money(4) < Money(5)
    assert Money(5) > Money(4) >= Money(4)
    assert max(Money(3), Money(7), Money(5)) == Money(7)
    assert Money(1)
    assert not Money(0)


@pytest.mark.parametrize(
    "meet",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
    ],
)
def test_currencies_do_not_mix(meet):
    with pytest.raises(ValueError, match="do not mix"):
        meet(Money(1, "KRW"), Money(1, "USD"))


def test_equal_amounts_of_two_currencies_differ():
    assert Money(1, "KRW") != Money(1, "USD")
    assert len({Money(1, "KRW"), Money(1, "USD"), Money(1, "KRW")}) == 2


def test_a_fraction_can_not_come_of_it():
    with pytest.raises(TypeError):
        Money(3) * 1.5


@pytest.mark.parametrize(
    ("money", "major"),
    [
        (Money(150_000, "KRW"), "150000"),
        (Money(1250, "EUR"), "12.50"),
        (Money(-5, "USD"), "-0.05"),
        (Money(1, "KWD"), "0.001"),
    ],
)
def test_major_units(money, major):
    assert str(money.major) == major


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(150_000), "en", "₩150,000"),
        (Money(150_000), "ko", "₩150,000"),
        (Money(1250, "EUR"), "en", "€12.50"),
        (Money(1250, "USD"), "ko", "US$12.50"),
        (Money(-150_000), "en", "-₩150,000"),
        (Money(0), "en", "₩0"),
    ],
)
def test_as_people_write_it(money, language, text):
    assert money.format(language) == text
    with translation.override(language):
        assert str(money) == text


def test_as_json():
    assert Money(150_000).as_json() == {"amount": 150_000, "currency": "KRW"}


@pytest.mark.parametrize("currency", EXPONENTS)
def test_every_currency_can_be_written(currency):
    assert Money(123_456, currency).format("en")


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (100, [1, 2], [33, 67]),
        (5, [3, 0, 7], [2, 0, 3]),
        (1, [1, 1], [1, 0]),
        (0, [1, 2], [0, 0]),
        (7, [5], [7]),
    ],
)
def test_split(amount, weights, parts):
    assert Money(amount).split(weights) == [Money(part) for part in parts]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -1]])
def test_weights_that_are_none(weights):
    with pytest.raises(ValueError, match="Weights"):
        Money(1).split(weights)


@given(AMOUNTS, WEIGHTS)
def test_a_split_loses_nothing_and_is_fair_to_one_unit(amount, weights):
    parts = Money(amount).split(weights)

    assert sum(part.amount for part in parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = Decimal(amount) * weight / sum(weights)
        assert abs(part.amount - exact) < 1
        assert weight or not part


@given(AMOUNTS, WEIGHTS)
def test_a_split_of_a_debt_mirrors_that_of_a_credit(amount, weights):
    assert Money(-amount).split(weights) == [-part for part in Money(amount).split(weights)]
