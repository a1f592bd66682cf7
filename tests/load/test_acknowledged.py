"""The record of what was acknowledged: every overlap that it counts is one."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.load.acknowledged import Acknowledged, Interval

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def hours(start, end):
    """From so many hours after noon to so many."""
    return Interval(NOON + timedelta(hours=start), NOON + timedelta(hours=end))


@pytest.fixture
def acknowledged():
    """Booking 1 of chef 7, from noon to two."""
    record = Acknowledged()
    assert record.booked(1, 7, hours(0, 2)) is None
    return record


@pytest.mark.parametrize(
    "interval", [hours(0, 2), hours(-1, 1), hours(1, 3), hours(0.5, 1), hours(-1, 3)]
)
def test_overlap_is_a_double_booking(acknowledged, interval):
    assert acknowledged.booked(2, 7, interval) == 1
    assert acknowledged.double_count == 1


@pytest.mark.parametrize(
    ("chef", "interval"), [(7, hours(2, 4)), (7, hours(-2, 0)), (8, hours(0, 2))]
)
def test_neighbours_and_other_chefs_are_none(acknowledged, chef, interval):
    assert acknowledged.booked(2, chef, interval) is None
    assert (acknowledged.booked_count, acknowledged.double_count) == (2, 0)


def test_time_of_a_booking_that_is_let_go_may_be_sold_again(acknowledged):
    acknowledged.let_go(1)
    assert acknowledged.booked(2, 7, hours(0, 2)) is None
    assert acknowledged.booked(3, 7, hours(1, 3)) == 2


def test_same_booking_told_twice_is_one(acknowledged):
    assert acknowledged.booked(1, 7, hours(0, 2)) is None
    assert acknowledged.booked_count == 1


def test_booking_that_was_declined_before_its_customer_read_of_it_never_stood(acknowledged):
    acknowledged.let_go(2)
    assert acknowledged.booked(3, 7, hours(4, 6)) is None
    assert acknowledged.booked(2, 7, hours(4, 6)) is None
    assert acknowledged.double_count == 0


def test_counts_what_was_let_go_whoever_had_booked_it(acknowledged):
    acknowledged.let_go(1)
    acknowledged.let_go(99)
    assert acknowledged.let_go_count == 2
