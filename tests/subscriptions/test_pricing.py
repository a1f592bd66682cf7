"""One path from plans to amounts: what parts come to is what the whole costs, to the unit."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softfactory.kernel.money import Money
from subscriptions.pricing import Discount, LineKind, Term, price_of_change, price_of_period

START = datetime(2027, 3, 1, tzinfo=UTC)
END = datetime(2027, 4, 1, tzinfo=UTC)
VAT = 1000  # 10 percent
NOTHING = Money(0)

PRICES = st.integers(0, 10**9).map(Money)
SECONDS = st.integers(0, (END - START) // timedelta(seconds=1))
DISCOUNTS = st.none() | st.one_of(
    st.builds(Discount, st.just("SPRING"), percent=st.integers(1, 100)),
    st.builds(Discount, st.just("SPRING"), amount=st.integers(1, 10**6).map(Money)),
)


def term(price: int | Money, name="Small", discount=None, starts_at=START, ends_at=END) -> Term:
    amount = price if isinstance(price, Money) else Money(price)
    return Term(name, amount, starts_at, ends_at, discount)


def change(before, after, at, earlier=NOTHING):
    return price_of_change(before, after, at=at, earlier=earlier, tax_rate=VAT)


def test_a_period_costs_its_plans_price_with_the_tax_in_it():
    quote = price_of_period(term(11_000), tax_rate=VAT)
    assert quote.total == Money(11_000)
    assert quote.tax == Money(1_000)
    assert [line.kind for line in quote.lines] == [LineKind.PERIOD]


@pytest.mark.parametrize(
    ("discount", "total"),
    [
        (Discount("TEN", percent=10), 8_910),
        (Discount("ALL", percent=100), 0),
        (Discount("WON", amount=Money(900)), 9_000),
        (Discount("MUCH", amount=Money(20_000)), 0),
    ],
)
def test_a_coupon_takes_off_what_it_says_and_never_more_than_the_price(discount, total):
    quote = price_of_period(term(9_900, discount=discount), tax_rate=VAT)
    assert quote.total == Money(total)
    assert [line.kind for line in quote.lines] == [LineKind.PERIOD, LineKind.DISCOUNT]


def test_a_larger_plan_in_the_middle_costs_the_difference_for_the_rest():
    quote = change(term(10_000), term(30_000, "Large"), START + (END - START) / 2)
    assert quote.total == Money(10_000)
    assert [line.amount.amount for line in quote.lines] == [-5_000, 15_000]


def test_a_smaller_plan_in_the_middle_is_a_credit():
    quote = change(term(30_000), term(10_000), START + (END - START) / 2)
    assert quote.total == Money(-10_000)
    assert quote.tax == Money(-909)


def test_a_period_that_begins_with_the_change_is_charged_whole():
    at = START + (END - START) / 2
    year = term(100_000, "Yearly", starts_at=at, ends_at=at + timedelta(days=365))
    quote = change(term(10_000), year, at)
    assert quote.total == Money(95_000)
    assert [line.kind for line in quote.lines] == [LineKind.UNUSED, LineKind.PERIOD]


def test_a_discounted_period_is_credited_at_what_it_cost():
    half = Discount("HALF", percent=50)
    quote = change(term(10_000, discount=half), term(30_000, discount=half), START)
    assert quote.lines[0].amount == Money(-5_000)


@given(PRICES, DISCOUNTS, SECONDS)
def test_used_and_left_are_the_whole(price, discount, used):
    at = START + timedelta(seconds=used)
    whole = term(price, discount=discount)
    left = whole.left_at(at)
    assert NOTHING <= left <= whole.cost <= price
    assert whole.left_at(START) == whole.cost
    assert whole.left_at(END) == NOTHING


@given(PRICES, st.integers(0, 5000))
def test_tax_and_the_rest_are_the_total(price, rate):
    quote = price_of_period(term(price), tax_rate=rate)
    net = quote.total - quote.tax
    assert net + quote.tax == price
    assert NOTHING <= quote.tax <= price
    # The tax on the rest is the tax, to the unit.
    assert abs(quote.tax.amount - net.amount * rate / 10_000) <= 1


@given(st.lists(PRICES, min_size=2, max_size=6), DISCOUNTS, SECONDS)
def test_several_changes_on_one_day_come_to_their_net_result(prices, discount, second):
    at = START + timedelta(seconds=second)
    first, *others = (term(price, discount=discount) for price in prices)
    charged: list[Money] = []
    for after in others:
        earlier = reduce(add, charged, NOTHING)
        charged.append(change(first, after, at, earlier).total)
    assert reduce(add, charged) == change(first, others[-1], at).total


@given(PRICES, PRICES, SECONDS)
def test_there_and_back_on_one_day_costs_nothing(price, other, second):
    at = START + timedelta(seconds=second)
    there = change(term(price), term(other), at).total
    back = change(term(price), term(price), at, there).total
    assert there + back == NOTHING
